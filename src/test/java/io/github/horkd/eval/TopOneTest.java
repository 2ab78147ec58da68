package io.github.horkd.eval;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TopOneTest {

    @Test
    void countsByHand() {
        var scores = Numbers.rows(new float[] {1, 2, 0}, new float[] {5, 1, 1}, new float[] {0, 0, 9});
        TopOne result = TopOne.of(scores, new int[] {1, 2, 2});
        assertEquals(2, result.correct());
        assertEquals(2.0 / 3, result.rate(), 1e-12);
        assertEquals("top-1 66.7 % of 3", result.toString());
    }

    @Test
    void anAccentBesideItsLetterIsTheSameClass() {
        INDArray scores = Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}});
        TopOne both = TopOne.byName(scores, List.of("Jose\u0301", "b"), new int[] {0, 1}, List.of("Jos\u00e9", "b"));
        assertEquals(2, both.counted());
        assertEquals(1, both.rate());
    }

    @Test
    void leavesUnlabelledOut() {
        var scores = Numbers.rows(new float[] {1, 2}, new float[] {2, 1}, new float[] {2, 1});
        assertEquals(new TopOne(1, 2, 0), TopOne.of(scores, new int[] {1, -1, 1}));
    }

    @Test
    void tiesCountAsAFairDrawWould() {
        var scores = Numbers.rows(new float[] {3, 3, 0}, new float[] {1, 1, 1}, new float[] {2, 2, 7});
        TopOne result = TopOne.of(scores, new int[] {0, 2, 1});
        assertEquals(1.0 / 2 + 1.0 / 3, result.correct(), 1e-12);
    }

    @Test
    void nothingLabelledIsNotANumber() {
        TopOne result = TopOne.of(Numbers.rows(new float[] {1, 2}), new int[] {-1});
        assertTrue(Double.isNaN(result.rate()));
        assertEquals("top-1 n/a % of 0", result.toString());
    }

    @Test
    void badInputIsTold() {
        var scores = Numbers.rows(new float[] {1, 2}, new float[] {1, Float.NaN});
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TopOne.of(scores, new int[] {0, 1}))
                .getMessage()
                .contains("row 1 holds NaN"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TopOne.of(scores, new int[] {2, 1}))
                .getMessage()
                .contains("label of row 0: wanted 0 to 1, got 2"));
        assertThrows(IllegalArgumentException.class, () -> TopOne.of(scores, new int[] {0}));
    }
}
