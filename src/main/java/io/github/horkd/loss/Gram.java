package io.github.horkd.loss;

import java.util.Arrays;

/**
 * Products of small matrices in plain Java. Each loop is one array expression over whole rows, four products deep: the form
 * that HotSpot's C2 turns into vector instructions (longer bodies it leaves scalar).
 */
final class Gram {

    private Gram() {
    }

    /** into_j = Σ_d row_d · transposed_dj for j &lt; count: a row of a matrix product. */
    static void products(float[] row, float[][] transposed, int width, int count, float[] into) {
        Arrays.fill(into, 0, count, 0);
        int d = 0;
        for (; d + 3 < width; d += 4) {
            addFour(into, row[d], transposed[d], row[d + 1], transposed[d + 1],
                    row[d + 2], transposed[d + 2], row[d + 3], transposed[d + 3], count);
        }
        for (; d < width; d++) {
            addOne(into, row[d], transposed[d], count);
        }
    }

    private static void addFour(float[] into, float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w,
                                int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j] + b * y[j] + (c * z[j] + d * w[j]);
        }
    }

    private static void addOne(float[] into, float a, float[] x, int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j];
        }
    }

    static void products(double[] row, double[][] transposed, int width, int count, double[] into) {
        Arrays.fill(into, 0, count, 0);
        int d = 0;
        for (; d + 3 < width; d += 4) {
            addFour(into, row[d], transposed[d], row[d + 1], transposed[d + 1],
                    row[d + 2], transposed[d + 2], row[d + 3], transposed[d + 3], count);
        }
        for (; d < width; d++) {
            addOne(into, row[d], transposed[d], count);
        }
    }

    private static void addFour(double[] into, double a, double[] x, double b, double[] y, double c, double[] z,
                                double d, double[] w, int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j] + b * y[j] + (c * z[j] + d * w[j]);
        }
    }

    private static void addOne(double[] into, double a, double[] x, int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j];
        }
    }
}
