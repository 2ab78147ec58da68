package io.github.horkd.loss;

/**
 * Sums, maxima and exponentials of rows in single precision. The loops over exponentials are one array expression of at most 60 nodes each: C2 makes
 * vectors of them.
 */
final class FloatRows {

    /** Below this an argument is as good as this: e^−32 is 1e-14, and no sum over fewer than a million of those shows in single precision. */
    private static final float LOWEST = -32;

    /** The series is asked for the 16th part of its argument, and its value squared four times. */
    private static final float PART = 1f / 16;

    private FloatRows() {}

    static float max(float[] x, int count) {
        float a = Float.NEGATIVE_INFINITY;
        float b = a;
        float c = a;
        float d = a;
        int j = 0;
        for (; j + 3 < count; j += 4) {
            a = Math.max(a, x[j]);
            b = Math.max(b, x[j + 1]);
            c = Math.max(c, x[j + 2]);
            d = Math.max(d, x[j + 3]);
        }
        for (; j < count; j++) {
            a = Math.max(a, x[j]);
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }

    /**
     * x_j := exp((x_j − max) · factor) for x_j ≤ max, to 2e-6 of the value above e^−10, 1e-4 of it above e^−15 and 2e-3 of it above e^−20. What would be
     * less than e^−32 is about that. NaN stays NaN.
     */
    static void exp(float[] x, int count, float max, float factor) {
        for (int j = 0; j < count; j++) {
            x[j] = Math.max((x[j] - max) * factor, LOWEST) * PART;
        }
        for (int j = 0; j < count; j++) {
            float y = x[j];
            x[j] = 1
                    + y
                            * (1
                                    + y
                                            * (1f / 2
                                                    + y
                                                            * (1f / 6
                                                                    + y
                                                                            * (1f / 24
                                                                                    + y
                                                                                            * (1f / 120
                                                                                                    + y
                                                                                                            * (1f / 720
                                                                                                                    + y
                                                                                                                            * (1f
                                                                                                                                            / 5040
                                                                                                                                    + y
                                                                                                                                            * (1f
                                                                                                                                                    / 40320))))))));
        }
        for (int j = 0; j < count; j++) {
            float y = x[j] * x[j];
            float z = y * y;
            float w = z * z;
            x[j] = w * w;
        }
    }

    /** The sum, by four running sums in double, always in the same order. */
    static double sum(float[] x, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j + 3 < count; j += 4) {
            a += x[j];
            b += x[j + 1];
            c += x[j + 2];
            d += x[j + 3];
        }
        for (; j < count; j++) {
            a += x[j];
        }
        return a + b + (c + d);
    }
}
