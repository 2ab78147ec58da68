package io.github.horkd.experiment;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The manifest of a run directory, and the folders beside it. */
final class ManifestFile {

    static final String KNOWLEDGE = "knowledge";

    private final Path directory;
    private final Experiment experiment;
    private final TypeRegistry kinds;
    private final OpenedSets sets;
    private final Map<String, String> folders = new HashMap<>();
    private final long began = System.nanoTime();
    private final Map<String, String> machine = Surroundings.machine();
    private final Map<String, String> versions = Surroundings.versions();
    private final Map<String, String> revision = Surroundings.revision(Path.of(""));
    private final Map<String, String> files;
    private String started = now();
    private double secondsBefore;
    private List<Manifest.DataSet> dataBefore = List.of();
    private RunState state = RunState.PLANNED;
    private boolean ours;

    ManifestFile(Path directory, Experiment experiment, TypeRegistry kinds, OpenedSets sets) {
        this.directory = directory;
        this.experiment = experiment;
        this.kinds = kinds;
        this.sets = sets;
        this.files = NamedFiles.of(experiment);
    }

    /** Checks that the directory is this experiment's, or makes it so. Only the holder of its lock may. */
    void begin(RunLock lock) {
        if (lock == null) {
            throw new IllegalStateException("manifest: wanted the lock of the directory, got none");
        }
        Path file = directory.resolve(RunDirectory.MANIFEST);
        if (Files.exists(file)) {
            Manifest before = RunDirectory.read(Manifest.class, file);
            if (!before.fingerprint().equals(experiment.fingerprint(kinds))
                    && !BeforeManifest.isGrown(directory, before.fingerprint(), experiment, kinds)) {
                throw new IllegalArgumentException(
                        directory + ": holds runs of another experiment (" + before.name()
                                + ", or one of that name with other data, measures, or changed or fewer networks and variants); remove it, or give this one a directory of its own");
            }
            NamedFiles.requireSame(before.files(), files);
            BeforeManifest.warnOfChanges(directory, before.versions(), versions);
            BeforeManifest.warnOfChanges(directory, before.machine(), machine);
            started = before.started();
            secondsBefore = before.seconds();
            dataBefore = before.data();
        } else {
            BeforeManifest.look(directory);
        }
        ours = true;
        experiment.save(directory.resolve(RunDirectory.EXPERIMENT), kinds);
        try {
            experiment.save(directory.resolve("experiment.yaml"), kinds);
        } catch (IllegalStateException e) {
            state = RunState.RUNNING; // Without a library for YAML there is the JSON.
        }
        write(RunState.RUNNING, "");
    }

    /** What the directory said of its data when it was opened. */
    List<Manifest.DataSet> dataBefore() {
        return dataBefore;
    }

    void touch() {
        write(state, "");
    }

    void failed(Throwable problem) {
        if (ours) {
            write(RunState.FAILED, String.valueOf(problem.getMessage()));
        }
    }

    void write(RunState now, String problem) {
        state = now;
        List<Manifest.DataSet> data = new ArrayList<>(sets.described());
        dataBefore.stream()
                .filter(before -> data.stream()
                        .noneMatch(each -> each.name().equals(before.name())
                                && (each.seed() == before.seed()
                                        || each.fingerprint().equals(before.fingerprint()))))
                .forEach(data::add);
        List<String> order = List.copyOf(experiment.data().keySet());
        data.sort(Comparator.<Manifest.DataSet>comparingInt(set -> order.indexOf(set.name()))
                .thenComparingLong(Manifest.DataSet::seed));
        RunDirectory.write(
                directory.resolve(RunDirectory.MANIFEST),
                "the manifest",
                new Manifest(
                        experiment.name(),
                        experiment.about(),
                        now,
                        problem,
                        experiment.fingerprint(kinds),
                        started,
                        now(),
                        secondsBefore + (System.nanoTime() - began) / 1e9,
                        experiment.seeds(),
                        experiment.variants().stream().map(Variant::name).toList(),
                        experiment.variants().stream()
                                .filter(Variant::naive)
                                .map(Variant::name)
                                .toList(),
                        experiment.evaluation().columns(),
                        versions,
                        machine,
                        revision,
                        data,
                        files));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Two variants whose names differ in signs alone must not share a folder. */
    Path runFolder(String name, String variant) {
        String owner = folders.putIfAbsent(name, variant);
        if (owner != null && !owner.equals(variant)) {
            throw new IllegalArgumentException("variants '" + owner + "' and '" + variant
                    + "': their names differ in signs and capitals alone, which folders do not tell apart; rename one");
        }
        return made(directory.resolve(RunDirectory.RUNS).resolve(name));
    }

    private static Path made(Path folder) {
        try {
            WholeFile.makeDirectory(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": could not be made (" + e + ")", e);
        }
    }
}
