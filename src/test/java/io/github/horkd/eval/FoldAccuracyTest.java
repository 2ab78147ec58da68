package io.github.horkd.eval;

import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class FoldAccuracyTest {

    @Test
    void thresholdComesFromTheOtherFolds() {
        // Fold 0 is cut best between 0.2 and 0.8, fold 1 between 0.35 and 0.55.
        float[] scores = {0.8f, 0.2f, 0.55f, 0.35f};
        boolean[] same = {true, false, true, false};
        FoldAccuracy result = FoldAccuracy.of(scores, same, new int[] {0, 0, 1, 1}, Accuracy.PLAIN);
        assertEquals(0.45, result.thresholds().get(0), 1e-6);
        assertEquals(0.5, result.thresholds().get(1), 1e-6);
        assertEquals(List.of(1.0, 1.0), result.accuracies());
        // Everything above 0.45 would be accepted in a fold of large mismatched scores.
        FoldAccuracy fooled =
                FoldAccuracy.of(new float[] {0.9f, 0.6f, 0.5f, 0.4f}, same, new int[] {0, 0, 1, 1}, Accuracy.PLAIN);
        assertEquals(List.of(0.5, 0.5), fooled.accuracies());
    }

    @Test
    void meanAndStandardErrorByHand() {
        FoldAccuracy result = new FoldAccuracy(List.of(0.8, 0.9, 1.0), List.of(0.0, 0.0, 0.0));
        assertEquals(0.9, result.mean(), 1e-12);
        assertEquals(0.1 / Math.sqrt(3), result.standardError(), 1e-12);
        assertEquals("accuracy 90.00 ± 5.77 % (standard error over 3 folds)", result.toString());
    }

    @Test
    void foldsAreWanted() {
        assertThrows(
                IllegalArgumentException.class,
                () -> FoldAccuracy.of(new float[2], new boolean[2], new int[2], Accuracy.PLAIN));
        assertThrows(
                IllegalArgumentException.class,
                () -> FoldAccuracy.of(new float[2], new boolean[2], new int[1], Accuracy.PLAIN));
    }
}
