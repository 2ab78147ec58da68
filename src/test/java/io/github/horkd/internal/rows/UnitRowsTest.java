package io.github.horkd.internal.rows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class UnitRowsTest {

    private static float[] drawn(int count, int width, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Test
    void rowsHaveLengthOneAndZerosStayZeros() {
        UnitRows rows = UnitRows.of("rows", Nd4j.createFromArray(new float[][] {{3, 4}, {0, 0}, {1e-30f, 0}}));
        assertArrayEquals(new float[] {.6f, .8f, 0, 0, 1, 0}, rows.values());
    }

    private static INDArray sum(INDArray high, INDArray low) {
        return UnitRows.of("high", high).plus(UnitRows.of("low", low));
    }

    @Test
    void rowsOfZerosAddNothing() {
        INDArray zeros = Nd4j.zeros(2, 3);
        assertEquals(zeros, sum(zeros, zeros));
        INDArray rows = Nd4j.createFromArray(new float[][] {{0, 0, 2}, {3, 4, 0}});
        assertEquals(Nd4j.createFromArray(new float[][] {{0, 0, 1}, {0.6f, 0.8f, 0}}), sum(zeros, rows));
        assertThrows(IllegalArgumentException.class, () -> sum(zeros, Nd4j.zeros(2, 4)));
        assertThrows(IllegalArgumentException.class, () -> sum(zeros, Nd4j.zeros(3, 3)));
    }

    @Test
    void oneRowMayComeAsAVector() {
        assertEquals(1, UnitRows.of("probe", Nd4j.createFromArray(3f, 4f), 2).count());
        assertThrows(IllegalArgumentException.class, () -> UnitRows.of("probe", Nd4j.createFromArray(3f, 4f), 3));
    }

    @Test
    void aRowThatIsNotFiniteIsNamed() {
        INDArray rows = Nd4j.createFromArray(new float[][] {{1, 0}, {Float.NaN, 0}});
        String message = assertThrows(IllegalArgumentException.class, () -> UnitRows.of("gallery", rows))
                .getMessage();
        assertTrue(message.startsWith("gallery: row 1 "), message);
    }

    /** The last crosses the limit of a block. */
    @ParameterizedTest
    @CsvSource({"1,1,1", "1,7,3", "5,4,16", "3,0,4", "0,3,4", "9,500000,2"})
    void productsAreThoseOfPlainLoops(int left, int right, int width) {
        UnitRows a = UnitRows.in("a", drawn(left, width, 1), width);
        UnitRows b = UnitRows.in("b", drawn(right, width, 2), width);
        int[] next = {0};
        a.compare(b, (row, products, at) -> {
            assertEquals(next[0]++, row);
            for (int j = 0; j < right; j += Math.max(1, right / 100)) {
                assertEquals(a.cosine(row, b, j), products[at + j], 1e-6);
            }
        });
        assertEquals(left, next[0]);
    }

    @Test
    void combinationsAreThoseOfPlainLoops() {
        float[] right = drawn(6, 4, 3);
        float[] factors = drawn(3, 6, 4);
        float[] sums = new float[12];
        try (RowProducts products = RowProducts.with(right, 6, 4)) {
            products.combine(factors, 3, sums);
            assertArrayEquals(right, products.values());
        }
        for (int i = 0; i < 3; i++) {
            for (int d = 0; d < 4; d++) {
                double sum = 0;
                for (int j = 0; j < 6; j++) {
                    sum += factors[i * 6 + j] * right[j * 4 + d];
                }
                assertEquals(sum, sums[i * 4 + d], 1e-5);
            }
        }
    }

    @Test
    void widthsMustAgree() {
        UnitRows two = UnitRows.of("a", Nd4j.zeros(DataType.FLOAT, 2, 2));
        UnitRows three = UnitRows.of("b", Nd4j.zeros(DataType.FLOAT, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> two.compare(three, (row, products, at) -> {}));
    }
}
