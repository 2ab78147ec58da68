package io.github.horkd.loss;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static io.github.horkd.loss.LossCase.array;
import static io.github.horkd.loss.LossCase.gaussian;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HigherOrderLossTest {

    private static final INDArray GUIDE = array(gaussian(9, 12, new Random(1)), DataType.DOUBLE);
    private static final INDArray LEARNER = array(gaussian(9, 10, new Random(2)), DataType.DOUBLE);

    @Test
    void orderThreeIsTheAngle() {
        LossValue angle = AngleLoss.guideScaled().lossAndGradient(GUIDE, LEARNER);
        LossValue third = HigherOrderLoss.guideScaled(3, 1000, 0).lossAndGradient(GUIDE, LEARNER);
        assertEquals(angle.value(), third.value(), 1e-10);
        assertEquals(0, angle.gradient().distance2(third.gradient()), 1e-10);
    }

    @Test
    void orderFourIsTheDihedralAngle() {
        // the angle between the planes through the axis from the anchor to the third end, and the first and second end
        double[][] x = {{0, 0, 0}, {1, 0.5, 0.3}, {0.2, 1.5, -0.4}, {0, 0, 2}};
        double[] a = {1, 0.5};
        double[] b = {0.2, 1.5};
        double dihedral = PlainLoops.cosine(a, b);
        Tuples tuples = Tuples.of(4, 4, 1000, 0);
        double[] squares = new double[16];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                squares[4 * i + j] = Math.pow(PlainLoops.length(x, i, j), 2);
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < tuples.count(); i++) {
            seen.add(tuples.anchor(i) + " " + tuples.end(i, 0) + " " + tuples.end(i, 1) + " " + tuples.end(i, 2));
            if (tuples.anchor(i) == 0 && tuples.end(i, 2) == 3) {
                assertEquals(
                        dihedral,
                        new TupleRelation(4, 1).of(tuples, i, new Geometry.OfTable(squares, 4, null), 0),
                        1e-5);
            }
        }
        assertEquals(12, seen.size());
    }

    /** The contract's embeddings are too narrow for the highest orders. */
    @ParameterizedTest
    @ValueSource(ints = {5, 7, 8})
    void theHighestOrdersAgreeWithPlainLoopsAndFiniteDifferences(int order) {
        double[][] guide = GUIDE.toDoubleMatrix();
        double[][] learner = LEARNER.toDoubleMatrix();
        var loss = HigherOrderLoss.guideScaled(order, 1_000_000, 0);
        LossValue value = loss.lossAndGradient(GUIDE, LEARNER);
        assertEquals(PlainLoops.higherOrder(guide, learner, order, true, false), value.value(), 1e-10);
        double step = 1e-5;
        for (int i = 0; i < 9; i += 4) {
            for (int d = 0; d < 10; d += 3) {
                double up =
                        loss.lossAndGradient(GUIDE, moved(learner, i, d, step)).value();
                double down =
                        loss.lossAndGradient(GUIDE, moved(learner, i, d, -step)).value();
                assertEquals((up - down) / (2 * step), value.gradient().getDouble(i, d), 1e-7);
            }
        }
    }

    private static INDArray moved(double[][] rows, int i, int d, double step) {
        double[][] other = LossCase.copy(rows);
        other[i][d] += step;
        return array(other, DataType.DOUBLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8})
    void allTuplesAreThereOnce(int order) {
        int all = (int) Tuples.all(order, 9);
        Tuples tuples = Tuples.of(order, 9, all, 0); // a budget that they just fit
        assertEquals(all, tuples.count());
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < tuples.count(); i++) {
            StringBuilder key = new StringBuilder().append(tuples.anchor(i));
            for (int edge = 0; edge < order - 1; edge++) {
                key.append(' ').append(tuples.end(i, edge));
            }
            assertTrue(seen.add(key.toString()), key.toString());
        }
    }

    /** A thread keeps its last set, for the very same question. */
    @Test
    void anotherOrderOrNumberOrSeedIsAnotherSet() {
        Tuples first = Tuples.of(4, 9, 20, 1);
        assertSame(first, Tuples.of(4, 9, 20, 1));
        assertEquals(5, Tuples.of(5, 9, 20, 1).order());
        Tuples.of(4, 9, 20, 1);
        Tuples fewRows = Tuples.of(4, 5, 20, 1);
        for (int i = 0; i < fewRows.count(); i++) {
            assertTrue(fewRows.anchor(i) < 5 && fewRows.end(i, 2) < 5);
        }
        Tuples.of(4, 9, 20, 1);
        assertEquals(10, Tuples.of(4, 9, 10, 1).count());
        Tuples.of(4, 9, 20, 1);
        assertNotSame(first, Tuples.of(4, 9, 20, 2));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 8})
    void drawnTuplesGiveTheSameByRowsAndByTables(int order) {
        // 9 rows: 4 tuples of order 3 cost less than a table of all pairs; 9000 drawn of 100 rows cost more
        for (int rows : new int[] {40, 100}) {
            INDArray guide = array(gaussian(rows, 12, new Random(3)), DataType.DOUBLE);
            INDArray learner = array(gaussian(rows, 10, new Random(4)), DataType.DOUBLE);
            for (int budget : new int[] {20, 2000}) {
                var loss = HigherOrderLoss.guideScaled(order, budget, 7);
                LossValue value = loss.lossAndGradient(guide, learner);
                LossValue byTables = loss.byTables(Tuples.of(order, rows, budget, 7), guide, learner);
                LossValue byRows = loss.byRows(Tuples.of(order, rows, budget, 7), guide, learner);
                assertEquals(byTables.value(), byRows.value(), 1e-9);
                assertEquals(0, byTables.gradient().distance2(byRows.gradient()), 1e-8);
                assertEquals(value.value(), byRows.value(), 1e-9);
                assertEquals(value, loss.lossAndGradient(guide, learner), "the same seed, the same tuples");
                assertNotEquals(
                        value.value(),
                        HigherOrderLoss.guideScaled(order, budget, 8)
                                .lossAndGradient(guide, learner)
                                .value());
            }
        }
    }

    @Test
    void anEstimateFromDrawnTuplesIsNearTheWhole() {
        INDArray guide = array(gaussian(40, 12, new Random(5)), DataType.DOUBLE);
        INDArray learner = array(gaussian(40, 10, new Random(6)), DataType.DOUBLE);
        double whole = HigherOrderLoss.guideScaled(3, 1_000_000, 0)
                .lossAndGradient(guide, learner)
                .value();
        assertEquals(
                whole,
                HigherOrderLoss.guideScaled(3, 8000, 0)
                        .lossAndGradient(guide, learner)
                        .value(),
                0.05 * whole);
    }

    @Test
    void rejectsWhatHasNoMeaning() {
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> HigherOrderLoss.plain(8, 10, 0)
                                .lossAndGradient(array(gaussian(9, 5, new Random(1)), DataType.DOUBLE), LEARNER))
                .getMessage()
                .contains("width of at least 7"));
        assertThrows(IllegalArgumentException.class, () -> HigherOrderLoss.plain(2, 10, 0));
        assertThrows(IllegalArgumentException.class, () -> HigherOrderLoss.plain(9, 10, 0));
        assertThrows(IllegalArgumentException.class, () -> HigherOrderLoss.plain(3, 0, 0));
        assertThrows(
                IllegalArgumentException.class, () -> new HigherOrderLoss(3, 10, 0, RelationForm.RKD_COMPATIBLE, 1));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> CrossStreamLoss.plain(2, 10, 0).lossAndGradient(GUIDE, LEARNER))
                .getMessage()
                .contains("projection"));
    }
}
