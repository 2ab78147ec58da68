package io.github.horkd.loss;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Rows that nearly or exactly coincide, and a row far away, neither lose their digits nor drown the others. */
class BoundedPullTest {

    private static final double[][] GUIDE = {{1, 0}, {0, 1}, {-1, 0}, {.3, -1}};

    private static double[][] nearPair(double apart) {
        return new double[][] {{1, 0}, {1, apart}, {0, 1}, {-1, -1}};
    }

    private static double norm(INDArray array) {
        return array.norm2Number().doubleValue();
    }

    /** At 1e-5 the value of the published angles was .0287282 and the gradient 2.4 % off, at 1e-7 120 %. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7})
    void relationsOfANearPairKeepTheirDigitsInSinglePrecision(double apart) {
        INDArray learner = array(nearPair(apart), DataType.FLOAT);
        INDArray guide = array(GUIDE, DataType.FLOAT);
        for (BatchLoss loss : new BatchLoss[] {
            AngleLoss.rkdCompatible(), AngleLoss.plain(), AngleLoss.guideScaled(), DistanceLoss.plain()
        }) {
            for (INDArray[] sides : new INDArray[][] {{guide, learner}, {learner, guide}}) {
                LossValue mixed = loss.lossAndGradient(sides[0].castTo(DataType.DOUBLE), sides[1]);
                LossValue single = loss.lossAndGradient(sides[0], sides[1]);
                LossValue wide =
                        loss.lossAndGradient(sides[0].castTo(DataType.DOUBLE), sides[1].castTo(DataType.DOUBLE));
                assertEquals(wide.value(), single.value(), 5e-6 * wide.value(), loss.toString());
                assertEquals(wide.value(), mixed.value(), 5e-6 * wide.value(), loss + ", the guide in double");
                double off = norm(wide.gradient().sub(single.gradient().castTo(DataType.DOUBLE)));
                assertTrue(off <= 1e-5 * norm(wide.gradient()), loss + ": off by " + off / norm(wide.gradient()));
            }
        }
        if (apart == 1e-5) {
            double rkd =
                    AngleLoss.rkdCompatible().lossAndGradient(guide, learner).value();
            assertEquals(.0288338, rkd, 1e-7);
        }
    }

    /** Near is what is near in units of its side's distances. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e3, 1e6})
    void aNearPairOfTheGuideIsNoticedInAnyUnit(double scale) {
        INDArray guide = array(nearPair(1e-5), DataType.FLOAT).muli(scale);
        INDArray learner = array(GUIDE, DataType.FLOAT);
        double wide = AngleLoss.rkdCompatible().valueOf(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
        assertEquals(wide, AngleLoss.rkdCompatible().valueOf(guide, learner), 5e-6 * wide);
    }

    /** What pulls two near rows apart is taken from the rows, not from products of each with all others. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1e-4, 1e-5})
    void aNearPairFarFromTheMiddleKeepsItsDigits(double apart) {
        double[][] rows = {{1, 0}, {1, apart}, {0, 1}, {-1, 2}};
        INDArray learner = array(rows, DataType.FLOAT);
        INDArray guide = array(GUIDE, DataType.FLOAT);
        LossValue single = DistanceLoss.plain().lossAndGradient(guide, learner);
        LossValue wide =
                DistanceLoss.plain().lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
        double off = norm(wide.gradient().sub(single.gradient().castTo(DataType.DOUBLE)));
        assertTrue(off <= 1e-6 * norm(wide.gradient()), "off by " + off / norm(wide.gradient()));
    }

    /** In a large batch as well, and as a term beside others. */
    @Test
    void aNearPairInALargeBatchKeepsItsDigits() {
        double[][] rows = gaussian(130, 8, new Random(1));
        rows[71] = rows[5].clone();
        rows[71][0] += 1e-4;
        INDArray learner = array(rows, DataType.FLOAT);
        INDArray guide = array(gaussian(130, 8, new Random(2)), DataType.FLOAT);
        BatchLoss loss = HybridOrderLoss.of(
                new HybridOrderLoss.Term("angle", 1, AngleLoss.rkdCompatible()),
                new HybridOrderLoss.Term("distance", 1, DistanceLoss.rkdCompatible()));
        LossValue single = loss.lossAndGradient(guide, learner);
        LossValue wide = loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
        assertEquals(wide.value(), single.value(), 1e-6 * wide.value());
        double off = norm(wide.gradient().sub(single.gradient().castTo(DataType.DOUBLE)));
        assertTrue(off <= 1e-5 * norm(wide.gradient()), "off by " + off / norm(wide.gradient()));
    }

    /** Which edges are too short for a direction does not depend on the unit, and is the same for all relations of order 3. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-3, 1, 1e3})
    void shortEdgesAreShortInAnyUnit(double scale) {
        INDArray near = array(nearPair(1e-3), DataType.DOUBLE).muli(scale);
        INDArray usual = array(GUIDE, DataType.DOUBLE).muli(scale);
        for (INDArray[] sides : new INDArray[][] {{near, usual}, {usual, near}}) {
            LossValue wanted = AngleLoss.plain().lossAndGradient(sides[0], sides[1]);
            HigherOrderLoss loss = HigherOrderLoss.plain(3, 1000, 0);
            Tuples tuples = Tuples.of(3, 4, 1000, 0);
            for (LossValue value :
                    List.of(loss.byTables(tuples, sides[0], sides[1]), loss.byRows(tuples, sides[0], sides[1]))) {
                assertEquals(wanted.value(), value.value(), 1e-6);
                assertEquals(0, wanted.gradient().distance2(value.gradient()), 1e-5 * norm(wanted.gradient()));
            }
        }
    }

    /** A distance has a slope of 1 however short it is: order 2 leaves out what coincides, order 3 what is near. */
    @Test
    void aShortDistanceCountsAndAShortEdgeDoesNot() {
        double[][] learner = nearPair(1e-3);
        learner[1] = new double[] {GUIDE[0][0], GUIDE[0][1] + 1e-3};
        for (int order : new int[] {2, 3}) {
            assertEquals(
                    PlainLoops.higherOrder(GUIDE, learner, order, false, true),
                    CrossStreamLoss.plain(order, 1000, 0)
                            .lossAndGradient(array(GUIDE, DataType.DOUBLE), array(learner, DataType.DOUBLE))
                            .value(),
                    1e-10);
        }
    }

    /** With exact duplicates of the learner, orders 4 and 5 pulled 3 and 17 times as hard as without. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6})
    void duplicatesPullNoHarderThanOthers(int order) {
        BatchLoss loss = HigherOrderLoss.guideScaled(order, 50_000, 1);
        double ordinary = 0;
        double withDuplicates = 0;
        for (int seed = 0; seed < 8; seed++) {
            INDArray guide = array(gaussian(10, 16, new Random(seed)), DataType.DOUBLE);
            double[][] learner = gaussian(10, 16, new Random(100 + seed));
            ordinary += norm(
                    loss.lossAndGradient(guide, array(learner, DataType.DOUBLE)).gradient());
            learner[3] = learner[8].clone();
            withDuplicates += norm(
                    loss.lossAndGradient(guide, array(learner, DataType.DOUBLE)).gradient());
        }
        assertTrue(withDuplicates < 1.5 * ordinary, withDuplicates + " against " + ordinary);
    }

    /** A row of norm 1e6 made nearly all edges short in units of the mean, and so left nearly all angles out. */
    @Test
    void aRowFarAwayDoesNotSilenceTheOthers() {
        INDArray guide = array(gaussian(24, 8, new Random(1)), DataType.FLOAT);
        double[][] rows = gaussian(24, 8, new Random(2));
        INDArray ordinary = array(rows, DataType.FLOAT);
        for (int d = 0; d < 8; d++) {
            rows[7][d] *= 1e6;
        }
        INDArray learner = array(rows, DataType.FLOAT);
        for (BatchLoss loss :
                new BatchLoss[] {AngleLoss.plain(), AngleLoss.guideScaled(), HigherOrderLoss.plain(4, 50_000, 1)}) {
            LossValue before = loss.lossAndGradient(guide, ordinary);
            LossValue after = loss.lossAndGradient(guide, learner);
            LossValue wide = loss.lossAndGradient(guide.castTo(DataType.DOUBLE), learner.castTo(DataType.DOUBLE));
            assertTrue(after.value() > 0.5 * before.value(), loss + ": " + after.value() + " of " + before.value());
            assertEquals(wide.value(), after.value(), 1e-5 * wide.value(), loss.toString());
            for (int row = 0; row < 24; row++) {
                double pull = norm(after.gradient().getRow(row));
                assertTrue(row == 7 || pull > 0.1 * norm(before.gradient().getRow(row)), loss + ": row " + row);
            }
        }
    }

    /** A row that is hardly there: its direction counts, its length must not. */
    static Stream<BatchLoss> overUnitRows() {
        return Stream.of(
                CosineLoss.squaredDistance(),
                new UnitEmbeddings(DistanceLoss.guideScaled()),
                new UnitEmbeddings(AngleLoss.guideScaled()),
                ContrastiveLoss.at(0.1),
                NeighbourhoodLoss.at(0.1),
                new CorrelationCongruenceLoss(0.4),
                new SupervisedContrastiveLoss(0.1),
                new OctupletLoss(0.5));
    }

    @ParameterizedTest
    @MethodSource("overUnitRows")
    void aRowThatIsHardlyTherePullsAHundredTimesAsHardAtMost(BatchLoss loss) {
        Nd4j.getRandom().setSeed(4);
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            INDArray guide = Nd4j.randn(type, 8, 5);
            INDArray learner = Nd4j.randn(type, 8, 5);
            LossValue before = loss.lossAndGradient(guide, learner);
            double usual = before.gradient().norm2(1).maxNumber().doubleValue()
                    * learner.norm2(1).maxNumber().doubleValue();
            for (double length : new double[] {1e-4, 1e-12, 1e-18}) {
                INDArray faint = learner.dup();
                faint.getRow(3).muli(length / faint.getRow(3).norm2Number().doubleValue());
                LossValue value = loss.lossAndGradient(guide, faint);
                assertEquals(before.value(), value.value(), 1e-4 * Math.abs(before.value()), "value");
                double pull = value.gradient().getRow(3).norm2Number().doubleValue();
                assertTrue(pull <= 200 * usual, loss + " at " + length + ": " + pull + ", else " + usual);
                INDArray others = before.gradient().sub(value.gradient());
                others.getRow(3).assign(0);
                assertEquals(0, others.norm2Number().doubleValue(), 1e-4 * usual, "the other rows");
            }
        }
    }

    /** With β = 1 a distance of 0 would pull with its inverse. */
    @Test
    void aRankOfDuplicatesPullsNothing() {
        double[][] rows = gaussian(5, 3, new Random(7));
        rows[2] = rows[4].clone();
        INDArray guide = array(gaussian(5, 3, new Random(8)), DataType.DOUBLE);
        LossValue value = new DarkRankLoss(0.5, 1, 4).lossAndGradient(guide, array(rows, DataType.DOUBLE));
        assertTrue(norm(value.gradient()) < 10, "pulls with " + norm(value.gradient()));
    }

    /** A hundredth of the median of those above 0. */
    @Test
    void theLeastLengthIsAShareOfTheUsualOne() {
        assertEquals(0.04, ShortRows.leastLength(new double[] {4, 0, 8, 2, 0, 0, 0}, 7), 1e-15);
        assertEquals(0, ShortRows.leastLength(new double[] {0, 0, 5}, 2));
    }

    @Test
    void selectsWhatSortingWouldPutThere() {
        Random random = new Random(3);
        for (int count = 1; count <= 30; count++) {
            double[] values =
                    random.ints(count, 0, 1 + count / 2).asDoubleStream().toArray();
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            for (int place = 0; place < count; place++) {
                assertEquals(sorted[place], TypicalDistance.select(values.clone(), count, place));
            }
        }
    }

    @Test
    void theTypicalDistanceIsTheMedianOfThoseAboveZero() {
        double[] place = {0, 0, 1, 3, 1e6};
        assertEquals(3, TypicalDistance.among(5, (i, j) -> Math.pow(place[i] - place[j], 2)), 1e-12);
        double[] coinciding = {0, 0, 0, 0, 1, 3};
        assertEquals(2, TypicalDistance.among(6, (i, j) -> Math.pow(coinciding[i] - coinciding[j], 2)), 1e-12);
        assertEquals(0, TypicalDistance.among(5, (i, j) -> 0));
        assertEquals(0, TypicalDistance.among(1, (i, j) -> 1));
        Random random = new Random(1);
        double[] many = random.doubles(1000).toArray();
        double median = 1 - Math.sqrt(0.5);
        assertEquals(median, TypicalDistance.among(1000, (i, j) -> Math.pow(many[i] - many[j], 2)), 0.03);
        double[][] rows = gaussian(5, 3, random);
        SideDistances side = new SideDistances();
        side.read(array(rows, DataType.DOUBLE), false);
        SideDistances.measure(List.of(side));
        double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        assertEquals(Geometry.typicalDistance(flat, 5, 3), side.typical(), 1e-12);
    }
}
