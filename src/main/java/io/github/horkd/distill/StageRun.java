package io.github.horkd.distill;

import io.github.horkd.data.BatchLoader;
import io.github.horkd.data.Batches;
import io.github.horkd.data.PairedBatch;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Split;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The one loop: runs one stage, whatever it is made of. */
final class StageRun {

    private final Stage stage;
    private final Map<String, KnowledgeSource> guides;
    private final TrainingListener listener;
    private final PairedImages images;
    private final Optional<HeldOut> heldOut;
    private final KnowledgeStore store;
    private final StageFiles files;
    private final String fingerprint;
    private final Batches plan;

    StageRun(
            Stage stage,
            Map<String, KnowledgeSource> guides,
            PairedImages all,
            TrainingListener listener,
            KnowledgeStore store,
            Optional<Path> directory) {
        this.stage = stage;
        this.guides = guides;
        this.listener = listener;
        this.store = store;
        this.fingerprint = StageFingerprint.of(stage, guides, all);
        this.files = new StageFiles(directory, stage.name(), fingerprint);
        if (stage.earlyStopping().isPresent()) {
            Split split = all.split(1 - stage.earlyStopping().get().heldOut(), stage.seed());
            this.images = split.train();
            this.heldOut = Optional.of(HeldOut.of(split.test(), stage));
        } else {
            this.images = all;
            this.heldOut = Optional.empty();
        }
        if (images.size() < stage.schedule().batchSize()) {
            throw new IllegalArgumentException("stage " + stage.name() + ": wanted at least one batch of "
                    + stage.schedule().batchSize() + " pairs, got " + images.size() + "; lower batchSize");
        }
        this.plan = stage.sampling().over(images, stage.schedule().batchSize(), stage.seed());
    }

    Network run() {
        Optional<Network> finished = files.finished();
        if (finished.isPresent()) {
            listener.on(new TrainingEvent.StageSkipped(stage.name(), finished.get()));
            return finished.get();
        }
        long began = System.nanoTime();
        Network learner = learner();
        List<LossHead> heads = LossHeads.of(stage, learner, guides, images);
        int stepsPerEpoch = plan.count();
        Schedule schedule = stage.schedule();
        int steps = schedule.steps() > 0 ? schedule.steps() : Math.multiplyExact(schedule.epochs(), stepsPerEpoch);
        int epochs = (steps + stepsPerEpoch - 1) / stepsPerEpoch;
        listener.on(new TrainingEvent.StageStarted(stage.name(), learner, images.size(), epochs, steps));
        Progress progress = new Progress(
                stage, new TrainingGraph(learner, heads, schedule, steps, stage.seed()), steps, epochs, fingerprint);
        files.interrupted().ifPresent(from -> {
            progress.resume(from);
            listener.on(new TrainingEvent.StageResumed(stage.name(), from.epoch() + 1));
        });
        heads.forEach(head -> head.loss().reset());
        if (progress.step() < steps) {
            HeadTargets training = lookup(heads, images);
            HeadTargets held = heldOut.map(h -> lookup(heads, h.images())).orElse(null);
            while (progress.step() < steps && !outOfPatience(progress)) {
                epoch(progress, training, held);
                files.keep(progress);
            }
        }
        Network trained = progress.best();
        files.keep(trained);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        listener.on(new TrainingEvent.StageFinished(stage.name(), trained, progress.bestEpoch(), took));
        return trained;
    }

    private Network learner() {
        if (stage.learner() instanceof Learner.Existing existing) {
            Network network = existing.network();
            if (!network.input().shape().equals(images.shape(stage.resolution()))) {
                throw new IllegalArgumentException("stage " + stage.name() + ": the existing network takes images of "
                        + network.input().shape() + ", the " + stage.resolution() + " view has "
                        + images.shape(stage.resolution()));
            }
            if (stage.labelWeight() > 0
                    && network.classes().size() != images.classes().size()) {
                throw new IllegalArgumentException("stage " + stage.name() + ": the existing network tells "
                        + network.classes().size() + " classes apart, the images have "
                        + images.classes().size());
            }
            return network;
        }
        Learner.New created = (Learner.New) stage.learner();
        return Network.create(
                created.backbone(),
                created.head(),
                new Input(images.shape(stage.resolution()), stage.scaling()),
                images.classes(),
                stage.seed());
    }

    private HeadTargets lookup(List<LossHead> heads, PairedImages from) {
        Map<String, Knowledge> knowledge = new LinkedHashMap<>();
        KnownPoses poses =
                stage.augmentation().mirrors() && from == images ? KnownPoses.withMirror() : KnownPoses.asIs();
        for (GuideLoss guideLoss : stage.losses()) {
            int views = Math.multiplyExact(from.size(), poses.count());
            knowledge.put(
                    guideLoss.guide(),
                    store.of(
                            guides.get(guideLoss.guide()),
                            from,
                            guideLoss.resolution(),
                            poses,
                            seen -> listener.on(new TrainingEvent.KnowledgeGathered(
                                    stage.name(), guideLoss.guide(), seen, views))));
        }
        return new HeadTargets(heads, from.classes().size(), knowledge);
    }

    private void epoch(Progress progress, HeadTargets training, HeadTargets held) {
        int number = progress.epoch() + 1;
        // Dropout draws from ND4J's global generator; seeded here, an epoch is the same whether or not the run was
        // interrupted before it.
        Nd4j.getRandom().setSeed(stage.seed() * 31 + number);
        int batches = Math.min(plan.count(), progress.steps - progress.step());
        long began = System.nanoTime();
        double sum = 0;
        try (BatchLoader loader = BatchLoader.of(
                images,
                plan,
                progress.epoch(),
                stage.augmentation(),
                BatchLoader.Options.defaults().views(stage.resolution()))) {
            for (int i = 0; i < batches; i++) {
                PairedBatch batch = loader.next();
                double loss = progress.graph.step(pixels(batch), training.wanted(batch));
                progress.stepped(loss);
                sum += loss;
                listener.on(
                        new TrainingEvent.StepFinished(stage.name(), number, progress.step(), progress.steps, loss));
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        double loss = sum / batches;
        List<TermValue> terms = progress.graph.drainTerms();
        OptionalDouble heldLoss = heldOut.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(heldOut.get().loss(progress.graph, stage, scalingOfLearner(), held));
        progress.epochDone(heldLoss);
        double left = seconds / batches * (progress.steps - progress.step());
        double rate = stage.schedule().learningRate()
                * stage.schedule().curve().at((double) progress.step() / progress.steps);
        var event = new TrainingEvent.EpochFinished(
                stage.name(),
                number,
                progress.epochs,
                loss,
                terms,
                heldLoss,
                rate,
                batches * (double) stage.schedule().batchSize() / seconds,
                Duration.ofMillis((long) (left * 1000)));
        listener.on(event);
    }

    private INDArray pixels(PairedBatch batch) {
        INDArray view = stage.resolution() == Resolution.HIGH ? batch.high() : batch.low();
        if (!Double.isFinite(view.sumNumber().doubleValue())) {
            for (int i = 0; i < batch.indices().length; i++) {
                if (!Double.isFinite(view.slice(i).sumNumber().doubleValue())) {
                    throw new IllegalArgumentException(images.name(batch.indices()[i]) + ": its " + stage.resolution()
                            + " view has pixels that are not finite; intensities are 0…1");
                }
            }
        }
        return scalingOfLearner().apply(view);
    }

    private Scaling scalingOfLearner() {
        return stage.learner() instanceof Learner.Existing existing
                ? existing.network().input().scaling()
                : stage.scaling();
    }

    private boolean outOfPatience(Progress progress) {
        return stage.earlyStopping().isPresent()
                && progress.epoch() - progress.bestEpoch()
                        >= stage.earlyStopping().get().patience();
    }
}
