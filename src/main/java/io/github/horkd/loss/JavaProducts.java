package io.github.horkd.loss;

import java.util.Arrays;

/**
 * Products of small matrices in plain Java. Each loop is one array expression over whole rows, eight products deep where rows are long and fused operations are one instruction, else four: the
 * form that HotSpot's C2 turns into vector instructions (longer bodies it leaves scalar). {@value #TILE} rows go through the right side together,
 * so that it is fetched from the far caches a quarter as often.
 */
final class JavaProducts {

    private static final int TILE = 4;

    /** From so many columns on eight products deep is faster than four; below, what is left over by vectors costs more. */
    private static final int LONG = 256;

    private JavaProducts() {}

    /** into_(i − from) = Σ_d left_id · right_d, d &lt; depth, for rows i from {@code from} to {@code to}: {@code count} columns of a product. */
    static void products(float[][] left, int from, int to, float[][] right, int depth, int count, float[][] into) {
        for (int tile = from; tile < to; tile += TILE) {
            int end = Math.min(tile + TILE, to);
            for (int i = tile; i < end; i++) {
                Arrays.fill(into[i - from], 0, count, 0);
            }
            int d = 0;
            for (; count >= LONG && FusedArithmetic.HERE && d + 7 < depth; d += 8) {
                for (int i = tile; i < end; i++) {
                    addEight(into[i - from], left[i], d, right, count);
                }
            }
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

    /** Two chains side by side: in one, each product would wait for the one before it. */
    private static void addEight(float[] into, float[] row, int from, float[][] right, int count) {
        float a = row[from + 0];
        float b = row[from + 1];
        float c = row[from + 2];
        float d = row[from + 3];
        float e = row[from + 4];
        float f = row[from + 5];
        float g = row[from + 6];
        float h = row[from + 7];
        float[] s = right[from + 0];
        float[] t = right[from + 1];
        float[] u = right[from + 2];
        float[] v = right[from + 3];
        float[] w = right[from + 4];
        float[] x = right[from + 5];
        float[] y = right[from + 6];
        float[] z = right[from + 7];
        for (int j = 0; j < count; j++) {
            float even = Math.fma(g, y[j], Math.fma(e, w[j], Math.fma(c, u[j], Math.fma(a, s[j], into[j]))));
            float odd = Math.fma(d, v[j], Math.fma(f, x[j], Math.fma(h, z[j], b * t[j])));
            into[j] = even + odd;
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
            for (; count >= LONG && FusedArithmetic.HERE && d + 7 < depth; d += 8) {
                for (int i = tile; i < end; i++) {
                    addEight(into[i - from], left[i], d, right, count);
                }
            }
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

    /** Two chains side by side: in one, each product would wait for the one before it. */
    private static void addEight(double[] into, double[] row, int from, double[][] right, int count) {
        double a = row[from + 0];
        double b = row[from + 1];
        double c = row[from + 2];
        double d = row[from + 3];
        double e = row[from + 4];
        double f = row[from + 5];
        double g = row[from + 6];
        double h = row[from + 7];
        double[] s = right[from + 0];
        double[] t = right[from + 1];
        double[] u = right[from + 2];
        double[] v = right[from + 3];
        double[] w = right[from + 4];
        double[] x = right[from + 5];
        double[] y = right[from + 6];
        double[] z = right[from + 7];
        for (int j = 0; j < count; j++) {
            double even = Math.fma(g, y[j], Math.fma(e, w[j], Math.fma(c, u[j], Math.fma(a, s[j], into[j]))));
            double odd = Math.fma(d, v[j], Math.fma(f, x[j], Math.fma(h, z[j], b * t[j])));
            into[j] = even + odd;
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
