package io.github.horkd.loss;

import io.github.horkd.loss.LossCase.Blind;
import io.github.horkd.loss.LossCase.Input;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.copy;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What every loss promises. A new loss joins by one line in {@link #losses()}. */
class LossContractTest {

    /** A budget that all tuples of the small batches here fit. */
    private static final int MANY = 20_000;

    private static final Set<Blind> FIRST =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.COMMON_TRANSLATION);
    private static final Set<Blind> FIRST_SQUARED =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.COMMON_TRANSLATION, Blind.COMMON_ROTATION);
    private static final Set<Blind> SOFTMAX = EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.ROW_SHIFT);
    private static final Set<Blind> LABELS_AND_SOFTMAX = EnumSet.of(Blind.ROW_ORDER, Blind.ROW_SHIFT);
    private static final Set<Blind> LABELS = EnumSet.of(Blind.ROW_ORDER);
    private static final Set<Blind> RELATION = EnumSet.of(
            Blind.ROW_ORDER,
            Blind.EQUALITY_IS_ZERO,
            Blind.ROTATION,
            Blind.TRANSLATION,
            Blind.SCALE,
            Blind.COLLAPSE_IS_ZERO);
    private static final Set<Blind> RKD =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.ROTATION, Blind.TRANSLATION, Blind.SCALE);
    private static final Set<Blind> CROSSING = EnumSet.of(
            Blind.ROW_ORDER,
            Blind.EQUALITY_IS_ZERO,
            Blind.COMMON_ROTATION,
            Blind.COMMON_TRANSLATION,
            Blind.COMMON_SCALE);
    private static final Set<Blind> UNIT_RELATION = EnumSet.of(
            Blind.ROW_ORDER,
            Blind.EQUALITY_IS_ZERO,
            Blind.ROTATION,
            Blind.SCALE,
            Blind.ROW_SCALE,
            Blind.COLLAPSE_IS_ZERO);
    private static final Set<Blind> UNIT_SIMILARITY =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.ROTATION, Blind.SCALE, Blind.ROW_SCALE);
    private static final Set<Blind> DIRECTION =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.SCALE, Blind.ROW_SCALE, Blind.COMMON_ROTATION);

    private static final Set<Blind> PATTERN =
            EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.ROW_SHIFT, Blind.SCALE, Blind.ROW_SCALE);
    private static final Set<Blind> PLACES = EnumSet.of(Blind.ROW_ORDER, Blind.SCALE, Blind.ROW_SCALE);
    private static final Set<Blind> PICKING =
            EnumSet.of(Blind.ROW_ORDER, Blind.SCALE, Blind.ROW_SCALE, Blind.COMMON_ROTATION);

    static Stream<LossCase> losses() {
        return Stream.of(
                of(FeatureLoss.squared(), Input.EQUAL_WIDTHS, PlainLoops::squared, FIRST_SQUARED),
                of(FeatureLoss.huber(1), Input.EQUAL_WIDTHS, PlainLoops::huber, FIRST),
                of(FeatureLoss.absolute(), Input.EQUAL_WIDTHS, PlainLoops::absolute, FIRST),
                of(CosineLoss.oneMinusCosine(), Input.EQUAL_WIDTHS, PlainLoops::oneMinusCosine, DIRECTION),
                of(
                        CosineLoss.squaredDistance(),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.squared(PlainLoops.unit(t), PlainLoops.unit(s)) * 5,
                        DIRECTION),
                of(new SoftLogitsLoss(4), Input.LOGITS, PlainLoops::softLogits, SOFTMAX),
                of(
                        CrossEntropyLoss.plain(),
                        Input.LABELS_AND_LOGITS,
                        (t, s) -> PlainLoops.crossEntropy(t, s, 0),
                        LABELS_AND_SOFTMAX),
                of(
                        new CrossEntropyLoss(0.1),
                        Input.LABELS_AND_LOGITS,
                        (t, s) -> PlainLoops.crossEntropy(t, s, 0.1),
                        LABELS_AND_SOFTMAX),
                of(
                        new AdditiveMarginLoss(8, 0.2),
                        Input.LABELS_AND_COSINES,
                        PlainLoops::additiveMargin,
                        LABELS_AND_SOFTMAX),
                of(new AngularMarginLoss(8, 0.3), Input.LABELS_AND_COSINES, PlainLoops::angularMargin, LABELS),
                of(DistanceLoss.guideScaled(), Input.EMBEDDINGS, (t, s) -> PlainLoops.distance(t, s, true), RELATION),
                of(DistanceLoss.plain(), Input.EMBEDDINGS, (t, s) -> PlainLoops.distance(t, s, false), RELATION),
                of(DistanceLoss.rkdCompatible(), Input.EMBEDDINGS, PlainLoops::rkdDistance, RKD),
                of(AngleLoss.guideScaled(), Input.EMBEDDINGS, (t, s) -> PlainLoops.angle(t, s, true), RELATION),
                of(AngleLoss.plain(), Input.EMBEDDINGS, (t, s) -> PlainLoops.angle(t, s, false), RELATION),
                of(AngleLoss.rkdCompatible(), Input.EMBEDDINGS, PlainLoops::rkdAngle, RKD),
                of(
                        new UnitEmbeddings(AngleLoss.guideScaled()),
                        Input.EMBEDDINGS,
                        (t, s) -> PlainLoops.angle(PlainLoops.unit(t), PlainLoops.unit(s), true),
                        UNIT_RELATION),
                of(
                        HigherOrderLoss.guideScaled(3, MANY, 1),
                        Input.EMBEDDINGS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 3, true, false),
                        RELATION),
                of(
                        HigherOrderLoss.guideScaled(4, MANY, 1),
                        Input.EMBEDDINGS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 4, true, false),
                        RELATION),
                of(
                        HigherOrderLoss.plain(6, MANY, 1),
                        Input.EMBEDDINGS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 6, false, false),
                        RELATION),
                of(
                        CrossStreamLoss.guideScaled(2, MANY, 1),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 2, true, true),
                        CROSSING),
                of(
                        CrossStreamLoss.guideScaled(3, MANY, 1),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 3, true, true),
                        CROSSING),
                of(
                        CrossStreamLoss.plain(4, MANY, 1),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.higherOrder(t, s, 4, false, true),
                        CROSSING),
                of(new CkaLoss(), Input.EMBEDDINGS, PlainLoops::cka, RELATION),
                of(
                        new SimilarityPreservingLoss(),
                        Input.EMBEDDINGS,
                        PlainLoops::similarityPreserving,
                        EnumSet.of(Blind.ROW_ORDER, Blind.EQUALITY_IS_ZERO, Blind.ROTATION, Blind.SCALE)),
                of(
                        new CorrelationCongruenceLoss(0.4),
                        Input.EMBEDDINGS,
                        PlainLoops::correlationCongruence,
                        UNIT_SIMILARITY),
                of(
                        new ProbabilisticTransferLoss(),
                        Input.EMBEDDINGS,
                        PlainLoops::probabilisticTransfer,
                        UNIT_SIMILARITY),
                new LossCase(
                        new DarkRankLoss(0.02, 3, 4),
                        Input.EMBEDDINGS,
                        PlainLoops::darkRank,
                        EnumSet.of(Blind.ROW_ORDER, Blind.ROTATION, Blind.TRANSLATION),
                        EnumSet.of(Blind.ROTATION, Blind.TRANSLATION, Blind.SCALE)),
                of(
                        new RelationMemory(DistanceLoss.guideScaled(), 16),
                        Input.EMBEDDINGS,
                        (t, s) -> PlainLoops.distance(t, s, true),
                        RELATION),
                of(
                        NeighbourhoodLoss.at(0.3),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.neighbourhood(t, s, 0.3, true),
                        DIRECTION),
                of(
                        NeighbourhoodLoss.ofPerplexity(3).withoutOwnRow(),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.neighbourhood(t, s, PlainLoops.temperature(t, 3), false),
                        DIRECTION),
                of(ContrastiveLoss.at(0.3), Input.EQUAL_WIDTHS, (t, s) -> PlainLoops.contrastive(t, s, 0.3), PICKING),
                of(
                        new StandardisedLogits(new SoftLogitsLoss(4)),
                        Input.LOGITS,
                        (t, s) -> PlainLoops.softLogits(PlainLoops.standardised(t), PlainLoops.standardised(s)),
                        PATTERN),
                of(
                        new StandardisedLogits(FeatureLoss.huber(1)),
                        Input.LOGITS,
                        (t, s) -> PlainLoops.huber(PlainLoops.standardised(t), PlainLoops.standardised(s)),
                        PATTERN),
                of(DecoupledLogitsLoss.published(), Input.LOGITS, PlainLoops::decoupledLogits, SOFTMAX),
                of(
                        CorrelationLogitsLoss.published(),
                        Input.LOGITS,
                        (t, s) -> PlainLoops.correlationLogits(t, s, 1, 1),
                        SOFTMAX),
                of(
                        new CorrelationLogitsLoss(1, 2, 0.5),
                        Input.LOGITS,
                        (t, s) -> PlainLoops.correlationLogits(t, s, 2, 0.5),
                        SOFTMAX),
                of(
                        FocalLoss.of(0),
                        Input.LABELS_AND_LOGITS,
                        (t, s) -> PlainLoops.crossEntropy(t, s, 0),
                        LABELS_AND_SOFTMAX),
                of(
                        FocalLoss.of(2).balanced(5, 1, 2, 2, 10),
                        Input.LABELS_AND_LOGITS,
                        PlainLoops::focal,
                        LABELS_AND_SOFTMAX),
                of(
                        new SupervisedContrastiveLoss(0.3),
                        Input.CLASSED_EMBEDDINGS,
                        PlainLoops::supervisedContrastive,
                        PICKING),
                of(new OctupletLoss(1.5), Input.CLASSED_EMBEDDINGS, PlainLoops::octuplet, PICKING),
                of(
                        ClassCentreLoss.at(0.3).withMargin(0.2),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.classCentre(t, s, 0.3, 0.2),
                        PICKING),
                of(
                        NoiseContrastiveLoss.at(0.3),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.noiseContrastive(t, s, 0.3, 0),
                        PICKING),
                of(
                        NoiseContrastiveLoss.at(0.3).withNoise(2),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.noiseContrastive(t, s, 0.3, 2),
                        PICKING),
                of(
                        new RelationContrastiveLoss(0.3, 0, 12),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.relationContrastive(t, s, 0.3, 0),
                        PICKING),
                of(
                        new RelationContrastiveLoss(0.3, 2, 12),
                        Input.EQUAL_WIDTHS,
                        (t, s) -> PlainLoops.relationContrastive(t, s, 0.3, 2),
                        PICKING),
                of(
                        new FalseAcceptRankLoss(List.of(0.1, 0.5), 0.3, 0.5, false),
                        Input.CLASSED_EMBEDDINGS,
                        (t, s) -> PlainLoops.falseAcceptRank(t, s, false),
                        UNIT_SIMILARITY),
                of(
                        new FalseAcceptRankLoss(List.of(0.1, 0.5), 0.3, 0.5, true),
                        Input.CLASSED_EMBEDDINGS,
                        (t, s) -> PlainLoops.falseAcceptRank(t, s, true),
                        DIRECTION),
                of(new MovingCentreLoss(0.3, 0.2), Input.CLASSED_EMBEDDINGS, PlainLoops::movingCentres, PICKING),
                of(
                        new QualityMarginLoss(8, 0.4, 0.333),
                        Input.LABELS_AND_NORMED_COSINES,
                        PlainLoops::qualityMargin,
                        LABELS),
                of(
                        new MagnitudeMarginLoss(8, 0.2, 0.6, 10, 110, 2).withLengths(0.5, 3),
                        Input.LABELS_AND_NORMED_COSINES,
                        PlainLoops::magnitudeMargin,
                        LABELS),
                ofMaps(
                        HintLoss.ofGuidesSpread(),
                        (t, s) -> PlainLoops.hint(t, s, true),
                        EnumSet.of(Blind.ROW_ORDER, Blind.COMMON_SCALE)),
                ofMaps(HintLoss.plain(), (t, s) -> PlainLoops.hint(t, s, false), EnumSet.of(Blind.ROW_ORDER)),
                ofMaps(new AttentionTransferLoss(), PlainLoops::attention, PLACES),
                ofMaps(new SpatialAffinityLoss(2), (t, s) -> PlainLoops.affinity(t, s, 2), PLACES),
                ofMaps(SpatialAffinityLoss.defaults(), (t, s) -> PlainLoops.affinity(t, s, 3), PLACES),
                of(HybridOrderLoss.defaults(), Input.EQUAL_WIDTHS, LossContractTest::defaults, DIRECTION));
    }

    private static LossCase of(
            BatchLoss loss, Input input, ToDoubleBiFunction<double[][], double[][]> plainLoops, Set<Blind> blindTo) {
        return new LossCase(loss, input, plainLoops, blindTo, blindTo);
    }

    private static LossCase ofMaps(
            MapLoss loss, ToDoubleBiFunction<double[][], double[][]> plainLoops, Set<Blind> blindTo) {
        return of(loss.between(LossCase.MAP, LossCase.LEARNERS_MAP), Input.MAPS, plainLoops, blindTo);
    }

    private static double defaults(double[][] t, double[][] s) {
        double[][] unitT = PlainLoops.unit(t);
        double[][] unitS = PlainLoops.unit(s);
        return 8 * PlainLoops.oneMinusCosine(t, s)
                + 0.25 * PlainLoops.distance(unitT, unitS, true)
                + 0.25 * PlainLoops.angle(unitT, unitS, true);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void agreesWithPlainLoops(LossCase loss) {
        for (int rows = 2; rows <= 9; rows++) {
            Random random = new Random(rows);
            double[][] guide = loss.guide(rows, random);
            double[][] learner = loss.learner(rows, random);
            double wanted = loss.plainLoops().applyAsDouble(guide, learner);
            assertEquals(wanted, loss.at(guide, learner).value(), 1e-10 * Math.max(1, wanted), "N = " + rows);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void agreesWithPlainLoopsOnCoincidingRows(LossCase loss) {
        for (int which = 0; which < 3; which++) {
            Random random = new Random(which);
            double[][] guide = loss.guide(6, random);
            double[][] learner = loss.learner(6, random);
            if (which != 0) {
                guide[4] = guide[3].clone();
            }
            if (which != 1) {
                learner[4] = learner[3].clone();
            }
            double wanted = loss.plainLoops().applyAsDouble(guide, learner);
            LossValue value = loss.at(guide, learner);
            assertEquals(wanted, value.value(), 1e-10 * Math.max(1, wanted));
            assertTrue(Double.isFinite(value.gradient().norm2Number().doubleValue()), "gradient");
            assertGradient(loss, guide, learner, 1e-6, Set.of(3, 4));
            LossValue narrow =
                    loss.loss().lossAndGradient(array(guide, DataType.FLOAT), array(learner, DataType.FLOAT));
            assertEquals(wanted, narrow.value(), 1e-5 * Math.max(1, wanted), "in single precision");
        }
    }

    /** Across the streams there is then no way from one to the other. */
    @ParameterizedTest
    @MethodSource("losses")
    void agreesWithPlainLoopsWhereALearnerMeetsAnotherGuide(LossCase loss) {
        assumeTrue(loss.input() == Input.EQUAL_WIDTHS);
        double[][] guide = loss.guide(6, new Random(61));
        double[][] learner = loss.learner(6, new Random(62));
        learner[4] = guide[1].clone();
        LossValue value = loss.at(guide, learner);
        double wanted = loss.plainLoops().applyAsDouble(guide, learner);
        assertEquals(wanted, value.value(), 1e-10 * Math.max(1, wanted));
        assertTrue(Double.isFinite(value.gradient().norm2Number().doubleValue()), "gradient");
        assertGradient(loss, guide, learner, 1e-6, Set.of(4));
    }

    /** Two classes have a pattern, and equal logits none. */
    @Test
    void standardisedLogitsOfTwoClassesAndOfNone() {
        BatchLoss soft = new StandardisedLogits(new SoftLogitsLoss(1));
        INDArray two = Nd4j.createFromArray(new double[][] {{1, 0}});
        assertTrue(soft.valueOf(two, two.rsub(1)) > 0.1);
        BatchLoss squared = new StandardisedLogits(FeatureLoss.squared());
        INDArray pattern = Nd4j.createFromArray(new double[][] {{1, 2, 3}});
        INDArray none = Nd4j.createFromArray(new double[][] {{4, 4, 4}});
        assertEquals(squared.valueOf(pattern, none.mul(0)), squared.valueOf(pattern, none));
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientMatchesFiniteDifferences(LossCase loss) {
        for (int rows = 2; rows <= 7; rows++) {
            Random random = new Random(100 + rows);
            assertGradient(loss, loss.guide(rows, random), loss.learner(rows, random), 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientIsRightWhereGuideRowsCoincide(LossCase loss) {
        Random random = new Random(5);
        double[][] guide = loss.guide(5, random);
        guide[3] = guide[2].clone();
        assertGradient(loss, guide, loss.learner(5, random), 1e-6);
    }

    private static void assertGradient(LossCase loss, double[][] guide, double[][] learner, double tolerance) {
        assertGradient(loss, guide, learner, tolerance, Set.of());
    }

    /** Of all rows but some. */
    private static void assertGradient(
            LossCase loss, double[][] guide, double[][] learner, double tolerance, Set<Integer> but) {
        double[][] gradient = loss.at(guide, learner).gradient().toDoubleMatrix();
        for (int i = 0; i < learner.length; i++) {
            for (int d = 0; d < learner[i].length && !but.contains(i); d++) {
                if (loss.isConstant(d)) {
                    assertEquals(0, gradient[i][d]);
                    continue;
                }
                double[][] moved = copy(learner);
                double step = 1e-5;
                moved[i][d] = learner[i][d] + step;
                double up = loss.at(guide, moved).value();
                moved[i][d] = learner[i][d] - step;
                double numeric = (up - loss.at(guide, moved).value()) / (2 * step);
                assertEquals(
                        numeric,
                        gradient[i][d],
                        tolerance * Math.max(1, Math.abs(numeric)),
                        "row " + i + ", column " + d + " of " + learner.length + " rows");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void isZeroWhenLearnerEqualsGuide(LossCase loss) {
        assumeTrue(loss.is(Blind.EQUALITY_IS_ZERO));
        double[][] same = loss.guide(7, new Random(1));
        LossValue value = loss.at(same, same);
        assertEquals(0, value.value(), 1e-12);
        assertEquals(0, value.gradient().norm2Number().doubleValue(), 1e-8);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void isBlindToWhatItSays(LossCase loss) {
        double[][] learner = loss.learner(7, new Random(9));
        double[][] guide = loss.guide(7, new Random(10));
        for (Blind blind : Blind.ONE_SIDED) {
            assertBlind(loss, blind, loss.is(blind), guide, learner, guide, blind.of(learner));
            if (!loss.hasLabels()) {
                assertBlind(loss, blind, loss.guideBlindTo().contains(blind), guide, learner, blind.of(guide), learner);
            }
        }
        for (Blind blind : Blind.COMMON) {
            if (blind == Blind.ROW_ORDER || !loss.hasLabels()) {
                assertBlind(loss, blind, loss.is(blind), guide, learner, blind.of(guide), blind.of(learner));
            }
        }
    }

    private static void assertBlind(
            LossCase loss,
            Blind blind,
            boolean says,
            double[][] guide,
            double[][] learner,
            double[][] otherGuide,
            double[][] otherLearner) {
        double value = loss.at(guide, learner).value();
        double after = loss.at(otherGuide, otherLearner).value();
        String side = otherLearner == learner ? "guide's " : otherGuide == guide ? "learner's " : "";
        if (says) {
            assertEquals(value, after, 1e-10 * Math.max(1, value), side + blind);
        } else if (!loss.hasLabels()) {
            assertNotEquals(value, after, 1e-6, "blind to " + side + blind + " without saying so");
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void smallOrCollapsedBatchIsZeroNotNaN(LossCase loss) {
        Random random = new Random(3);
        double[][] one = loss.learner(1, random);
        LossValue alone = loss.at(loss.guide(1, random), one);
        double[][] collapsed = {one[0], one[0], one[0], one[0]};
        LossValue together = loss.at(loss.guide(4, random), collapsed);
        LossValue both = loss.at(repeat(loss.guide(1, random)[0], 4), collapsed);
        loss.at(loss.guide(4, random), loss.learner(4, random)); // so that buffers hold something
        LossValue guideOnly = loss.at(repeat(loss.guide(1, random)[0], 4), loss.learner(4, random));
        for (LossValue value : new LossValue[] {alone, together, both, guideOnly}) {
            assertTrue(Double.isFinite(value.value()), value.toString());
            assertTrue(Double.isFinite(value.gradient().norm2Number().doubleValue()), value.toString());
            if (loss.is(Blind.COLLAPSE_IS_ZERO)) {
                assertEquals(0, value.value());
                assertEquals(0, value.gradient().norm2Number().doubleValue());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void aRowOfZerosIsNoNaN(LossCase loss) {
        Random random = new Random(31);
        for (int which = 0; which < 3; which++) {
            double[][] guide = loss.guide(6, random);
            double[][] learner = loss.learner(6, random);
            if (which != 0) {
                java.util.Arrays.fill(learner[2], 0);
            }
            if (which != 1 && !loss.hasLabels()) {
                java.util.Arrays.fill(guide[which == 2 ? 2 : 4], 0);
            }
            LossValue value = loss.at(guide, learner);
            assertTrue(Double.isFinite(value.value()), which + ": " + value.value());
            assertTrue(Double.isFinite(value.gradient().norm2Number().doubleValue()), "gradient, " + which);
            if (which != 0 && (loss.loss() instanceof UnitEmbeddings || loss.loss() instanceof CosineLoss)) {
                assertEquals(0, value.gradient().getRow(2).norm2Number().doubleValue(), "it has no direction");
                assertGradient(loss, guide, learner, 1e-6, Set.of(2));
            }
            if (loss.loss() instanceof CosineLoss) {
                int without = which == 0 ? 4 : 2;
                assertEquals(0, value.gradient().getRow(without).norm2Number().doubleValue(), "nothing to turn it to");
                assertEquals(loss.at(but(guide, without), but(learner, without)).value(), value.value(), 1e-12);
            }
        }
    }

    private static double[][] but(double[][] rows, int which) {
        return IntStream.range(0, rows.length)
                .filter(i -> i != which)
                .mapToObj(i -> rows[i])
                .toArray(double[][]::new);
    }

    /** A trainer refuses batches that are smaller: those it takes must teach something. */
    @ParameterizedTest
    @MethodSource("losses")
    void theSmallestBatchSaysSomethingAndASmallerOneNothing(LossCase loss) {
        assumeFalse(loss.loss() instanceof RelationMemory, "it takes what the past makes up for");
        int rows = loss.loss().smallestBatch();
        assertTrue(loss.at(loss.guide(rows, new Random(1)), loss.learner(rows, new Random(2)))
                        .gradient()
                        .norm2Number()
                        .doubleValue()
                > 1e-6);
        for (int fewer = 1;
                fewer < rows && !(loss.loss() instanceof HybridOrderLoss);
                fewer++) { // its first order says something of one row
            LossValue value = loss.at(loss.guide(fewer, new Random(1)), loss.learner(fewer, new Random(2)));
            assertEquals(0, value.value(), 1e-12, fewer + " rows");
            assertEquals(0, value.gradient().norm2Number().doubleValue(), 1e-12, fewer + " rows");
        }
    }

    private static double[][] repeat(double[] row, int times) {
        double[][] rows = new double[times][];
        java.util.Arrays.fill(rows, row);
        return rows;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void closeAndHugeRowsGiveFiniteGradientsThatPointDownhill(LossCase loss) {
        assumeTrue(loss.input() == Input.EMBEDDINGS || loss.input() == Input.EQUAL_WIDTHS);
        for (int which = 0; which < 4; which++) {
            Random random = new Random(40 + which);
            double[][] guide = loss.guide(7, random);
            double[][] learner = loss.learner(7, random);
            switch (which) {
                case 0 -> learner[2][0] = (learner[1] = learner[2].clone())[0] + 1e-7;
                case 1 -> guide[2][0] = (guide[1] = guide[2].clone())[0] + 1e-7;
                case 2 -> {
                    scale(learner, 1e6);
                    scale(guide, 1e6);
                }
                default -> scale(new double[][] {learner[3]}, 1e6);
            }
            LossValue value = loss.at(guide, learner);
            double norm = value.gradient().norm2Number().doubleValue();
            assertTrue(
                    Double.isFinite(value.value()) && Double.isFinite(norm) && norm > 0, which + ": " + value.value());
            assertTrue(
                    DoubleStream.iterate(100, step -> step / 10)
                            .limit(12)
                            .anyMatch(step -> foretells(loss, guide, learner, step)),
                    "case " + which + ": no step changes the value as the gradient says");
        }
    }

    /** Whether a step of this length down the gradient lowers the value as much as the gradient says, to 5 %. */
    private static boolean foretells(LossCase loss, double[][] guide, double[][] learner, double step) {
        LossValue value = loss.at(guide, learner);
        double[][] gradient = value.gradient().toDoubleMatrix();
        double norm = value.gradient().norm2Number().doubleValue();
        double[][] moved = copy(learner);
        for (int i = 0; i < moved.length; i++) {
            for (int d = 0; d < moved[i].length; d++) {
                moved[i][d] -= step * gradient[i][d] / norm;
            }
        }
        double drop = value.value() - loss.at(guide, moved).value();
        return Math.abs(drop / (step * norm) - 1) < 0.05;
    }

    private static void scale(double[][] x, double factor) {
        for (double[] row : x) {
            for (int d = 0; d < row.length; d++) {
                row[d] *= factor;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void notANumberStaysVisible(LossCase loss) {
        Random random = new Random(4);
        double[][] learner = loss.learner(6, random);
        double[][] guide = loss.guide(6, random);
        double[][] broken = copy(learner);
        broken[0][1] = Double.NaN;
        assertNaN(loss, guide, broken);
        if (!loss.hasLabels()) {
            loss.at(guide, learner); // so that buffers hold numbers
            guide[0][1] = Double.NaN;
            assertNaN(loss, guide, learner);
        }
    }

    private static void assertNaN(LossCase loss, double[][] guide, double[][] learner) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            LossValue value = loss.loss().lossAndGradient(array(guide, type), array(learner, type));
            assertTrue(Double.isNaN(value.value()), "value, " + type);
            assertTrue(Double.isNaN(value.gradient().sumNumber().doubleValue()), "gradient, " + type);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void hugeLogitsAreNoNaN(LossCase loss) {
        assumeTrue(loss.input() == Input.LOGITS || loss.input() == Input.LABELS_AND_LOGITS);
        double[][] guide = loss.guide(6, new Random(51));
        double[][] learner = loss.learner(6, new Random(52));
        scale(learner, 1e4);
        if (!loss.hasLabels()) {
            scale(guide, 1e4);
        }
        LossValue value = loss.at(guide, learner);
        assertTrue(Double.isFinite(value.value()), "value: " + value.value());
        assertTrue(Double.isFinite(value.gradient().norm2Number().doubleValue()), "gradient");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientIsRightWhereRowsAreNearlyOpposite(LossCase loss) {
        assumeTrue(loss.input() == Input.EMBEDDINGS || loss.input() == Input.EQUAL_WIDTHS);
        double[][] guide = loss.guide(5, new Random(53));
        double[][] learner = loss.learner(5, new Random(54));
        double[] opposite = learner[1].clone();
        for (int d = 0; d < opposite.length; d++) {
            learner[2][d] = 0.02 * learner[2][d] - opposite[d];
        }
        assertGradient(loss, guide, learner, 1e-5);
    }

    /** What a loss remembers of the batch before is worth nothing to fewer rows, or narrower ones, that begin with the same numbers. */
    @ParameterizedTest
    @MethodSource("losses")
    void theBatchBeforeIsNotTakenForThisOne(LossCase loss) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray guide = array(loss.guide(8, new Random(55)), type);
            INDArray learner = array(loss.learner(8, new Random(56)), type);
            INDArray fewGuides = guide.get(NDArrayIndex.interval(0, 5), NDArrayIndex.all());
            INDArray fewLearners = learner.get(NDArrayIndex.interval(0, 5), NDArrayIndex.all());
            LossValue wanted = loss.loss().lossAndGradient(fewGuides, fewLearners);
            LossValue all = loss.loss().lossAndGradient(guide, learner);
            assertEquals(wanted, loss.loss().lossAndGradient(fewGuides, fewLearners), "fewer rows");
            if (loss.input() == Input.EMBEDDINGS) {
                INDArray wider = Nd4j.concat(
                                1, learner.reshape(1, 40), learner.mul(2).reshape(1, 40))
                        .reshape(8, 10);
                loss.loss().lossAndGradient(guide, wider);
                assertEquals(all, loss.loss().lossAndGradient(guide, learner), "narrower rows");
            }
            DataType otherType = type == DataType.FLOAT ? DataType.DOUBLE : DataType.FLOAT;
            loss.loss()
                    .lossAndGradient(
                            array(loss.guide(8, new Random(59)), otherType),
                            array(loss.learner(8, new Random(60)), otherType));
            assertEquals(all, loss.loss().lossAndGradient(guide, learner), "after others in " + otherType);
        }
    }

    @Test
    void noTwoLossesAreEqual() {
        List<LossCase> all = losses().toList();
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < all.size(); j++) {
                assertEquals(i == j, all.get(i).loss().equals(all.get(j).loss()), i + " and " + j);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void floatAgreesWithDouble(LossCase loss) {
        for (int rows : new int[] {5, 64, 130, 530}) { // beyond the 512 anchors of one block
            assertFloatAgrees(loss, rows, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theSmallestBatchesAgreeInSinglePrecision(LossCase loss) {
        for (int rows = 1; rows <= 4; rows++) {
            INDArray guide = array(loss.guide(rows, new Random(57)), DataType.FLOAT);
            INDArray learner = array(loss.learner(rows, new Random(58)), DataType.FLOAT);
            LossValue narrow = loss.loss().lossAndGradient(guide, learner);
            LossValue wide =
                    loss.loss().lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
            assertEquals(wide.value(), narrow.value(), 1e-4 * Math.max(1, wide.value()), "N = " + rows);
            double norm = wide.gradient().norm2Number().doubleValue();
            double off = wide.gradient().distance2(narrow.gradient().castTo(DataType.DOUBLE));
            assertEquals(0, off, 1e-4 * Math.max(1, norm), "gradient, N = " + rows);
        }
    }

    static void assertFloatAgrees(LossCase loss, int rows, double tolerance) {
        Random random = new Random(rows);
        INDArray guide = array(loss.guide(rows, random), DataType.FLOAT);
        INDArray learner = array(loss.learner(rows, random), DataType.FLOAT);
        LossValue narrow = loss.loss().lossAndGradient(guide, learner);
        LossValue wide = loss.loss().lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
        assertEquals(DataType.FLOAT, narrow.gradient().dataType());
        assertEquals(DataType.DOUBLE, wide.gradient().dataType());
        assertEquals(wide.value(), narrow.value(), tolerance * Math.abs(wide.value()), "value, N = " + rows);
        double norm = wide.gradient().norm2Number().doubleValue();
        double off = wide.gradient()
                .sub(narrow.gradient().castTo(DataType.DOUBLE))
                .norm2Number()
                .doubleValue();
        assertTrue(off <= tolerance * norm, "gradient, N = " + rows + ": off by " + off / norm);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void takesAnyLayoutAndLeavesItUntouched(LossCase loss) {
        Random random = new Random(6);
        INDArray guide = array(loss.guide(6, random), DataType.DOUBLE);
        INDArray learner = array(loss.learner(6, random), DataType.DOUBLE);
        LossValue wanted = loss.loss().lossAndGradient(guide, learner);
        int columns = learner.columns();
        INDArray wide = Nd4j.zeros(DataType.DOUBLE, 9, columns + 3);
        INDArray view = wide.get(NDArrayIndex.interval(2, 8), NDArrayIndex.interval(1, columns + 1));
        view.assign(learner);
        // Some rows of a larger array: in row order, but not from the beginning of its memory.
        INDArray rows =
                Nd4j.zeros(DataType.DOUBLE, 9, learner.columns()).get(NDArrayIndex.interval(2, 8), NDArrayIndex.all());
        rows.assign(learner);
        for (INDArray other : new INDArray[] {
            learner.dup('f'), view, rows, learner.transpose().dup('c').transpose()
        }) {
            INDArray before = other.dup();
            LossValue value = loss.loss().lossAndGradient(guide.dup('f'), other);
            assertEquals(wanted.value(), value.value(), 0);
            assertEquals(wanted.gradient(), value.gradient());
            assertEquals(before, other);
        }
        assertEquals(
                wanted.value(),
                loss.loss()
                        .lossAndGradient(guide.castTo(DataType.FLOAT), learner)
                        .value(),
                1e-4);
    }

    @ParameterizedTest
    @MethodSource("losses")
    void tellsDl4jTheSumOverTheBatch(LossCase loss) {
        Random random = new Random(7);
        INDArray guide = array(loss.guide(6, random), DataType.DOUBLE);
        INDArray before = array(loss.learner(6, random), DataType.DOUBLE);
        INDArray learner = Transforms.tanh(before, true);
        LossValue value = loss.loss().lossAndGradient(guide, learner);
        BatchLoss dl4j = loss.loss();
        var identity = new ActivationIdentity();
        assertClose(value.gradient().mul(6), dl4j.computeGradient(guide, learner, identity, null));
        assertEquals(value.value(), dl4j.computeScore(guide, learner, identity, null, true), 1e-12);
        assertEquals(6 * value.value(), dl4j.computeScore(guide, learner, identity, null, false), 1e-11);
        assertEquals(
                6 * value.value(),
                dl4j.computeScoreArray(guide, learner, identity, null)
                        .sumNumber()
                        .doubleValue(),
                1e-10);
        var pair = dl4j.computeGradientAndScore(guide, before, new ActivationTanH(), null, false);
        assertEquals(6 * value.value(), pair.getFirst(), 1e-11);
        assertClose(value.gradient().mul(6).mul(learner.mul(learner).rsub(1)), pair.getSecond());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void maskLeavesRowsOut(LossCase loss) {
        Random random = new Random(8);
        INDArray guide = array(loss.guide(6, random), DataType.DOUBLE);
        INDArray learner = array(loss.learner(6, random), DataType.DOUBLE);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1}, {0}, {1}, {1}, {0}, {1}});
        int[] kept = {0, 2, 3, 5};
        LossValue some = loss.loss().lossAndGradient(guide.getRows(kept), learner.getRows(kept));
        var identity = new ActivationIdentity();
        INDArray gradient = loss.loss().computeGradient(guide, learner, identity, mask);
        assertClose(some.gradient().mul(6), gradient.getRows(kept));
        assertEquals(0, gradient.getRows(1, 4).norm2Number().doubleValue());
        assertEquals(some.value(), loss.loss().computeScore(guide, learner, identity, mask, true), 1e-12);
        INDArray none = Nd4j.zeros(DataType.DOUBLE, 6, 1);
        assertEquals(0, loss.loss().computeScore(guide, learner, identity, none, true));
        assertEquals(
                0,
                loss.loss()
                        .computeGradient(guide, learner, identity, none)
                        .norm2Number()
                        .doubleValue());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void survivesJsonAndModelFile(LossCase loss, @TempDir Path folder) throws Exception {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "embedding",
                        new DenseLayer.Builder()
                                .nIn(4)
                                .nOut(loss.learner(1, new Random(1))[0].length)
                                .activation(Activation.TANH)
                                .build(),
                        "in")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(loss.loss())
                                .activation(Activation.IDENTITY)
                                .build(),
                        "embedding")
                .setOutputs("loss")
                .build();
        var read = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertEquals(loss.loss(), lossOf(read));
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        Path file = folder.resolve("graph.zip");
        ModelSerializer.writeModel(graph, file.toFile(), true);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file.toFile());
        assertEquals(loss.loss(), lossOf(loaded.getConfiguration()));
        assertArrayEquals(graph.params().toFloatVector(), loaded.params().toFloatVector());
        Random random = new Random(2);
        loaded.fit(
                new INDArray[] {array(gaussian(6, 4, random), DataType.FLOAT)},
                new INDArray[] {array(loss.guide(6, random), DataType.FLOAT)});
        assertTrue(Double.isFinite(loaded.score()));
    }

    /** Spark sends configurations so. */
    @ParameterizedTest
    @MethodSource("losses")
    void survivesJavaSerialisation(LossCase loss) throws Exception {
        var configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "loss",
                        new LossLayer.Builder(loss.loss())
                                .activation(Activation.IDENTITY)
                                .build(),
                        "in")
                .setOutputs("loss")
                .build();
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(configuration);
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(loss.loss(), lossOf((ComputationGraphConfiguration) in.readObject()));
        }
    }

    private static Object lossOf(ComputationGraphConfiguration configuration) {
        return ((LossLayer) ((org.deeplearning4j.nn.conf.graph.LayerVertex)
                                configuration.getVertices().get("loss"))
                        .getLayerConf()
                        .getLayer())
                .getLossFn();
    }

    private static void assertClose(INDArray wanted, INDArray got) {
        assertEquals(
                0,
                wanted.distance2(got),
                1e-10 * Math.max(1, wanted.norm2Number().doubleValue()));
    }
}
