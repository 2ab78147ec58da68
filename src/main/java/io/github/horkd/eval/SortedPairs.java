package io.github.horkd.eval;

import java.util.Arrays;

/** Scored pairs, sorted once, to be weighed anew in every round of a bootstrap. */
final class SortedPairs {

    private final float[] scores;
    private final boolean[] same;
    private final int[] order;
    private final double leastRate;

    /** Which false-accept rates are known is a matter of the pairs, not of a draw of people. */
    SortedPairs(float[] scores, boolean[] same, double leastRate) {
        this.scores = scores;
        this.same = same;
        this.order = Ranked.order(scores);
        this.leastRate = leastRate;
    }

    Verification weighed(double[] weights) {
        float[][] values = new float[2][scores.length];
        double[][] each = new double[2][scores.length];
        int[] distinct = new int[2];
        long[] counts = new long[2];
        for (int i : order) {
            if (weights[i] > 0) {
                int kind = same[i] ? 0 : 1;
                float score = scores[i] + 0f;
                int n = distinct[kind];
                if (n == 0 || values[kind][n - 1] != score) {
                    values[kind][n] = score;
                    distinct[kind] = ++n;
                }
                each[kind][n - 1] += weights[i];
                counts[kind]++;
            }
        }
        return new Verification(
                Ranked.cumulated(Arrays.copyOf(values[0], distinct[0]), each[0]),
                Ranked.cumulated(Arrays.copyOf(values[1], distinct[1]), each[1]),
                counts[0],
                counts[1],
                leastRate);
    }
}
