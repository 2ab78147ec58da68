package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.AugmentedPool;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.TopOne;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Scaling;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The ORL faces of 40 people, 56×46 against 10×8 or 6×5: images 1 to 5 of each person train, 6 to 10 test.
 * <pre>  mvn -q -f examples -Dexample=Orl -Ddata=orl_faces.zip -Dsetting=small-1</pre>
 * {@code -Ddata} is the archive or a folder {@code s01/01.png … s40/10.png}. Settings: {@code large-5} (10×8, all five labelled), {@code small-5} (6×5, all five labelled; the default) and
 * {@code small-1} (6×5, only the first labelled for the students). The same people in training and test, 200 probes, no validation part: a demonstration, not a
 * confirmation. A setting takes about five minutes on one core.
 */
public final class Orl {

    private static final ImageShape SHARP = new ImageShape(1, 56, 46);
    private static final int COPIES = 16;
    private static final Schedule SCHEDULE = Schedule.steps(600);
    private static final Augmentation MOVES = Augmentation.none()
            .flip()
            .shift(3)
            .rotate(0.1)
            .scale(0.1)
            .contrast(0.2)
            .brightness(0.1);
    private static final Backbone STUDENT = Backbone.residual(16, 64).withBlocks(32, 52);

    private final PairedImages train;
    private final PairedImages pool;
    private final PairedImages test;
    private final Network teacher;
    private final KnowledgeStore store = KnowledgeStore.inMemory();

    private Orl(Path data, Degradation degradation, boolean oneShot, Path results) {
        PairedImages all = ImageFolder.open(data, SHARP, degradation);
        train = all.where(i -> number(all, i) <= 5);
        test = all.where(i -> number(all, i) > 5);
        PairedImages whole = new AugmentedPool(train, COPIES, MOVES, 5);
        Stage stage = Stage.onLabels(
                "teacher", Backbone.residual(24, 64).withBlocks(48, 72, 108), Resolution.HIGH, SCHEDULE, 1000);
        teacher = Stages.run(
                        List.of(stage),
                        Map.of(),
                        whole,
                        Listeners.log(),
                        KnowledgeStore.inMemory(),
                        Checkpoints.in(results))
                .get("teacher");
        pool = oneShot ? new AugmentedPool(train.withoutLabels(i -> number(train, i) > 1), COPIES, MOVES, 5) : whole;
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        String setting = settings.setting().isEmpty() ? "small-5" : settings.setting();
        if (!List.of("large-5", "small-5", "small-1").contains(setting)) {
            throw new IllegalArgumentException("setting: wanted large-5, small-5 or small-1, got " + setting);
        }
        Degradation degradation =
                setting.startsWith("large") ? Degradation.downscaleTo(10, 8) : Degradation.downscaleTo(6, 5);
        Path results = settings.out().resolve("orl-" + setting);
        Files.createDirectories(results);
        Trials trials = new Trials(results.resolve("figures.csv"), "rank-1", "acc", "TAR", "xrank-1");
        new Orl(
                        settings.dataOrSay("the ORL faces, one directory a person"),
                        degradation,
                        setting.endsWith("1"),
                        results)
                .run(trials, settings.seeds(3));
        System.out.println(trials.table().markdown());
    }

    private void run(Trials trials, long[] seeds) throws Exception {
        trials.row("teacher on HR", new long[] {0}, s -> figures(Embeddings.by(teacher), Resolution.HIGH));
        trials.row(
                "teacher on LR, enlarged (naive)",
                new long[] {0},
                s -> figures(Embeddings.by(teacher).upsampled(Interpolation.BICUBIC), Resolution.LOW));
        HybridOrderLoss first = HybridOrderLoss.of(new Term("first", 4, CosineLoss.squaredDistance()));
        HybridOrderLoss hybrid = HybridOrderLoss.of(
                new Term("first", 4, CosineLoss.squaredDistance()),
                new Term("distance", 10, DistanceLoss.rkdCompatible()),
                new Term("angle", 20, AngleLoss.rkdCompatible()));
        trials.row("labels only", seeds, s -> student(s));
        trials.row("first order", seeds, s -> student(s, GuideLoss.onEmbeddings("teacher", first)));
        trials.row("soft logits", seeds, s -> student(s, GuideLoss.onLogits("teacher", 1, 4)));
        trials.row(
                "hybrid + soft logits",
                seeds,
                s -> student(s, GuideLoss.onEmbeddings("teacher", hybrid).andLogits(1, 4)));
        trials.row(
                "our default loss + soft logits",
                seeds,
                s -> student(
                        s,
                        GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                .andLogits(1, 4)));
    }

    private double[] student(long seed, GuideLoss... losses) {
        Stage stage = Stage.onLabels(
                        "student",
                        STUDENT,
                        Resolution.LOW,
                        TrainingOptions.of(SCHEDULE, seed).withScaling(Scaling.STANDARDISED))
                .withLosses(1, losses);
        Network student = losses.length == 0
                ? Classifier.train(stage, pool, Listeners.log())
                : Stages.run(
                                List.of(stage),
                                Map.of("teacher", teacher),
                                pool,
                                Listeners.log(),
                                store,
                                Checkpoints.none())
                        .get("student");
        return figures(Embeddings.by(student), Resolution.LOW);
    }

    /** rank-1: against the training images in the probes' own resolution, xrank-1: against their HR views by the teacher. TAR at FAR 1e-2, all pairs. */
    private double[] figures(Embeddings probes, Resolution seen) {
        int[] labels = Evaluation.labels(test);
        int[] enrolled = Evaluation.labels(train);
        Guide.Output output = probes.outputs(test, seen);
        INDArray embeddings = output.embeddings();
        return new double[] {
            100
                    * Identification.of(embeddings, labels, probes.of(train, seen), enrolled)
                            .rank(1),
            100 * TopOne.of(output.logits().orElseThrow(), labels).rate(),
            100 * Verification.allPairs(embeddings, labels, PairWeight.PER_PAIR).trueAcceptAt(1e-2),
            100
                    * Identification.of(
                                    embeddings,
                                    labels,
                                    Embeddings.by(teacher)
                                            .toMatch(probes.source())
                                            .of(train, Resolution.HIGH),
                                    enrolled)
                            .rank(1)
        };
    }

    /** The number in a file name such as s07/03.png. */
    private static int number(PairedImages images, int index) {
        String name = images.name(index);
        return Integer.parseInt(name.substring(name.lastIndexOf('/') + 1, name.lastIndexOf('.')));
    }
}
