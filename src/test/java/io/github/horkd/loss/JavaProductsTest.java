package io.github.horkd.loss;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Products by ones, fours and eights, over long rows and short ones, against three loops; what lies beyond the columns wanted stays. */
class JavaProductsTest {

    private static final int ROWS = 7;

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 1", "4, 5", "7, 256", "8, 256", "8, 255", "9, 257", "21, 300"})
    void areThoseOfThreeLoops(int depth, int count) {
        double[][] left = LossCase.gaussian(ROWS, depth, new Random(depth));
        double[][] right = LossCase.gaussian(depth, count + 1, new Random(count));
        for (int from = 0; from < ROWS; from += 3) {
            for (int to = from + 1; to <= ROWS; to += 2) {
                double[][] wide = new double[ROWS][count + 1];
                float[][] single = narrow(wide);
                for (int i = 0; i < ROWS; i++) {
                    wide[i][0] = 5; // from an earlier product
                    single[i][0] = 5;
                    wide[i][count] = 7;
                    single[i][count] = 7;
                }
                JavaProducts.products(left, from, to, right, depth, count, wide);
                JavaProducts.products(narrow(left), from, to, narrow(right), depth, count, single);
                for (int i = 0; i < to - from; i++) {
                    for (int j = 0; j < count; j++) {
                        double wanted = 0;
                        for (int d = 0; d < depth; d++) {
                            wanted += left[from + i][d] * right[d][j];
                        }
                        assertEquals(wanted, wide[i][j], 1e-12);
                        assertEquals(wanted, single[i][j], 1e-5);
                    }
                    assertEquals(7, wide[i][count]);
                    assertEquals(7, single[i][count]);
                }
            }
        }
    }

    private static float[][] narrow(double[][] x) {
        float[][] narrow = new float[x.length][x[0].length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x[i].length; j++) {
                narrow[i][j] = (float) x[i][j];
            }
        }
        return narrow;
    }
}
