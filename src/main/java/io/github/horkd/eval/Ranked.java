package io.github.horkd.eval;

import java.util.Arrays;

/**
 * Scores in ascending order, equal ones merged, with the weight that lies at or above each.
 *
 * @param values distinct scores, ascending
 * @param above  {@code above[i]} is the weight of the scores ≥ {@code values[i]}; one more entry, 0, for what is above
 *               all
 */
record Ranked(float[] values, double[] above) {

    static Ranked of(float[] scores, double[] weights) {
        float[] values = new float[scores.length];
        double[] each = new double[scores.length];
        int n = 0;
        for (int i : order(scores)) {
            if (weights[i] == 0) {
                continue;
            }
            float score = scores[i] + 0f;
            if (n == 0 || values[n - 1] != score) {
                values[n++] = score;
            }
            each[n - 1] += weights[i];
        }
        return cumulated(Arrays.copyOf(values, n), each);
    }

    /** The indices of scores, the smallest first. */
    static int[] order(float[] scores) {
        long[] keys = new long[scores.length];
        for (int i = 0; i < scores.length; i++) {
            // Adding zero makes one zero of the two; the ordered bits go in front of the index, so one primitive sort
            // does.
            keys[i] = (long) orderedBits(scores[i] + 0f) << 32 | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /**
     * From a histogram: bin b holds the weight of score {@code reach · (b − centre) / centre}, centre = half the number of
     * bins.
     */
    static Ranked ofBins(double[] bins, int reach) {
        int centre = bins.length / 2;
        int n = (int) Arrays.stream(bins).filter(bin -> bin > 0).count();
        float[] values = new float[n];
        double[] each = new double[n];
        for (int b = 0, at = 0; b < bins.length; b++) {
            if (bins[b] > 0) {
                values[at] = reach * (b - centre) / (float) centre;
                each[at++] = bins[b];
            }
        }
        return cumulated(values, each);
    }

    static Ranked cumulated(float[] values, double[] each) {
        double[] above = new double[values.length + 1];
        for (int i = values.length - 1; i >= 0; i--) {
            above[i] = above[i + 1] + each[i];
        }
        return new Ranked(values, above);
    }

    private static int orderedBits(float value) {
        int bits = Float.floatToIntBits(value);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }

    double total() {
        return above[0];
    }

    /** The weight of the scores ≥ threshold. */
    double atOrAbove(double threshold) {
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < threshold) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return above[low];
    }

    /** The smallest float threshold with at most this share of the weight at or above it. */
    double smallestThreshold(double share) {
        // The tolerance forgives the rounding of summed weights; with whole numbers it changes nothing.
        double allowed = share * total() * (1 + 1e-12);
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (above[middle] > allowed) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? Double.NEGATIVE_INFINITY : Math.nextUp(values[low - 1]);
    }
}
