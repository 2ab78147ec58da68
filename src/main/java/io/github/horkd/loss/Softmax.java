package io.github.horkd.loss;

/** Softmax by its logarithm, which neither overflows nor loses the small probabilities. */
final class Softmax {

    private Softmax() {}

    /** Replaces {@code width} values from {@code at} on by log softmax(values / temperature). */
    static void logOf(double[] values, int at, int width, double temperature) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = at; c < at + width; c++) {
            values[c] /= temperature;
            max = Math.max(max, values[c]);
        }
        double sum = 0;
        for (int c = at; c < at + width; c++) {
            sum += Math.exp(values[c] - max);
        }
        double logSum = max + Math.log(sum);
        for (int c = at; c < at + width; c++) {
            values[c] -= logSum;
        }
    }
}
