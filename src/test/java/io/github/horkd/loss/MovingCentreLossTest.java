package io.github.horkd.loss;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What its centres keep from batch to batch; values stand in {@link GoldenTest}. */
class MovingCentreLossTest {

    private final MovingCentreLoss loss = new MovingCentreLoss(0.5, 0);

    /** Two values a row, and a class. */
    private static INDArray rows(double[]... rows) {
        return Nd4j.createFromArray(rows);
    }

    private static final INDArray EAST_IS_0_NORTH_IS_1 = rows(new double[] {1, 0, 0}, new double[] {0, 1, 1});

    private double value(INDArray guide, INDArray learner) {
        return loss.lossAndGradient(guide, learner).value();
    }

    @Test
    void aPoorLearnersCentreIsTheSampleItself() {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0}, new double[] {0, 1}));
        // The learner is at right angles to the guide: α = 0, so class 0 moves from east to west at once.
        double value = value(rows(new double[] {-1, 0, 0}), rows(new double[] {0, -1}));
        assertEquals(Math.log(1 + Math.exp((-1 - 0) / 0.5)), value, 1e-12);
    }

    @Test
    void aGoodLearnersCentreStaysWhereItWas() {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0}, new double[] {0, 1}));
        // α = 1: the new guide row changes nothing.
        double[] south = {0, -1};
        double value = value(rows(new double[] {0, -1, 0}), rows(south));
        assertEquals(Math.log(1 + Math.exp((-1 - 0) / 0.5)), value, 1e-12);
    }

    @Test
    void classesSeenEarlierAreCandidates() {
        INDArray guide = rows(new double[] {1, 0, 0});
        INDArray learner = rows(new double[] {1, 0});
        assertEquals(0, value(guide, learner), 1e-12, "one class alone");
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0}, new double[] {0, 1}));
        assertEquals(Math.log(1 + Math.exp(-1 / 0.5)), value(guide, learner), 1e-12);
        loss.reset();
        assertEquals(0, value(guide, learner), 1e-12);
    }

    @Test
    void aSampleWithoutAClassIsItsOwnAndForgotten() {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0}, new double[] {0, 1}));
        value(rows(new double[] {-1, 0, -1}), rows(new double[] {-1, 0}));
        assertEquals(
                Math.log(1 + Math.exp(-1 / 0.5)),
                value(rows(new double[] {1, 0, 0}), rows(new double[] {1, 0})),
                1e-12);
    }

    @Test
    void whatIsKeptGoesOnAfterAnInterruption() throws IOException {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0.2}, new double[] {0.3, 1}));
        value(rows(new double[] {1, 1, 1}), rows(new double[] {1, 0.5}));
        var bytes = new ByteArrayOutputStream();
        loss.writeState(new DataOutputStream(bytes));
        MovingCentreLoss other = new MovingCentreLoss(0.5, 0);
        other.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        INDArray guide = rows(new double[] {0.5, 1, 0});
        INDArray learner = rows(new double[] {0.4, 0.6});
        assertNotEquals(
                value(guide, learner),
                new MovingCentreLoss(0.5, 0).lossAndGradient(guide, learner).value());
        assertEquals(
                value(guide, learner), other.lossAndGradient(guide, learner).value());
    }

    @Test
    void anotherWidthIsRefused() {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0}, new double[] {0, 1}));
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> value(rows(new double[] {1, 0, 0, 0}), rows(new double[] {1, 0, 0})))
                .getMessage()
                .contains("reset()"));
    }
}
