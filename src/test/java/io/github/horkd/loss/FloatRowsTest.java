package io.github.horkd.loss;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Rows of any length, in buffers that go on with larger numbers. */
class FloatRowsTest {

    private static float[] row(int count) {
        float[] row = new float[count + 5];
        Random random = new Random(count);
        for (int j = 0; j < row.length; j++) {
            row[j] = j < count ? -random.nextFloat() * 40 : 100;
        }
        return row;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 63})
    void readsTheRowAndNotWhatLiesBehindIt(int count) {
        float[] row = row(count);
        float max = Float.NEGATIVE_INFINITY;
        double sum = 0;
        for (int j = 0; j < count; j++) {
            max = Math.max(max, row[j]);
            sum += row[j];
        }
        assertEquals(max, FloatRows.max(row, count));
        assertEquals(sum, FloatRows.sum(row, count), 1e-12 * count * 40);
        FloatRows.exp(row, count, max, 1);
        assertEquals(100, row[count]);
    }

    /** To 2e-6 above e^−10, 1e-4 above e^−15, 2e-3 above e^−20, and about e^−32 below that. */
    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, -1, -5, -9.9, -14.9, -19.9, -32, -50, -1e6})
    void exponentialsAreAsGoodAsTheySay(double x) {
        float[] row = {(float) (3 + 2 * x)};
        double wanted = Math.exp(Math.max((row[0] - 3) / 2, -32));
        FloatRows.exp(row, 1, 3, 0.5f);
        double tolerance = x >= -10 ? 2e-6 : x >= -15 ? 1e-4 : x >= -20 ? 2e-3 : 0.2;
        assertEquals(wanted, row[0], tolerance * wanted);
    }
}
