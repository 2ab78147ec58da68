package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.loss.CosineLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.LossValue;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A teacher that is wrong about an image is not listened to about it, where the label says better. */
class GuideAgreementTest {

    private static final Schedule SHORT = Schedule.epochs(5).withBatchSize(32).withLearningRate(0.01);

    private static PairedImages train;
    private static Network good;
    private final List<TrainingEvent> events = new ArrayList<>();

    @BeforeAll
    static void trainATeacher() {
        train = Shapes.drawn(256, 1);
        good = Classifier.train(
                Stage.onLabels("teacher", Backbone.residual(8, 16), Resolution.HIGH, SHORT, 7), train, event -> {});
    }

    /** Takes every falling bar for a rising one and the other way round, most surely. */
    private record Mistaken(Network network) implements Guide {

        @Override
        public Input input() {
            return network.input();
        }

        @Override
        public String identity() {
            return "mistaken " + network.identity();
        }

        @Override
        public int embeddingWidth() {
            return network.embeddingWidth();
        }

        @Override
        public List<String> classes() {
            return network.classes();
        }

        @Override
        public Output output(INDArray images) {
            Output right = network.output(images);
            INDArray logits = right.logits().orElseThrow();
            return Output.of(right.embeddings(), logits.getColumns(0, 1, 3, 2).mul(10));
        }
    }

    @Test
    void whatItSaysOfImagesThatItTakesForAnotherClassIsLeftOutAndSaid() {
        Network student = student(new Mistaken(good), train, GuideLoss.onLogits("teacher", 20, 1));
        assertTrue(accuracy(student) > 0.8, "accuracy " + accuracy(student));
        TrainingEvent.GuideDisagrees said = disagreement();
        assertEquals(256, said.labelled());
        assertTrue(said.agreed() > 100 && said.agreed() <= 140, said.toString());
    }

    @Test
    void whoeverAsksForItLearnsTheMistakesToo() {
        Network student = student(
                new Mistaken(good), train, GuideLoss.onLogits("teacher", 20, 1).alsoWhereGuideErrs());
        assertTrue(accuracy(student) < 0.7, "accuracy " + accuracy(student));
    }

    @Test
    void imagesWithoutLabelAreTakenAsTheGuideHasThem() {
        PairedImages few = train.withoutLabels(i -> i % 8 > 3);
        student(good, few, GuideLoss.onLogits("teacher", 1, 4));
        assertTrue(events.stream().noneMatch(e -> e instanceof TrainingEvent.GuideDisagrees g && g.labelled() != 128));
        assertArrayEquals(
                new int[] {0, 2, 3},
                new GuideAgreement(new int[] {1, 0})
                        .kept(
                                Nd4j.createFromArray(new float[][] {{0, 1}, {0, 1}, {0, 1}, {1, 0}}),
                                new int[] {0, 1, PairedImages.UNLABELLED, 1},
                                false));
    }

    private static double trust(int labelled, int agreed) {
        return new GuideAgreement.Counts(labelled, agreed, 0.1).trust();
    }

    @Test
    void trustIsTheCubeOfAgreementAboveChance() {
        assertEquals(1, trust(600, 600));
        assertEquals(0.125, trust(1_000_000, 550_000), 1e-3);
        assertEquals(0, trust(10_000, 900), "worse than chance");
        assertEquals(1, trust(0, 0), "nothing is known against it");
    }

    @Test
    void fewLabelsSilenceNoGuide() {
        // Wilson's upper end at 95 %: 0 of 1 may be 0.793, 2 of 3 0.939, 5 of 10 0.763, 0 of 100 0.037.
        assertEquals(Math.pow((0.7935 - 0.1) / 0.9, 3), trust(1, 0), 1e-3);
        assertEquals(Math.pow((0.9385 - 0.1) / 0.9, 3), trust(3, 2), 1e-3);
        assertEquals(Math.pow((0.7634 - 0.1) / 0.9, 3), trust(10, 5), 1e-3);
        assertEquals(0, trust(100, 0), "but a hundred do");
        for (int agreed = 0; agreed < 20; agreed++) {
            assertTrue(trust(20, agreed) < trust(20, agreed + 1), "of 20: " + agreed);
            assertTrue(trust(20, agreed) >= trust(2000, 100 * agreed), "of 20: " + agreed);
        }
    }

    @Test
    void aGuideThatAlwaysSaysTheMostFrequentClassIsWorthNothing() {
        assertEquals(0, new GuideAgreement.Counts(1000, 900, 0.93).trust());
        KnownClasses always = new KnownClasses(good, 0);
        PairedImages uneven = train.where(i -> train.label(i) == 0 || i % 16 < 2);
        student(always, uneven, GuideLoss.onLogits("teacher", 1, 4));
        TrainingEvent.GuideDisagrees said = disagreement();
        assertTrue(said.agreed() > said.labelled() / 2, said.toString());
        assertTrue(said.trust() < 0.1, said.toString());
    }

    private TrainingEvent.GuideDisagrees disagreement() {
        return events.stream()
                .filter(e -> e instanceof TrainingEvent.GuideDisagrees)
                .map(e -> (TrainingEvent.GuideDisagrees) e)
                .findFirst()
                .orElseThrow();
    }

    /** Sure of one class whatever it sees; the embeddings are a network's. */
    private record KnownClasses(Network network, int one) implements Guide {

        @Override
        public Input input() {
            return network.input();
        }

        @Override
        public String identity() {
            return "sure of " + one + " " + network.identity();
        }

        @Override
        public int embeddingWidth() {
            return network.embeddingWidth();
        }

        @Override
        public List<String> classes() {
            return network.classes();
        }

        @Override
        public Output output(INDArray images) {
            Output right = network.output(images);
            INDArray logits = right.logits().orElseThrow().mul(0.01);
            logits.getColumn(one).addi(20);
            return Output.of(right.embeddings(), logits);
        }
    }

    @Test
    void aLearnerLiesInNoSpaceOfAGuideThatHasNoWeight() {
        Guide wrong = new AlwaysWrong(good);
        Stage stage = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT.withEpochs(1), 3)
                .withOptions(TrainingOptions.of(SHORT.withEpochs(1), 3).withSpace(SpaceMethod.whitened()))
                .withLosses(1, GuideLoss.onEmbeddings("teacher", CosineLoss.squaredDistance()));
        Network alone = Stages.run(List.of(stage), Map.of("teacher", wrong), train, events::add)
                .get("student");
        assertEquals(0, disagreement().trust());
        assertTrue(alone.embeddingSpace().isEmpty(), "nothing taught it that space");
        Network both = Stages.run(
                        List.of(stage.withLosses(
                                1,
                                GuideLoss.onEmbeddings("teacher", CosineLoss.squaredDistance()),
                                GuideLoss.onEmbeddings("good", CosineLoss.squaredDistance()))),
                        Map.of("teacher", wrong, "good", good),
                        train,
                        event -> {})
                .get("student");
        assertEquals(
                EmbeddingSpace.fit(
                                EmbeddingRows.of(good.folded()
                                        .embed(train.batch(
                                                Resolution.HIGH,
                                                IntStream.range(0, train.size()).toArray(),
                                                Pose.IDENTITY))),
                                SpaceMethod.whitened())
                        .width(),
                both.embeddingSpace().orElseThrow().width(),
                "that of the guide that has one");
    }

    /** Says the next class. */
    private record AlwaysWrong(Network network) implements Guide {

        @Override
        public Input input() {
            return network.input();
        }

        @Override
        public String identity() {
            return "wrong " + network.identity();
        }

        @Override
        public int embeddingWidth() {
            return network.embeddingWidth();
        }

        @Override
        public List<String> classes() {
            return network.classes();
        }

        @Override
        public Output output(INDArray images) {
            Output right = network.output(images);
            return Output.of(
                    right.embeddings().add(3), right.logits().orElseThrow().getColumns(1, 2, 3, 0));
        }
    }

    @Test
    void rowsThatDoNotCountHaveNoValueAndNoGradientAndTheOthersWeighWhatTheyDid() {
        HybridOrderLoss inner = HybridOrderLoss.of(new Term("first", 2, CosineLoss.squaredDistance()));
        RecordingLoss recording = new RecordingLoss("", inner);
        INDArray guide = Nd4j.rand(4, 3);
        INDArray learner = Nd4j.rand(4, 3);
        recording.count(new int[] {0, 2});
        LossValue value = recording.lossAndGradient(guide, learner);
        LossValue some = inner.lossAndGradient(guide.getRows(0, 2), learner.getRows(0, 2));
        assertEquals(some.value() / 2, value.value(), 1e-6);
        assertEquals(value.value(), recording.valueOf(guide, learner), 1e-6);
        assertEquals(0, value.gradient().getRow(1).norm2Number().doubleValue());
        assertArrayEquals(
                some.gradient().getRow(1).mul(0.5).toFloatVector(),
                value.gradient().getRow(2).toFloatVector(),
                1e-6f);
        recording.count(new int[0]);
        assertEquals(0, recording.lossAndGradient(guide, learner).value());
    }

    @Test
    void aLossThatFadesWeighsLessByValueAndGradientAndSaysSo() {
        HybridOrderLoss inner = HybridOrderLoss.of(new Term("first", 2, CosineLoss.squaredDistance()));
        RecordingLoss recording = new RecordingLoss("", inner);
        INDArray guide = Nd4j.rand(4, 3);
        INDArray learner = Nd4j.rand(4, 3);
        LossValue whole = inner.lossAndGradient(guide, learner);
        recording.fade(0.25);
        LossValue value = recording.lossAndGradient(guide, learner);
        assertEquals(whole.value() / 4, value.value(), 1e-6);
        assertEquals(value.value(), recording.lastValue());
        assertArrayEquals(
                whole.gradient().mul(0.25).ravel().toFloatVector(),
                value.gradient().ravel().toFloatVector(),
                1e-6f);
        assertEquals(value.value(), recording.drain().get(0).weighted(), 1e-6);
    }

    @Test
    void lossesAgainstAGuideOfLittleTrustFadeTheFurtherAStageIs() {
        student(new Mistaken(good), train, GuideLoss.onLogits("teacher", 20, 1));
        double trust = disagreement().trust();
        List<TrainingEvent.EpochFinished> epochs = events.stream()
                .filter(e -> e instanceof TrainingEvent.EpochFinished)
                .map(e -> (TrainingEvent.EpochFinished) e)
                .toList();
        double first = weight(epochs.get(0));
        double last = weight(epochs.get(epochs.size() - 1));
        assertTrue(first < 20 * trust && first > 20 * Math.pow(trust, 1 + 4 * 0.3), first + " of " + trust);
        assertTrue(last > 20 * Math.pow(trust, 5) && last < 20 * Math.pow(trust, 1 + 4 * 0.7), last + " of " + trust);
    }

    private static double weight(TrainingEvent.EpochFinished epoch) {
        return epoch.terms().stream()
                .filter(term -> term.name().startsWith("teacher"))
                .mapToDouble(term -> term.weighted() / term.raw())
                .findFirst()
                .orElseThrow();
    }

    private Network student(Guide teacher, PairedImages images, GuideLoss loss) {
        Stage stage = Stage.onLabels("student", Backbone.plain(8, 16), Resolution.LOW, SHORT, 3)
                .withLosses(1, loss);
        return Stages.run(List.of(stage), Map.of("teacher", teacher), images, events::add)
                .get("student");
    }

    private static double accuracy(Network network) {
        PairedImages test = Shapes.drawn(128, 2);
        int[] all = IntStream.range(0, test.size()).toArray();
        INDArray answers =
                network.classify(test.batch(Resolution.LOW, all, Pose.IDENTITY)).argMax(1);
        return IntStream.of(all).filter(i -> answers.getInt(i) == test.label(i)).count() / (double) all.length;
    }
}
