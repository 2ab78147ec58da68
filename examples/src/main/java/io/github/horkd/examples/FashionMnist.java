package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.IdxImages;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.MixedResolution;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Retrieval;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Fashion-MNIST, 28×28 against 7×7: every way to train the same small student, over several seeds.
 * <pre>  mvn -q -f examples -Dexample=FashionMnist -Ddata=DIR -Dsetting=B</pre>
 * DIR holds the four IDX files (Debian: package dataset-fashion-mnist). The first 10,000 training images train, the 10,000 test images test. Setting A labels all of them; in
 * setting B the students get the labels of the first 2,000 only. {@code -Dseeds=3}, and {@code -Dout=DIR} for where figures and teachers are kept, are optional.
 * One run of a student takes about a minute on one core; the whole of a setting about an hour.
 */
public final class FashionMnist {

    private static final Schedule SCHEDULE = Schedule.epochs(8);
    private static final Augmentation FLIP = Augmentation.none().flip();
    private static final Backbone STUDENT = Backbone.residual(16, 64).withBlocks(32, 52);
    private static final Term FIRST = new Term("first", 4, CosineLoss.squaredDistance());

    private final PairedImages all;
    private final PairedImages train;
    private final PairedImages test;
    private final Network teacher;
    private final Network fewLabelsTeacher;
    private final KnowledgeStore store = KnowledgeStore.inMemory();
    private final Map<Embeddings, INDArray> galleries = new HashMap<>();

    private FashionMnist(Path data, boolean scarce, Path results) {
        Degradation quarter = Degradation.downscaleTo(7);
        all = IdxImages.open(
                        data.resolve("train-images-idx3-ubyte.gz"), data.resolve("train-labels-idx1-ubyte.gz"), quarter)
                .subset(IntStream.range(0, 10_000).toArray());
        test = IdxImages.open(
                data.resolve("t10k-images-idx3-ubyte.gz"), data.resolve("t10k-labels-idx1-ubyte.gz"), quarter);
        train = scarce ? all.withoutLabels(i -> i >= 2_000) : all;
        teacher = teacher("teacher", all, results);
        fewLabelsTeacher = scarce ? teacher("teacher-of-2000", train.labelled(), results) : null;
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        boolean scarce = !settings.setting().equals("A");
        Path results = settings.out().resolve(scarce ? "fashion-b" : "fashion-a");
        Files.createDirectories(results);
        FashionMnist experiment =
                new FashionMnist(settings.dataOrSay("the four IDX files of Fashion-MNIST"), scarce, results);
        Trials trials = new Trials(results.resolve("figures.csv"), "acc", "R@1", "TAR", "xR@1");
        experiment.run(trials, scarce, settings.seeds(3));
        System.out.println(trials.table().markdown());
    }

    private void run(Trials trials, boolean scarce, long[] seeds) throws Exception {
        trials.row(
                "teacher on HR",
                new long[] {0},
                s -> figures(Embeddings.by(teacher), Resolution.HIGH, Embeddings.by(teacher)));
        for (Interpolation how : Interpolation.values()) {
            trials.row(
                    "teacher on LR, enlarged " + how,
                    new long[] {0},
                    s -> figures(Embeddings.by(teacher).upsampled(how), Resolution.LOW, Embeddings.by(teacher)));
        }
        Term distance = new Term("distance", 25, DistanceLoss.rkdCompatible());
        Term angle = new Term("angle", 50, AngleLoss.rkdCompatible());
        HybridOrderLoss rkd = HybridOrderLoss.of(
                FIRST,
                new Term("distance", 10, DistanceLoss.rkdCompatible()),
                new Term("angle", 20, AngleLoss.rkdCompatible()));
        GuideLoss onHybrid = GuideLoss.onEmbeddings("teacher", rkd);
        GuideLoss onFirst = GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(FIRST));
        trials.row("labels only", seeds, s -> student(s));
        if (scarce) {
            trials.row(
                    "distance alone",
                    seeds,
                    s -> student(s, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(distance))));
            trials.row(
                    "angle alone",
                    seeds,
                    s -> student(s, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(angle))));
        }
        trials.row("first order", seeds, s -> student(s, onFirst));
        trials.row("soft logits", seeds, s -> student(s, GuideLoss.onLogits("teacher", 1, 4)));
        trials.row("hybrid (1 + 2 + 3)", seeds, s -> student(s, onHybrid));
        trials.row("hybrid + soft logits", seeds, s -> student(s, onHybrid.andLogits(1, 4)));
        trials.row(
                "our default loss + soft logits",
                seeds,
                s -> student(
                        s,
                        GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                .andLogits(1, 4)));
        if (scarce) {
            trials.row("two stages, HR assistant", seeds, s -> twoStages(s, rkd, Resolution.HIGH));
            trials.row("two stages, LR assistant", seeds, s -> twoStages(s, rkd, Resolution.LOW));
            trials.row(
                    "hybrid + soft logits, teacher saw the same 2,000",
                    seeds,
                    s -> figures(
                            Embeddings.by(train(s, fewLabelsTeacher, onHybrid.andLogits(1, 4))),
                            Resolution.LOW,
                            Embeddings.by(fewLabelsTeacher)));
        }
        trials.row("rival: student's size, HR and LR mixed", seeds, s -> mixed(STUDENT, s));
        trials.row("rival: teacher's size, HR and LR mixed", new long[] {seeds[0]}, s -> mixed(teacherBackbone(), s));
    }

    private static Backbone teacherBackbone() {
        return Backbone.residual(32, 64).withBlocks(64, 100, 160);
    }

    private static Network teacher(String name, PairedImages images, Path results) {
        Stage stage = Stage.onLabels(
                name,
                teacherBackbone(),
                Resolution.HIGH,
                TrainingOptions.of(SCHEDULE, 1000)
                        .withScaling(Scaling.PLUS_MINUS_ONE)
                        .withAugmentation(FLIP));
        return Stages.run(
                        List.of(stage),
                        Map.of(),
                        images,
                        Listeners.log(),
                        KnowledgeStore.inMemory(),
                        Checkpoints.in(results))
                .get(name);
    }

    private double[] student(long seed, GuideLoss... losses) {
        return figures(Embeddings.by(train(seed, teacher, losses)), Resolution.LOW, Embeddings.by(teacher));
    }

    /** Labels only trains on the labelled images for as many steps as the others train on all. */
    private Network train(long seed, Guide guide, GuideLoss... losses) {
        Schedule schedule = losses.length == 0 ? Schedule.steps(8 * (all.size() / SCHEDULE.batchSize())) : SCHEDULE;
        Stage stage = Stage.onLabels(
                        "student",
                        STUDENT,
                        Resolution.LOW,
                        TrainingOptions.of(schedule, seed)
                                .withScaling(Scaling.PLUS_MINUS_ONE)
                                .withAugmentation(FLIP))
                .withLosses(1, losses);
        return losses.length == 0
                ? Classifier.train(stage, train, Listeners.log())
                : Stages.run(
                                List.of(stage),
                                Map.of("teacher", guide),
                                train,
                                Listeners.log(),
                                store,
                                Checkpoints.none())
                        .get("student");
    }

    private double[] twoStages(long seed, HybridOrderLoss loss, Resolution assistantResolution) {
        Backbone assistant = assistantResolution == Resolution.HIGH
                ? Backbone.residual(16, 64).withBlocks(32, 56, 80)
                : Backbone.residual(32, 64).withBlocks(64, 112);
        Network student = Distillation.from(teacher)
                .assistant(assistant)
                .assistantResolution(assistantResolution)
                .student(STUDENT)
                .loss(loss)
                .softLogits(1, 4)
                .schedule(SCHEDULE)
                .scaling(Scaling.PLUS_MINUS_ONE)
                .augmentation(FLIP)
                .seed(seed)
                .knowledge(store)
                .build()
                .run(train)
                .student();
        return figures(Embeddings.by(student), Resolution.LOW, Embeddings.by(teacher));
    }

    /** One network for both resolutions, trained on labels alone; low resolution is enlarged for it, and it is its own gallery. */
    private double[] mixed(Backbone backbone, long seed) {
        Schedule schedule = Schedule.steps(8 * (all.size() / SCHEDULE.batchSize()));
        Stage stage = Stage.onLabels(
                "mixed",
                backbone,
                Resolution.HIGH,
                TrainingOptions.of(schedule, seed)
                        .withScaling(Scaling.PLUS_MINUS_ONE)
                        .withAugmentation(FLIP));
        Network network = Classifier.train(stage, new MixedResolution(train, Interpolation.BICUBIC), Listeners.log());
        return figures(Embeddings.by(network).upsampled(Interpolation.BICUBIC), Resolution.LOW, Embeddings.by(network));
    }

    /** acc: top-1. R@1: leave-one-out among 5,000. TAR at FAR 1e-2, all pairs of 650. xR@1: against the HR gallery of the training images. */
    private double[] figures(Embeddings probes, Resolution seen, Embeddings gallery) {
        int[] labels = Evaluation.labels(test);
        Guide.Output output = probes.outputs(test, seen);
        INDArray embeddings = output.embeddings();
        int[] first = IntStream.range(0, 5000).map(i -> labels[i]).toArray();
        int[] few = IntStream.range(0, 650).map(i -> labels[i]).toArray();
        return new double[] {
            100 * TopOne.of(output.logits().orElseThrow(), labels).rate(),
            100
                    * Retrieval.of(embeddings.get(NDArrayIndex.interval(0, 5000), NDArrayIndex.all()), first, 1)
                            .at(1),
            100
                    * Verification.allPairs(
                                    embeddings.get(NDArrayIndex.interval(0, 650), NDArrayIndex.all()),
                                    few,
                                    PairWeight.PER_PAIR)
                            .trueAcceptAt(1e-2),
            100
                    * Identification.of(
                                    embeddings,
                                    labels,
                                    galleries.computeIfAbsent(
                                            gallery.toMatch(probes.source()), g -> g.of(all, Resolution.HIGH)),
                                    Evaluation.labels(all))
                            .rank(1)
        };
    }
}
