package io.github.horkd.distill;

import io.github.horkd.data.BatchLoader;
import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Network;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one loop: runs one stage, whatever it is made of. */
final class StageRun {

    private static final Logger LOG = LoggerFactory.getLogger(StageRun.class);

    /** The part of an epoch that a learner may wait for pictures before it is said. */
    private static final double WORTH_SAYING = 0.05;

    /** How long it may wait in an epoch at least: on a busy machine any short one waits for some milliseconds. */
    private static final Duration WORTH_MENDING = Duration.ofSeconds(2);

    private final Stage asTold;
    /** What is recommended spelt out, as far as it is known before guides are asked. */
    private final Stage stage;

    private final TrainingOptions options;
    private final Map<String, KnowledgeSource> guides;
    private final TrainingListener listener;
    private final StageImages parts;
    private final PairedImages images;
    private final KnowledgeStore store;
    private final StageKnowledge knowledge;
    private final StageFiles files;
    private final Duration interval;
    private final String fingerprint;
    private final StageBatches batches;

    StageRun(
            Stage stage,
            Map<String, KnowledgeSource> known,
            PairedImages all,
            TrainingListener listener,
            KnowledgeStore store,
            RunSpaces spaces,
            Checkpoints checkpoints) {
        this.asTold = stage;
        this.stage = stage.resolved(guide -> false);
        this.options = stage.options();
        this.guides = MapHeads.withMaps(stage, known);
        this.listener = listener;
        this.knowledge = new StageKnowledge(this.stage, guides, store, spaces, listener);
        this.fingerprint = StageFingerprint.of(stage, guides, all);
        this.files = new StageFiles(checkpoints.directory(), stage.name(), fingerprint);
        this.interval = checkpoints.interval();
        this.parts = StageImages.of(all, this.stage);
        this.images = parts.training();
        this.store = store;
        this.batches = new StageBatches(this.stage, parts);
    }

    Network run() {
        Network learner = LearnerNetwork.of(stage, guides, images);
        Optional<Network> finished = files.finished(learner);
        if (finished.isPresent()) {
            listener.on(new TrainingEvent.StageSkipped(stage.name(), finished.get()));
            return finished.get();
        }
        long began = System.nanoTime();
        List<LossHead> heads = LossHeads.of(stage, learner, guides, images, listener);
        int stepsPerEpoch = batches.perEpoch();
        int steps = options.schedule().stepsOver(stepsPerEpoch);
        int epochs = (steps + stepsPerEpoch - 1) / stepsPerEpoch;
        listener.on(new TrainingEvent.StageStarted(
                stage.name(),
                learner,
                images.size(),
                epochs,
                steps,
                options.schedule().batchSize()));
        Optional<Checkpoint> interrupted =
                files.interrupted(new Checkpoint.Shape(fingerprint, epochs, steps, stepsPerEpoch));
        Map<String, GuideKnowledge> known = knowledge.ofTraining(parts, batches.poses());
        Map<String, GuideKnowledge> knownHeld = parts.pairs()
                .map(h -> knowledge.ofHeldOut(parts, batches.poses()))
                .orElse(Map.of());
        PairedImages heldImages = parts.pairs().map(HeldOut::images).orElse(null);
        Stage resolved = asTold.resolved(guide -> knowledge.inFittedSpace(guide, known));
        List<LossHead> banked = (resolved.equals(stage)
                        ? heads
                        : LossHeads.of(resolved, learner, guides, images, e -> {}))
                .stream()
                        .map(head -> knowledge.handed(head, known, images, knownHeld, heldImages))
                        .toList();
        double[] trust = banked.stream()
                .mapToDouble(head -> head.source() == LossHead.Source.LABELS
                        ? 1
                        : known.get(head.guide()).trust())
                .toArray();
        TrainingGraph graph = new TrainingGraph(learner, banked, trust, options.schedule(), steps, options.seed());
        Progress progress = new Progress(
                resolved, graph, steps, epochs, fingerprint, knowledge.spaceOfLearner(learner.embeddingWidth(), known));
        banked.forEach(head -> head.loss().reset());
        interrupted.ifPresent(from -> {
            files.takeUp(from, progress);
            listener.on(new TrainingEvent.StageResumed(stage.name(), progress.epoch() + 1));
        });
        HeadTargets training = new HeadTargets(banked, learner.classes().size(), known);
        HeadTargets held = parts.pairs()
                .map(h -> new HeadTargets(banked, learner.classes().size(), knownHeld))
                .orElse(null);
        listener.on(new TrainingEvent.GraphBuilt(stage.name(), graph.graph()));
        Optional<ValidationLook> look = parts.people()
                .map(people -> new ValidationLook(stage, people, guides, learner.embeddingWidth(), store));
        if (interrupted.isEmpty()) {
            look.ifPresent(each -> look(each, progress));
        }
        while (progress.step() < steps && !outOfPatience(progress)) {
            epoch(progress, training, held);
            look.filter(each -> progress.epoch() % options.validation().every() == 0 || progress.step() == steps)
                    .ifPresent(each -> look(each, progress));
            files.keep(progress.checkpoint());
        }
        Network trained = progress.best();
        files.keep(trained);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        listener.on(new TrainingEvent.StageFinished(stage.name(), trained, progress.bestEpoch(), took));
        return trained;
    }

    private void epoch(Progress progress, HeadTargets training, HeadTargets held) {
        int number = progress.epoch() + 1;
        int first = progress.batch();
        int end = Math.min(batches.perEpoch(), progress.steps - progress.step() + first);
        long began = System.nanoTime();
        long kept = began;
        Duration waited;
        try (BatchLoader loader = batches.from(progress.epoch(), first)) {
            for (int i = first; i < end; i++) {
                // Dropout draws from ND4J's global generator; seeded here, a step is the same whether or not the run
                // was interrupted before it.
                Nd4j.getRandom().setSeed(options.seed() * 31 + progress.step());
                PairedBatch batch = loader.next();
                // The first step of an epoch, and the last of all: often enough to see that a learner has collapsed.
                boolean inspected = i == 0 && number > 1 || progress.step() + 1 == progress.steps;
                double loss =
                        progress.graph.step(batches.pixels(batch), training.of(batch), progress.share(), inspected);
                progress.stepped(loss);
                listener.on(
                        new TrainingEvent.StepFinished(stage.name(), number, progress.step(), progress.steps, loss));
                if (i + 1 < end && System.nanoTime() - kept > interval.toNanos()) {
                    files.keep(progress.checkpoint());
                    kept = System.nanoTime();
                }
            }
            waited = loader.waited();
        }
        if (waited.compareTo(WORTH_MENDING) > 0 && waited.toNanos() > WORTH_SAYING * (System.nanoTime() - began)) {
            LOG.warn(
                    "{}: training waited {} % of epoch {} for pictures to be read; make their views once (RenderedLowViews, TransferSet), or lessen what is done to them",
                    stage.name(), Math.round(100.0 * waited.toNanos() / (System.nanoTime() - began)), number);
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double meanLoss = progress.epochLoss() / end;
        List<TermValue> terms = progress.graph.drainTerms();
        OptionalDouble heldLoss = parts.pairs().isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        parts.pairs().get().loss(progress.graph, stage.resolution(), batches.scaling(), held));
        progress.epochDone();
        heldLoss.ifPresent(progress::judge);
        double left = seconds / (end - first) * (progress.steps - progress.step());
        Schedule schedule = options.schedule();
        listener.on(new TrainingEvent.EpochFinished(
                stage.name(),
                number,
                progress.epochs,
                meanLoss,
                terms,
                heldLoss,
                schedule.learningRate() * schedule.curve().at(progress.share()),
                (end - first) * (double) schedule.batchSize() / seconds,
                Duration.ofMillis((long) (left * 1000))));
    }

    private void look(ValidationLook look, Progress progress) {
        ValidationLook.Figures now = look.of(progress.soFar());
        ValidationLook.Figures naive = look.naive();
        Validation.Follow follow = options.validation().follow();
        boolean best = follow != Validation.Follow.NOTHING
                && progress.epoch() > 0
                && progress.judge(-(follow == Validation.Follow.AUC ? now.auc() : now.rankOne()));
        listener.on(new TrainingEvent.Validated(
                stage.name(),
                progress.epoch(),
                look.matching(),
                now.rankOne(),
                now.auc(),
                naive.rankOne(),
                naive.auc(),
                best));
    }

    /** An epoch before the learning rate has come down says little about the one that the whole schedule leads to. */
    private boolean outOfPatience(Progress progress) {
        int patience = options.earlyStopping().active()
                ? options.earlyStopping().patience()
                : options.validation().patience() * options.validation().every();
        return patience > 0
                && options.schedule().curve().annealed(progress.share())
                && progress.epoch() - progress.bestEpoch() >= patience;
    }
}
