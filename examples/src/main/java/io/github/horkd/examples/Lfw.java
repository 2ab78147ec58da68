package io.github.horkd.examples;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.MixedResolution;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.distill.Checkpoints;
import io.github.horkd.distill.Classifier;
import io.github.horkd.distill.Distillation;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.Stages;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.Evaluation;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.IdentityMeans;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.loss.AngleLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.UnitEmbeddings;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labeled Faces in the Wild, 64×64 against 16×16: verification and identification of people never seen in training.
 * <pre>  mvn -q -f examples -Dexample=Lfw -Ddata=DIR</pre>
 * DIR holds {@code lfw64.zip} (or a folder of that name, {@code Name/Name_0001.png}) and the protocol files {@code peopleDevTrain.txt, peopleDevTest.txt,
 * pairsDevTrain.txt, pairsDevTest.txt}. Training uses people of DevTrain only: 298 of them labelled, the others without label. {@code -Dseeds=3}, {@code -Dsetting=1} (how many different
 * teachers the seeds are dealt out over) and {@code -Dout=DIR} are optional. A teacher takes about ten minutes on one core, a student one to two.
 */
public final class Lfw {

    private static final int LABELLED_FROM = 5;
    private static final Backbone STUDENT = Backbone.residual(20, 128).withBlocks(36, 64);
    private static final Backbone ASSISTANT = Backbone.residual(16, 128).withBlocks(32, 56, 96);
    private static final Backbone TEACHER =
            Backbone.residual(32, 128).withBlocks(64, 96, 160).withDropout(0.2);
    private static final Term FIRST = new Term("first", 4, CosineLoss.squaredDistance());
    private static final Term DISTANCE = new Term("distance", 10, new UnitEmbeddings(DistanceLoss.rkdCompatible()));
    private static final Term ANGLE = new Term("angle", 20, new UnitEmbeddings(AngleLoss.rkdCompatible()));

    private final PairedImages all;
    private final PairedImages train;
    private final PairedImages test;
    private final PairedImages heldOut;
    private final ImagePairs thresholdPairs;
    private final ImagePairs testPairs;
    private final int teacherSeed;
    private final Network teacher;
    private final INDArray gallery;
    private final KnowledgeStore store = KnowledgeStore.inMemory();

    private Lfw(Path data, int teacherSeed, Path results) {
        all = ImageFolder.open(data.resolve("lfw64.zip"), 64, Degradation.downscaleTo(16));
        Set<String> people = PeopleList.read(data.resolve("peopleDevTrain.txt")).names();
        Set<String> others = PeopleList.read(data.resolve("peopleDevTest.txt")).names();
        int[] count = new int[all.classes().size()];
        int[] last = new int[all.classes().size()];
        IntStream.range(0, all.size()).forEach(i -> count[all.label(i)]++);
        IntStream.range(0, all.size()).forEach(i -> last[all.label(i)] = i);
        java.util.function.IntPredicate development =
                i -> people.contains(all.classes().get(all.label(i)));
        java.util.function.IntPredicate held = i -> count[all.label(i)] >= LABELLED_FROM && last[all.label(i)] == i;
        int[] learned = IntStream.range(0, all.size())
                .filter(development)
                .filter(i -> !held.test(i))
                .toArray();
        train = all.subset(learned)
                .withoutLabels(i -> count[all.label(learned[i])] < LABELLED_FROM)
                .withoutUnusedClasses();
        heldOut = all.where(i -> development.test(i) && held.test(i));
        test = all.where(i -> others.contains(all.classes().get(all.label(i))));
        thresholdPairs = PairList.read(data.resolve("pairsDevTrain.txt")).in(all);
        testPairs = PairList.read(data.resolve("pairsDevTest.txt")).in(all);
        this.teacherSeed = teacherSeed;
        Stage stage = teacherStage("teacher-" + teacherSeed, TEACHER);
        teacher = Stages.run(
                        List.of(stage),
                        Map.of(),
                        train.labelled(),
                        Listeners.log(),
                        KnowledgeStore.inMemory(),
                        Checkpoints.in(results))
                .get(stage.name());
        gallery = Embeddings.by(teacher).withMirror().of(all, Resolution.HIGH);
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        if (settings.teacher().isPresent()) {
            LfwPublicTeacher.run(settings);
            return;
        }
        Path results = settings.out().resolve("lfw");
        Files.createDirectories(results);
        Trials trials = new Trials(
                results.resolve("figures.csv"),
                "acc",
                "AUC",
                "TAR",
                "all-pairs TAR",
                "open rank-1",
                "x acc",
                "x AUC",
                "x TAR",
                "x all-pairs TAR",
                "x open rank-1",
                "x closed rank-1");
        long[] seeds = settings.seeds(3);
        int teachers = settings.setting().isEmpty() ? 1 : Integer.parseInt(settings.setting());
        for (int t = 0; t < teachers; t++) {
            // Seeds are dealt out over the teachers, so that their difference is in the spread.
            int number = t;
            new Lfw(settings.dataOrSay("lfw64.zip and the protocol files"), 1000 + t, results)
                    .run(
                            trials,
                            IntStream.range(0, seeds.length)
                                    .filter(i -> i % teachers == number)
                                    .mapToLong(i -> seeds[i])
                                    .toArray());
        }
        System.out.println(trials.table().markdown());
    }

    private void run(Trials trials, long[] seeds) throws Exception {
        trials.row("teacher on HR", new long[] {teacherSeed}, s -> figures(gallery, gallery));
        trials.row(
                "teacher on LR, enlarged (naive)",
                new long[] {teacherSeed},
                s -> figures(
                        Embeddings.by(teacher)
                                .withMirror()
                                .upsampled(Interpolation.BILINEAR)
                                .of(all, Resolution.LOW),
                        gallery));
        HybridOrderLoss hybrid = HybridOrderLoss.of(FIRST, DISTANCE, ANGLE);
        trials.row("labels only", seeds, s -> student(s, 1));
        trials.row(
                "first order, no labels",
                seeds,
                s -> student(
                        s,
                        0,
                        GuideLoss.onEmbeddings(
                                "teacher", HybridOrderLoss.of(new Term("first", 1, CosineLoss.squaredDistance())))));
        trials.row(
                "hybrid + soft logits",
                seeds,
                s -> student(s, 1, GuideLoss.onEmbeddings("teacher", hybrid).andLogits(1, 2)));
        trials.row("hybrid (1 + 2 + 3)", seeds, s -> student(s, 1, GuideLoss.onEmbeddings("teacher", hybrid)));
        trials.row(
                "distance + angle, no labels",
                seeds,
                s -> student(s, 0, GuideLoss.onEmbeddings("teacher", HybridOrderLoss.of(DISTANCE, ANGLE))));
        trials.row("soft logits", seeds, s -> student(s, 1, GuideLoss.onLogits("teacher", 1, 2)));
        trials.row(
                "our default loss + soft logits",
                seeds,
                s -> student(
                        s,
                        1,
                        GuideLoss.onEmbeddings("teacher", HybridOrderLoss.defaults())
                                .andLogits(1, 2)));
        trials.row("two stages, HR assistant", seeds, s -> twoStages(s, hybrid));
        trials.row("rival: student's size, HR and LR mixed", seeds, s -> mixed(s, STUDENT));
        trials.row("rival: teacher's size, HR and LR mixed", new long[] {teacherSeed}, s -> mixed(s, TEACHER));
    }

    private static Stage teacherStage(String name, Backbone backbone) {
        Schedule schedule = Schedule.epochs(32).withLearningRate(4e-3).withWeightDecay(0.05);
        return Stage.onLabels(
                        name,
                        backbone,
                        Resolution.HIGH,
                        TrainingOptions.of(schedule, name.hashCode())
                                .withSampling(Sampling.shuffled().cappedAt(40))
                                .withAugmentation(Augmentation.none()
                                        .flip()
                                        .shift(4)
                                        .rotate(0.1)
                                        .scale(0.08)
                                        .contrast(0.2)))
                .withLearner(Learner.of(backbone, new Head.CosFace(16, 0.2)));
    }

    private double[] student(long seed, double labelWeight, GuideLoss... losses) {
        Stage stage = Stage.onLabels(
                        "student",
                        STUDENT,
                        Resolution.LOW,
                        TrainingOptions.of(Schedule.steps(1200), seed)
                                .withAugmentation(Augmentation.none().flip().shift(2)))
                .withLearner(Learner.of(STUDENT, new Head.CosFace(16, 0.15)))
                .withLosses(labelWeight, losses);
        return figures(
                losses.length == 0
                        ? Classifier.train(stage, train, Listeners.log())
                        : Stages.run(
                                        List.of(stage),
                                        Map.of("teacher", teacher),
                                        train,
                                        Listeners.log(),
                                        store,
                                        Checkpoints.none())
                                .get("student"));
    }

    private double[] twoStages(long seed, HybridOrderLoss loss) {
        Head head = new Head.CosFace(16, 0.15);
        return figures(Distillation.from(teacher)
                .assistant(Learner.of(ASSISTANT, head))
                .student(Learner.of(STUDENT, head))
                .loss(loss)
                .softLogits(1, 2)
                .schedule(Schedule.steps(900), Schedule.steps(1200))
                .augmentation(Augmentation.none().flip().shift(2))
                .seed(seed)
                .knowledge(store)
                .build()
                .run(train)
                .student());
    }

    /** One network for both resolutions, trained on labels alone; low resolution is enlarged for it, and it is its own gallery. */
    private double[] mixed(long seed, Backbone backbone) {
        Stage stage = teacherStage("mixed-" + seed, backbone);
        if (backbone == STUDENT) {
            stage = stage.withOptions(stage.options().withSchedule(Schedule.steps(1200)));
        }
        Network network = Classifier.train(stage, new MixedResolution(train, Interpolation.BILINEAR), Listeners.log());
        Embeddings embeddings = Embeddings.by(network).withMirror();
        return figures(
                embeddings.upsampled(Interpolation.BILINEAR).of(all, Resolution.LOW),
                embeddings.of(all, Resolution.HIGH));
    }

    private double[] figures(Network student) {
        INDArray matched = student.embeddingSpace().isEmpty()
                ? gallery
                : Embeddings.by(teacher).withMirror().toMatch(student).of(all, Resolution.HIGH);
        return figures(Embeddings.by(student).withMirror().of(all, Resolution.LOW), matched);
    }

    /** First within the probes' own resolution, then (x) probes against the gallery network's HR images. */
    private double[] figures(INDArray probes, INDArray sharp) {
        int[] labels = Evaluation.labels(all);
        int[] tested = indices(test);
        int[] testLabels = IntStream.of(tested).map(i -> labels[i]).toArray();
        INDArray testProbes = probes.getRows(tested);
        INDArray testSharp = sharp.getRows(tested);
        Verification within = testPairs.verify(probes, probes);
        ImagePairs across = testPairs.bothWays();
        Verification cross = across.verify(sharp, probes);
        double threshold = thresholdPairs.verify(probes, probes).bestThreshold(Accuracy.PLAIN);
        double crossThreshold = thresholdPairs.bothWays().verify(sharp, probes).bestThreshold(Accuracy.PLAIN);
        return percent(
                within.accuracyAt(threshold, Accuracy.PLAIN),
                within.auc(),
                within.trueAcceptAt(1e-2),
                Verification.allPairs(testProbes, testLabels, PairWeight.PER_PERSON)
                        .trueAcceptAt(1e-2),
                Identification.firstEnrolled(testProbes, testProbes, testLabels).rank(1),
                cross.accuracyAt(crossThreshold, Accuracy.PLAIN),
                cross.auc(),
                cross.trueAcceptAt(1e-2),
                Verification.allPairs(testSharp, testProbes, testLabels, PairWeight.PER_PERSON)
                        .trueAcceptAt(1e-2),
                Identification.firstEnrolled(testProbes, testSharp, testLabels).rank(1),
                closedRankOne(probes, sharp, labels));
    }

    /** The held-out image of each of the 298 labelled people against the mean HR embedding of their training images. */
    private double closedRankOne(INDArray probes, INDArray sharp, int[] labels) {
        int[] probeRows = indices(heldOut);
        Set<Integer> known = java.util.Arrays.stream(probeRows)
                .map(i -> labels[i])
                .boxed()
                .collect(java.util.stream.Collectors.toSet());
        Set<Integer> held = java.util.Arrays.stream(probeRows).boxed().collect(java.util.stream.Collectors.toSet());
        int[] enrolled = IntStream.range(0, all.size())
                .filter(i -> known.contains(labels[i]) && !held.contains(i))
                .toArray();
        IdentityMeans means = IdentityMeans.of(
                sharp.getRows(enrolled),
                IntStream.of(enrolled).map(i -> labels[i]).toArray());
        return Identification.of(
                        probes.getRows(probeRows),
                        IntStream.of(probeRows).map(i -> labels[i]).toArray(),
                        means.embeddings(),
                        means.labels())
                .rank(1);
    }

    /** Where the images of a part stand in the whole. */
    private int[] indices(PairedImages part) {
        Map<String, Integer> places = new java.util.HashMap<>();
        IntStream.range(0, all.size()).forEach(i -> places.put(all.name(i), i));
        return IntStream.range(0, part.size())
                .map(i -> places.get(part.name(i)))
                .toArray();
    }

    private static double[] percent(double... shares) {
        return java.util.Arrays.stream(shares).map(s -> 100 * s).toArray();
    }
}
