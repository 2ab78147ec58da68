package io.github.horkd.loss;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Where a loss picks one of several, the first of equals is picked: as if it were the better one by a hair. */
class TiesTest {

    private static final double HAIR = 1e-8;

    @Test
    void ofEquallyProbableClassesTheFirstIsTheTarget() {
        INDArray learner = Nd4j.createFromArray(new double[][] {{0.1, 1, -2}});
        double tie = decoupled(2, 2, learner);
        assertEquals(decoupled(2 + HAIR, 2, learner), tie, 1e-6);
        assertTrue(Math.abs(decoupled(2, 2 + HAIR, learner) - tie) > 1e-2);
    }

    private static double decoupled(double first, double second, INDArray learner) {
        INDArray guide = Nd4j.createFromArray(new double[][] {{first, second, 0}});
        return DecoupledLogitsLoss.published().lossAndGradient(guide, learner).value();
    }

    /** Two rows equally far from two others. */
    @Test
    void ofEquallyFarRowsTheFirstIsRanked() {
        double tie = darkRank(0);
        assertEquals(darkRank(-HAIR), tie, 1e-6);
        assertTrue(Math.abs(darkRank(HAIR) - tie) > 1e-2);
    }

    private static double darkRank(double further) {
        INDArray guide = Nd4j.createFromArray(new double[][] {{0, 0}, {1, 0}, {0, 2 + further}, {0, -2}});
        INDArray learner = Nd4j.createFromArray(new double[][] {{0, 0}, {1, 0.3}, {0.2, 1.7}, {0.4, -0.6}});
        return new DarkRankLoss(0.5, 1, 2).lossAndGradient(guide, learner).value();
    }

    /** An anchor in the middle of two rows of its class and of two rows of another. */
    @Test
    void ofEquallyHardRowsTheFirstPulls() {
        INDArray tie = octuplet(0);
        assertEquals(0, tie.distance2(octuplet(HAIR)), 1e-6);
        assertTrue(tie.distance2(octuplet(-HAIR)) > 1e-2);
    }

    private static INDArray octuplet(double better) {
        INDArray guide = Nd4j.createFromArray(
                new double[][] {{1, 0.2, 0}, {0.3, 0.8, 0}, {0.6, -1, 0}, {-0.4, 0.9, 1}, {-0.2, -1, 1}});
        INDArray learner = Nd4j.createFromArray(new double[][] {
            {1, 0},
            {Math.cos(0.5), Math.sin(0.5)},
            {Math.cos(0.5 - better), -Math.sin(0.5 - better)},
            {Math.cos(1.2), Math.sin(1.2)},
            {Math.cos(1.2 + better), -Math.sin(1.2 + better)}
        });
        return new OctupletLoss(1.5).lossAndGradient(guide, learner).gradient();
    }
}
