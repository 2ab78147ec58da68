package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An experiment in its directory. What is there already is gone on with: finished runs stay, one that was stopped goes on from its last checkpoint, and no epoch that was written is lost.
 * {@link Experiment#in} makes one.
 */
public final class ExperimentRun {

    private static final Logger LOG = LoggerFactory.getLogger(ExperimentRun.class);

    private final Experiment experiment;
    private final Path directory;
    private final TypeRegistry kinds;
    private final List<TrainingListener> listeners = new ArrayList<>(List.of(Listeners.log()));
    private final List<Consumer<Path>> watchers = new ArrayList<>();
    private final SeedUse use;
    private final OpenedSets sets;
    private final OpenedTeachers teachers = new OpenedTeachers();
    private final Map<String, Network> shared = new HashMap<>();
    private final Map<Object, Object> prepared = new HashMap<>();
    private final VariantJudge judge;
    private List<Variant> wanted;
    private ManifestFile manifest;
    private KnowledgeStore knowledge;
    private Path knowledgeFolder;

    ExperimentRun(Experiment experiment, Path directory, TypeRegistry kinds) {
        this.experiment = experiment;
        this.directory = directory;
        this.kinds = kinds;
        this.use = new SeedUse(experiment);
        this.sets = new OpenedSets(experiment);
        this.judge = new VariantJudge(experiment, teachers);
        this.wanted = experiment.variants();
        this.knowledgeFolder = directory.resolve(ManifestFile.KNOWLEDGE);
    }

    /**
     * Runs some of the variants, and leaves the others to a later call.
     *
     * @param names of those that are run
     * @return this
     * @throws IllegalArgumentException when there is no such variant
     */
    public ExperimentRun only(String... names) {
        wanted = experiment.withVariants(names).variants();
        return this;
    }

    /**
     * Keeps what teachers say elsewhere than in the directory of the run: experiments about the same pictures ask a teacher once for all of them.
     *
     * @param folder is made where it is not there
     * @return this
     */
    public ExperimentRun knowledgeIn(Path folder) {
        knowledgeFolder = folder;
        return this;
    }

    /**
     * Somebody else who is told what happens in trainings, besides the log and those of earlier calls.
     *
     * @param who is told
     * @return this
     */
    public ExperimentRun listen(TrainingListener who) {
        listeners.add(who);
        return this;
    }

    /**
     * Somebody who reads the directory while it grows, a report for instance: told after every epoch, every run and at the end.
     *
     * @param who is handed the directory
     * @return this
     */
    public ExperimentRun whenWritten(Consumer<Path> who) {
        watchers.add(who);
        return this;
    }

    /**
     * Runs every variant with every seed, or what is left of it. A teacher from outside is asked once about every picture, whoever learns from it or is judged by it.
     *
     * @return the directory as it is in the end
     * @throws IllegalArgumentException when the directory belongs to another experiment, its data or files have changed, or something does not fit together
     * @throws java.io.UncheckedIOException when something cannot be read or written
     */
    public RunDirectory run() {
        manifest = new ManifestFile(directory, experiment, kinds, sets);
        try (RunLock lock = RunLock.of(directory)) {
            manifest.begin(lock);
            runAll();
            collect();
            manifest.write(RunState.FINISHED, "");
        } catch (RuntimeException | Error e) {
            manifest.failed(e);
            tellOfFailure(e);
            throw e;
        } finally {
            close();
        }
        written();
        return RunDirectory.read(directory);
    }

    /**
     * A set of images as the runs of a seed see it.
     *
     * @param set  its name
     * @param seed of the run
     * @return the images
     */
    public PairedImages images(String set, long seed) {
        return sets.of(seed).apply(set);
    }

    private void runAll() {
        knowledge = KnowledgeStore.inFolder(knowledgeFolder);
        teachers.open(experiment, knowledge, told());
        for (long seed : experiment.seeds()) {
            sets.open(seed, manifest.dataBefore());
            if (experiment.data().keySet().stream().anyMatch(use::set)) {
                judge.forget();
            }
            for (Variant variant : wanted) {
                run(variant, seed);
            }
        }
    }

    private void run(Variant variant, long seed) {
        RunFiles files = files(variant.name(), use.variant(variant), seed, variant.name());
        if (files.finished()) {
            return;
        }
        LOG.info("{}, seed {}", variant.name(), seed);
        files.begin();
        Function<String, PairedImages> images = sets.of(seed);
        Map<String, KnowledgeSource> known = teachers.asked();
        for (Training network : needed(variant)) {
            known.put(network.name(), shared(network, seed, known));
        }
        train(variant.trainings(), seed, images, known, files);
        judge.judge(variant, seed, images, known, files);
        collect();
    }

    /** The shared networks that a variant asks, and those that these ask. */
    private List<Training> needed(Variant variant) {
        List<String> wanted = new ArrayList<>(List.of(variant.probed()));
        wanted.add(judge.gallery(variant));
        variant.trainings().forEach(training -> training.losses().forEach(loss -> wanted.add(loss.guide())));
        List<Training> needed = new ArrayList<>();
        for (int i = experiment.networks().size() - 1; i >= 0; i--) {
            Training network = experiment.networks().get(i);
            if (wanted.contains(network.name())) {
                needed.add(0, network);
                network.losses().forEach(loss -> wanted.add(loss.guide()));
            }
        }
        return needed;
    }

    private Network shared(Training network, long seed, Map<String, KnowledgeSource> known) {
        boolean varies = use.network(network.name(), List.of());
        String key = network.name() + (varies ? "/" + seed : "");
        Network trained = shared.get(key);
        if (trained == null) {
            RunFiles files = files(RunResult.SHARED, varies, seed, network.name());
            files.begin();
            Map<String, KnowledgeSource> with = new LinkedHashMap<>(known);
            train(List.of(network), seed, sets.of(seed), with, files);
            files.write(RunState.FINISHED, Map.of());
            trained = (Network) with.get(network.name());
            shared.put(key, trained);
        }
        return trained;
    }

    private void train(
            List<Training> trainings,
            long seed,
            Function<String, PairedImages> images,
            Map<String, KnowledgeSource> known,
            RunFiles files) {
        new TrainingSequence(seed, images, told(files), knowledge, Checkpoints.in(files.directory), prepared)
                .run(trainings, known);
    }

    private TrainingListener told(TrainingListener... besides) {
        return Listeners.all(
                Stream.concat(listeners.stream(), Stream.of(besides)).toArray(TrainingListener[]::new));
    }

    private RunFiles files(String variant, boolean varies, long seed, String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        String kind = variant.equals(RunResult.SHARED) ? "shared-" : "";
        Path own = manifest.runFolder(kind + plain + (varies ? "-" + seed : ""), variant);
        return new RunFiles(own, variant, seed, this::written);
    }

    private void collect() {
        new RunTables(RunDirectory.read(directory)).write();
        written();
    }

    private void written() {
        manifest.touch();
        watchers.forEach(watcher -> watcher.accept(directory));
    }

    /** A report says that it has ended, and by what; what goes wrong with it then is beside the point. */
    private void tellOfFailure(Throwable problem) {
        try {
            watchers.forEach(watcher -> watcher.accept(directory));
        } catch (RuntimeException e) {
            problem.addSuppressed(e);
        }
    }

    private void close() {
        if (knowledge != null) {
            knowledge.close();
        }
        teachers.close();
    }
}
