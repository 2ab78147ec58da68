package io.github.horkd.loss;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** Read into a loss that has seen other classes, which it forgets. */
    @Test
    void aStateReplacesWhatWasThere() throws IOException {
        value(EAST_IS_0_NORTH_IS_1, rows(new double[] {1, 0.2}, new double[] {0.3, 1}));
        var bytes = new ByteArrayOutputStream();
        loss.writeState(new DataOutputStream(bytes));
        MovingCentreLoss other = new MovingCentreLoss(0.5, 0);
        other.lossAndGradient(rows(new double[] {1, 1, 7}), rows(new double[] {1, 1}));
        other.lossAndGradient(rows(new double[] {1, 2, 8}), rows(new double[] {1, 1}));
        other.readState(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        INDArray learner = rows(new double[] {0.4, 0.6});
        assertEquals(
                value(rows(new double[] {0.5, 1, 0}), learner),
                other.lossAndGradient(rows(new double[] {0.5, 1, 0}), learner).value());
    }

    /** The newest batch is known by its rows and by its classes: one that shares either is another, and moves the centres on. */
    @Test
    void aBatchOfTheSameClassesOrTheSameRowsIsAnother() {
        INDArray learner = rows(new double[] {1, 0.8}, new double[] {0.9, 1});
        INDArray otherRows = rows(new double[] {1, 0, 0}, new double[] {1, 1, 1});
        INDArray otherClasses = rows(new double[] {1, 0, 1}, new double[] {0, 1, 0});
        for (INDArray next : new INDArray[] {otherRows, otherClasses}) {
            double fresh = value(next, learner);
            loss.reset();
            value(EAST_IS_0_NORTH_IS_1, learner);
            assertNotEquals(fresh, value(next, learner), 1e-3);
            loss.reset();
        }
    }

    /** Sums go by four values and what is left. */
    @ParameterizedTest
    @ValueSource(ints = {3, 8, 11})
    void widthsOfAnyKind(int width) {
        double[][] guide = LossCase.gaussian(2, width + 1, new Random(width));
        double[][] learner = LossCase.gaussian(2, width, new Random(width + 1));
        guide[0][width] = 0;
        guide[1][width] = 1;
        double wanted = 0;
        for (int i = 0; i < 2; i++) {
            double own = PlainLoops.cosine(learner[i], Arrays.copyOf(guide[i], width));
            double other = PlainLoops.cosine(learner[i], Arrays.copyOf(guide[1 - i], width));
            wanted += Math.log(1 + Math.exp((other - own) / 0.5)) / 2;
        }
        assertEquals(wanted, value(rows(guide), rows(learner)), 1e-12);
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
