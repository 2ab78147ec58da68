package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.loss.Bank;
import io.github.horkd.loss.BankLoss;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.ClassCentreLoss;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.DecoupledLogitsLoss;
import io.github.horkd.loss.FalseAcceptRankLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.LossValue;
import io.github.horkd.loss.MovingCentreLoss;
import io.github.horkd.loss.OctupletLoss;
import io.github.horkd.loss.SupervisedContrastiveLoss;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Terms that read classes are told the labels, and of images without label nothing. */
class LabelledTermsTest {

    private static final Schedule SHORT = Schedule.epochs(5).withBatchSize(32).withLearningRate(0.01);

    private static PairedImages train;
    private static PairedImages test;
    private static Network teacher;
    private final List<TrainingEvent.EpochFinished> epochs = new ArrayList<>();

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(256, 1);
        test = Shapes.drawn(96, 2);
        teacher = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, event -> {});
    }

    private Network student(PairedImages images, GuideLoss loss, Schedule schedule) {
        Stage stage = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, schedule, 3)
                .withLosses(0, loss);
        return Stages.run(List.of(stage), Map.of("teacher", teacher), images, event -> {
                    if (event instanceof TrainingEvent.EpochFinished epoch) {
                        epochs.add(epoch);
                    }
                })
                .get("student");
    }

    static Stream<BatchLoss> losses() {
        return Stream.of(
                new SupervisedContrastiveLoss(0.2),
                new OctupletLoss(0.5),
                new MovingCentreLoss(0.2, 0.1),
                ClassCentreLoss.at(0.2),
                HybridOrderLoss.of(
                        new Term("first", 1, CosineLoss.squaredDistance()),
                        new Term("rank", 0.1, new FalseAcceptRankLoss(List.of(0.3, 0.1), 0.1, 0.5, true))));
    }

    /** Half of the images have no label. */
    @ParameterizedTest
    @MethodSource("losses")
    void aStudentLearnsWhichHighImagesItsLowOnesBelongTo(BatchLoss loss) {
        Network student = student(
                train.withoutLabels(i -> i % 8 > 3),
                GuideLoss.onEmbeddings("teacher", loss).withLabels(),
                SHORT);
        int[] probes = IntStream.range(0, test.size()).toArray();
        int[] gallery = IntStream.range(0, train.size()).toArray();
        INDArray low = student.embed(test.batch(Resolution.LOW, probes, Pose.IDENTITY));
        INDArray high = teacher.embed(train.batch(Resolution.HIGH, gallery, Pose.IDENTITY));
        INDArray nearest = low.divColumnVector(low.norm2(true, 1))
                .mmul(high.divColumnVector(high.norm2(true, 1)).transpose())
                .argMax(1);
        long right = IntStream.of(probes)
                .filter(i -> train.label(nearest.getInt(i)) == test.label(i))
                .count();
        assertTrue(right > 0.8 * probes.length, right + " of " + probes.length);
    }

    /** Keeps the classes that it was told, batch after batch; −2: no column. */
    private record Reading(List<int[]> told) implements BatchLoss {

        @Override
        public boolean readsClasses() {
            return true;
        }

        @Override
        public LossValue lossAndGradient(INDArray guide, INDArray learner) {
            told.add(
                    guide.size(1) == learner.size(1)
                            ? new int[] {-2}
                            : guide.getColumn(guide.size(1) - 1).toIntVector());
            return new LossValue(0.5, learner.mul(0));
        }
    }

    @Test
    void imagesWithoutLabelAreMaskedAndOthersTellTheirs() {
        List<int[]> told = new ArrayList<>();
        List<int[]> notTold = new ArrayList<>();
        PairedImages half = train.withoutLabels(i -> i % 8 > 3);
        GuideLoss loss = GuideLoss.onEmbeddings(
                "teacher",
                HybridOrderLoss.of(
                        new Term("reading", 1, new Reading(told)), new Term("first", 1, CosineLoss.squaredDistance())));
        student(half, loss.withLabels(), SHORT.withEpochs(1));
        int[] seen = told.stream().flatMapToInt(IntStream::of).toArray();
        assertEquals(0, seen.length % 128, "each labelled image as often as DL4J asks for gradient and score");
        for (int label = 0; label < 4; label++) {
            int wanted = label;
            assertEquals(
                    seen.length / 4,
                    IntStream.of(seen).filter(each -> each == wanted).count());
        }
        double share = 128 / 256.0;
        assertEquals(
                0.5 * share,
                epochs.get(0).terms().stream()
                        .filter(term -> term.name().equals("teacher: reading"))
                        .findFirst()
                        .orElseThrow()
                        .raw(),
                1e-6);
        student(half, GuideLoss.onEmbeddings("teacher", new Reading(notTold)), SHORT.withEpochs(1));
        assertTrue(notTold.stream().allMatch(batch -> batch[0] == -2), "labels only when asked for");
    }

    /** Keeps the sizes of its banks. */
    private record Centred(List<Integer> sizes) implements BankLoss {

        @Override
        public boolean comparesWithClasses() {
            return true;
        }

        @Override
        public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
            sizes.add(bank.size());
            return CosineLoss.squaredDistance().lossAndGradient(guide, learner);
        }
    }

    @Test
    void aBankOfClassesHasARowForEach() {
        List<Integer> sizes = new ArrayList<>();
        GuideLoss loss = GuideLoss.onEmbeddings("teacher", new Centred(sizes));
        student(train, loss.withLabels(), SHORT.withEpochs(1));
        assertEquals(List.of(4), sizes.stream().distinct().toList());
        sizes.clear();
        student(train, loss, SHORT.withEpochs(1));
        assertEquals(List.of(256), sizes.stream().distinct().toList());
    }

    /** What the bank does not know says nothing: a held-out loss of 0 would end the training at once. */
    @Test
    void heldOutImagesAreKnownToTheBankOfClasses() {
        Stage stage = Stage.onLabels("student", Backbone.plain(4, 16), Resolution.LOW, SHORT.withEpochs(2), 3)
                .withLosses(
                        0,
                        GuideLoss.onEmbeddings("teacher", ClassCentreLoss.at(0.2))
                                .withLabels());
        Stages.run(
                List.of(stage.withOptions(stage.options().withEarlyStopping(new EarlyStopping(0.25, 5)))),
                Map.of("teacher", teacher),
                train,
                event -> {
                    if (event instanceof TrainingEvent.EpochFinished epoch) {
                        epochs.add(epoch);
                    }
                });
        double first = epochs.get(0).heldOutLoss().orElseThrow();
        double last = epochs.get(1).heldOutLoss().orElseThrow();
        assertTrue(first > 0.01 && last < first, first + " and then " + last);
    }

    @Test
    void decoupledLogitsAreToldTheTarget() {
        List<int[]> told = new ArrayList<>();
        student(
                train.withoutLabels(i -> i % 8 > 3),
                GuideLoss.onLogits(
                                "teacher",
                                HybridOrderLoss.of(
                                        new Term("decoupled", 1, DecoupledLogitsLoss.published()),
                                        new Term("reading", 1, new Reading(told))))
                        .withLabels(),
                SHORT.withEpochs(1));
        assertEquals(
                128,
                told.stream()
                        .flatMapToInt(IntStream::of)
                        .filter(label -> label >= 0)
                        .count());
        assertTrue(epochs.get(0).loss() > 0);
    }

    @Test
    void labelsThatTellNothingAreSaid() {
        assertSaid(train, CosineLoss.squaredDistance(), "none of its terms reads classes");
        assertSaid(train.withoutLabels(i -> true), new OctupletLoss(0.5), "of 0 classes");
    }

    private void assertSaid(PairedImages images, BatchLoss loss, String part) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> student(
                                images, GuideLoss.onEmbeddings("teacher", loss).withLabels(), SHORT))
                .getMessage();
        assertTrue(message.contains("stage student") && message.contains(part), message);
    }
}
