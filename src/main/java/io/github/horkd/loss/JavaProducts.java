package io.github.horkd.loss;

import java.util.Arrays;

/**
 * Products of small matrices in plain Java. Each loop is one array expression over whole rows, four products deep: the form
 * that HotSpot's C2 turns into vector instructions (longer bodies it leaves scalar). {@value #TILE} rows go through the right side together,
 * so that it is fetched from the far caches a quarter as often.
 */
final class JavaProducts {

    private static final int TILE = 4;

    private JavaProducts() {}

    /** into_(i − from) = Σ_d left_id · right_d, d &lt; depth, for rows i from {@code from} to {@code to}: {@code count} columns of a product. */
    static void products(float[][] left, int from, int to, float[][] right, int depth, int count, float[][] into) {
        for (int tile = from; tile < to; tile += TILE) {
            int end = Math.min(tile + TILE, to);
            for (int i = tile; i < end; i++) {
                Arrays.fill(into[i - from], 0, count, 0);
            }
            int d = 0;
            for (; d + 3 < depth; d += 4) {
                for (int i = tile; i < end; i++) {
                    float[] row = left[i];
                    addFour(
                            into[i - from],
                            row[d],
                            right[d],
                            row[d + 1],
                            right[d + 1],
                            row[d + 2],
                            right[d + 2],
                            row[d + 3],
                            right[d + 3],
                            count);
                }
            }
            for (; d < depth; d++) {
                for (int i = tile; i < end; i++) {
                    addOne(into[i - from], left[i][d], right[d], count);
                }
            }
        }
    }

    private static void addFour(
            float[] into, float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w, int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j] + b * y[j] + (c * z[j] + d * w[j]);
        }
    }

    private static void addOne(float[] into, float a, float[] x, int count) {
        for (int j = 0; j < count; j++) {
            into[j] += a * x[j];
        }
    }

    /** The same in double precision. */
    static void products(double[][] left, int from, int to, double[][] right, int depth, int count, double[][] into) {
        for (int tile = from; tile < to; tile += TILE) {
            int end = Math.min(tile + TILE, to);
            for (int i = tile; i < end; i++) {
                Arrays.fill(into[i - from], 0, count, 0);
            }
            int d = 0;
            for (; d + 3 < depth; d += 4) {
                for (int i = tile; i < end; i++) {
                    double[] row = left[i];
                    addFour(
                            into[i - from],
                            row[d],
                            right[d],
                            row[d + 1],
                            right[d + 1],
                            row[d + 2],
                            right[d + 2],
                            row[d + 3],
                            right[d + 3],
                            count);
                }
            }
            for (; d < depth; d++) {
                for (int i = tile; i < end; i++) {
                    addOne(into[i - from], left[i][d], right[d], count);
                }
            }
        }
    }

    private static void addFour(
            double[] into,
            double a,
            double[] x,
            double b,
            double[] y,
            double c,
            double[] z,
            double d,
            double[] w,
            int count) {
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
