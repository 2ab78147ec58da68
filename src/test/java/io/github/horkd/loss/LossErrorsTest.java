package io.github.horkd.loss;

import io.github.horkd.loss.HybridOrderLoss.Term;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What no loss takes, and what it says then: the thing, what was wanted, what came, the way out. */
class LossErrorsTest {

    static Stream<Arguments> options() {
        return Stream.of(
                said(() -> FeatureLoss.huber(0), "huberDelta", "got 0.0"),
                said(() -> FeatureLoss.huber(Double.NaN), "huberDelta", "NaN"),
                said(() -> new FeatureLoss(null, 1), "kind", "null"),
                said(() -> new CosineLoss(-1), "scale", "-1.0"),
                said(() -> new SoftLogitsLoss(0), "temperature", "0.0"),
                said(() -> new SoftLogitsLoss(Double.POSITIVE_INFINITY), "temperature", "Infinity"),
                said(() -> new CrossEntropyLoss(1), "labelSmoothing", "1.0"),
                said(() -> new AdditiveMarginLoss(0, 0.2), "scale", "0.0"),
                said(() -> new AdditiveMarginLoss(16, 1.5), "margin", "1.5"),
                said(() -> new AngularMarginLoss(0, 0.3), "scale", "0.0"),
                said(() -> new AngularMarginLoss(16, 2), "margin", "2.0"),
                said(() -> new DistanceLoss(null, 1), "form", "null"),
                said(() -> new DistanceLoss(RelationForm.PLAIN, -1), "huberDelta", "-1.0"),
                said(() -> new AngleLoss(null, 1), "form", "null"),
                said(() -> new AngleLoss(RelationForm.PLAIN, 0), "huberDelta", "0.0"),
                said(() -> HigherOrderLoss.plain(9, 10, 0), "order", "9"),
                said(() -> CrossStreamLoss.plain(1, 10, 0), "order", "1"),
                said(() -> new CrossStreamLoss(2, 10, 0, null, 1), "form", "null"),
                said(
                        () -> CrossStreamLoss.plain(5, 10, 0).lossAndGradient(zeros(6, 3), zeros(6, 3)),
                        "guide and learner",
                        "at least 4",
                        "got 3"),
                said(
                        () -> HigherOrderLoss.plain(6, 10, 0).lossAndGradient(zeros(6, 4), zeros(6, 5)),
                        "guide",
                        "at least 5",
                        "got 4"),
                said(
                        () -> HigherOrderLoss.plain(6, 10, 0).lossAndGradient(zeros(6, 5), zeros(6, 4)),
                        "learner",
                        "at least 5",
                        "got 4"),
                said(() -> new HigherOrderLoss(3, 10, 0, RelationForm.PLAIN, 0), "huberDelta", "0.0"),
                said(() -> CrossStreamLoss.plain(2, 0, 0), "tuples", "0"),
                said(() -> new DecoupledLogitsLoss(Double.NaN, 1, 8), "temperature", "NaN"),
                said(() -> new DecoupledLogitsLoss(4, -1, 8), "target", "-1.0"),
                said(() -> new DecoupledLogitsLoss(4, 1, -8), "others", "-8.0"),
                said(() -> new CorrelationLogitsLoss(0, 1, 1), "temperature", "0.0"),
                said(() -> new CorrelationLogitsLoss(1, -1, 1), "overClasses", "-1.0"),
                said(() -> new CorrelationLogitsLoss(1, 1, Double.NaN), "overSamples", "NaN"),
                said(() -> new StandardisedLogits(null), "loss", "null"),
                said(() -> FocalLoss.of(-1), "gamma", "-1.0"),
                said(() -> new FocalLoss(1, List.of(-2.0)), "classWeights", "-2.0"),
                said(() -> new FocalLoss(1, null), "classWeights", "null"),
                said(
                        () -> FocalLoss.of(1).balanced(1, 2).lossAndGradient(zeros(3, 5), zeros(3, 5)),
                        "classWeights",
                        "5",
                        "got 2"),
                said(() -> new SupervisedContrastiveLoss(0), "temperature", "0.0"),
                said(() -> new OctupletLoss(3), "margin", "3.0"),
                said(() -> new NoiseContrastiveLoss(null, 0), "temperature", "null"),
                said(() -> new NoiseContrastiveLoss(Temperature.of(0.1), -1), "noise", "-1.0"),
                said(() -> NoiseContrastiveLoss.at(0.1).withNoise(0), "noise", "0.0"),
                said(() -> new ContrastiveLoss(null), "temperature", "null"),
                said(() -> new ClassCentreLoss(null, 0), "temperature", "null"),
                said(() -> new ClassCentreLoss(ContrastiveLoss.at(0.1).temperature(), 1.5), "margin", "1.5"),
                said(() -> new LossBetweenMaps(null, new MapShape(1, 2, 2), new MapShape(1, 2, 2)), "loss", "null"),
                said(() -> new AttentionTransferLoss().between(null, new MapShape(1, 2, 2)), "guide", "null"),
                said(() -> new AttentionTransferLoss().between(new MapShape(1, 2, 2), null), "learner", "null"),
                said(() -> RelationContrastiveLoss.at(0), "temperature", "0.0"),
                said(() -> new RelationContrastiveLoss(0.1, -1, 8), "noise", "-1.0"),
                said(() -> new RelationContrastiveLoss(0.1, 0, 0), "anchors", "0.0"),
                said(() -> new FalseAcceptRankLoss(null, 0.1, 1, false), "rates", "null"),
                said(() -> new FalseAcceptRankLoss(List.of(0.1), 0.1, -1, false), "negativeWeight", "-1.0"),
                said(() -> FalseAcceptRankLoss.at(), "rates", "none"),
                said(() -> FalseAcceptRankLoss.at(0.1, 1), "rate", "1.0"),
                said(() -> new FalseAcceptRankLoss(List.of(0.1), 0, 1, false), "temperature", "0.0"),
                said(() -> new MovingCentreLoss(0, 0.1), "temperature", "0.0"),
                said(() -> new MovingCentreLoss(0.1, 2), "margin", "2.0"),
                said(() -> new QualityMarginLoss(0, 0.4, 0.3), "scale", "0.0"),
                said(() -> new QualityMarginLoss(64, 2, 0.3), "margin", "2.0"),
                said(() -> new QualityMarginLoss(64, 0.4, -1), "concentration", "-1.0"),
                said(() -> MagnitudeMarginLoss.published().withLengths(10, 10), "longest", "10.0"),
                said(() -> MagnitudeMarginLoss.published().withLengths(-1, 10), "shortest", "-1.0"),
                said(() -> new MagnitudeMarginLoss(0, 0.5, 0.6, 1, 2, 0), "scale", "0.0"),
                said(() -> new MagnitudeMarginLoss(64, -0.5, 0.4, 1, 2, 0), "leastMargin", "-0.5"),
                said(() -> new MagnitudeMarginLoss(64, 0.4, 0.5, 1, 2, -3), "price", "-3.0"),
                said(() -> new MagnitudeMarginLoss(64, 0.5, 0.4, 1, 2, 0), "mostMargin", "0.4"),
                said(
                        () -> new QualityMarginLoss(64, 0.4, 0.3).lossAndGradient(zeros(3, 5), zeros(3, 5)),
                        "QualityMarginLoss",
                        "[N, C + D]",
                        "[3, 5]",
                        "MergeVertex"),
                said(() -> new SpatialAffinityLoss(0), "grid", "0.0"),
                said(() -> new MapShape(0, 3, 3), "map", "0x3x3"),
                said(
                        () -> HintLoss.plain().between(new MapShape(8, 4, 4), new MapShape(4, 4, 4)),
                        "hint",
                        "8",
                        "4",
                        "1x1 convolution"),
                said(
                        () -> new AttentionTransferLoss()
                                .between(new MapShape(1, 2, 2), new MapShape(1, 2, 2))
                                .lossAndGradient(zeros(3, 4), zeros(3, 5)),
                        "learner",
                        "1x2x2",
                        "[3, 5]"),
                said(
                        () -> new AttentionTransferLoss()
                                .between(new MapShape(1, 2, 2), new MapShape(1, 2, 2))
                                .lossAndGradient(zeros(3, 5), zeros(3, 4)),
                        "guide",
                        "1x2x2",
                        "[3, 5]"),
                said(() -> new CorrelationCongruenceLoss(0), "gamma", "0.0"),
                said(() -> new DarkRankLoss(0, 3, 4), "alpha", "0.0"),
                said(() -> new DarkRankLoss(3, 0.5, 4), "beta", "0.5"),
                said(() -> new DarkRankLoss(3, 3, 1), "neighbours", "1"),
                said(() -> new UnitEmbeddings(null), "loss", "null"),
                said(() -> new RelationMemory(null, 3), "loss", "null"),
                said(() -> new RelationMemory(new CkaLoss(), 0), "rows", "0"),
                said(() -> new HybridOrderLoss(null), "terms", "null"),
                said(() -> HybridOrderLoss.of(), "terms", "none"),
                said(() -> HybridOrderLoss.of((Term) null), "term", "null"),
                said(() -> new Term(" ", 1, new CkaLoss()), "name", "blanks"),
                said(() -> new Term("cka", -1, new CkaLoss()), "term cka", "-1.0"),
                said(() -> new Term("cka", Double.NaN, new CkaLoss()), "term cka", "NaN"),
                said(() -> new Term("cka", 1, null), "term cka", "null"),
                said(
                        () -> HybridOrderLoss.of(
                                new Term("a", 1, new CkaLoss()), new Term("a", 1, FeatureLoss.squared())),
                        "each name once",
                        "\"a\" twice"));
    }

    private static Arguments said(Executable what, String... parts) {
        return arguments(what, parts);
    }

    @ParameterizedTest
    @MethodSource("options")
    void optionsThatCannotBeMeant(Executable what, String[] parts) {
        assertSaid(what, parts);
    }

    @ParameterizedTest
    @MethodSource("io.github.horkd.loss.LossContractTest#losses")
    void arraysThatDoNotFit(LossCase loss) {
        INDArray six = zeros(6, 5);
        assertSaid(() -> loss.loss().lossAndGradient(six, zeros(7, 5)), "[7, 5]", "N = 6");
        assertSaid(() -> loss.loss().lossAndGradient(six, zeros(6, 5, 1)), "learner", "[N, D]", "[6, 5, 1]");
        assertSaid(() -> loss.loss().lossAndGradient(zeros(6), six), "guide", "[N, D]", "[6]");
        assertSaid(
                () -> loss.loss().computeGradient(six, six, new ActivationIdentity(), zeros(5, 1)),
                "mask",
                "[6, 1]",
                "[5, 1]");
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 6, 1).putScalar(2, 0);
        assertSaid(
                () -> loss.loss().computeGradient(zeros(6, 5, 1), six, new ActivationIdentity(), mask),
                "[N, D]",
                "[6, 5, 1]");
        if (loss.loss().needsEqualWidths()) {
            assertSaid(() -> loss.loss().lossAndGradient(six, zeros(6, 3)), "3", "5", "projection");
        }
    }

    /** A trainer asks before it adds a projection, or a column of class numbers. */
    @ParameterizedTest
    @MethodSource("io.github.horkd.loss.LossContractTest#losses")
    void saysWhatWidthsItTakes(LossCase loss) {
        if (loss.input() == LossCase.Input.EMBEDDINGS) {
            assertEquals(!loss.loss().needsEqualWidths(), takes(loss.loss(), zeros(6, 5), zeros(6, 7)));
        } else {
            assertEquals(loss.loss().readsClasses(), takes(loss.loss(), zeros(6, 6), zeros(6, 5)));
            if (!loss.isOverLogits()) {
                assertEquals(loss.input() != LossCase.Input.MAPS, loss.loss().needsEqualWidths());
            }
        }
    }

    private static boolean takes(BatchLoss loss, INDArray guide, INDArray learner) {
        try {
            loss.lossAndGradient(guide, learner);
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    @Test
    void logitsOfOtherClasses() {
        assertSaid(
                () -> new SoftLogitsLoss(4).lossAndGradient(zeros(3, 5), zeros(3, 4)),
                "SoftLogitsLoss",
                "same classes");
    }

    /** DL4J's OutputLayer has a softmax if nothing else is said: two of them train, badly, without a word. */
    @ParameterizedTest
    @MethodSource("io.github.horkd.loss.LossContractTest#losses")
    void aSoftmaxInFrontOfALossThatTakesItItself(LossCase loss) {
        BatchLoss sum = HybridOrderLoss.of(new Term("one", 1, loss.loss()));
        boolean overLogits = loss.isOverLogits();
        assertEquals(overLogits, loss.loss().takesLogits());
        assertEquals(overLogits, sum.takesLogits());
        if (overLogits) {
            for (IActivation activation : new IActivation[] {new ActivationSoftmax(), new ActivationSigmoid()}) {
                assertSaid(() -> sum.computeGradient(zeros(6, 5), zeros(6, 5), activation, null), "IDENTITY");
                assertSaid(
                        () -> loss.loss().computeScore(zeros(6, 5), zeros(6, 5), activation, null, true), "IDENTITY");
            }
        }
    }

    @Test
    void labelsThatAreNone() {
        INDArray logits = zeros(2, 3);
        assertSaid(() -> labels(logits, new double[][] {{0.5, 0.5, 0}, {0, 1, 0}}), "row 0", "SoftLogitsLoss");
        assertSaid(() -> labels(logits, new double[][] {{0, 1, 0}, {1, 0, 1}}), "row 1", "class 2");
        assertSaid(() -> labels(logits, new double[][] {{0}, {3}}), "row 1", "0 to 2", "3.0");
        assertSaid(() -> labels(logits, new double[][] {{0.5}, {1}}), "row 0", "0.5");
        assertSaid(() -> labels(logits, new double[][] {{0, 1}, {1, 0}}), "one-hot [N, 3]", "[2, 2]");
    }

    private static void labels(INDArray logits, double[][] labels) {
        CrossEntropyLoss.plain().lossAndGradient(Nd4j.createFromArray(labels), logits);
    }

    private static INDArray zeros(long... shape) {
        return Nd4j.zeros(DataType.DOUBLE, shape);
    }

    private static void assertSaid(Executable what, String... parts) {
        String message = assertThrows(IllegalArgumentException.class, what).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
    }

    /** What a message calls the ends of a range belongs to it. */
    @Test
    void theEndsOfARangeAreAllowed() {
        for (double temperature : new double[] {1e-3, 1e3}) {
            assertEquals(temperature, new RelationContrastiveLoss(temperature, 0, 1).temperature());
        }
        assertThrows(IllegalArgumentException.class, () -> new RelationContrastiveLoss(Math.nextDown(1e-3), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new RelationContrastiveLoss(Math.nextUp(1e3), 0, 1));
        assertEquals(8, HigherOrderLoss.plain(8, 1, 0).order());
        assertEquals(2, CrossStreamLoss.plain(2, 1, 0).order());
        assertEquals(0, new RelationMemory(new CkaLoss(), 1).remembered());
        assertEquals(1, new MapShape(1, 1, 1).size());
        MapShape three = new MapShape(3, 1, 1);
        for (MapLoss loss : List.of(new AttentionTransferLoss(), SpatialAffinityLoss.defaults())) {
            assertTrue(takes(loss.between(three, new MapShape(1, 1, 1)), zeros(2, 3), zeros(2, 1)), "other channels");
        }
        assertEquals(
                List.of(2.0 / 3, 0.0, 2.0 / 3),
                FocalLoss.of(1).balanced(2, 0, 2).classWeights());
        assertEquals(2, new DarkRankLoss(3, 1, 2).neighbours());
        assertEquals(List.of(0.1, 0.5), FalseAcceptRankLoss.at(0.1, 0.5).rates());
        LossValue twoClasses = new QualityMarginLoss(64, 0.4, 0.3).lossAndGradient(zeros(3, 2), zeros(3, 4));
        assertEquals(0, twoClasses.value(), "no row is labelled");
    }
}
