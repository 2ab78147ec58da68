package io.github.horkd.loss;

import java.util.Arrays;

/**
 * The whole batch at once: the learner's centred Gram matrix points where the guide's does (linear CKA).
 * <pre>  L = 1 − ⟨K_S, K_T⟩ / (‖K_S‖ ‖K_T‖),   K = X Xᵀ of the centred rows X,   ⟨·,·⟩ and ‖·‖ over all N² entries</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation, translation and scale. A side whose
 * rows all coincide gives value 0, gradient 0, and so do two rows, which always agree; infinite or NaN input gives NaN. O(N²D) time, O(N²) memory. After
 * Kornblith et al., "Similarity of Neural Network Representations Revisited", ICML 2019.
 */
public record CkaLoss() implements DistanceRelation {

    @Override
    public int smallestBatch() {
        return 3;
    }

    @Override
    public double compare(BatchDistances pairs, double[] slopes) {
        int n = pairs.rows();
        ThreadBuffers scratch = ThreadBuffers.of(CkaLoss.class);
        double[] s = centredGram(pairs.learner(), scratch.doubles(0, n * n), scratch.doubles(2, n));
        double[] t = centredGram(pairs.guide(), scratch.doubles(1, n * n), scratch.doubles(2, n));
        double product = 0;
        double squaresS = 0;
        double squaresT = 0;
        for (int p = 0; p < n * n; p++) {
            product += s[p] * t[p];
            squaresS += s[p] * s[p];
            squaresT += t[p] * t[p];
        }
        double norms = Math.sqrt(squaresS) * Math.sqrt(squaresT);
        if (norms == 0) {
            Arrays.fill(slopes, 0, n * n, 0);
            return 0;
        }
        double unit = pairs.learner().mean() * pairs.learner().mean();
        for (int p = 0; p < n * n; p++) {
            slopes[p] = (t[p] - product / squaresS * s[p]) / (norms * unit);
        }
        double apart = 0; // 1 − cos as half the squared chord, which keeps its digits when both sides agree
        for (int p = 0; p < n * n; p++) {
            double chord = s[p] / Math.sqrt(squaresS) - t[p] / Math.sqrt(squaresT);
            apart += chord * chord / 2;
        }
        return apart;
    }

    /** K = −½ H D² H, in units of the side's mean distance, so that no fourth power overflows. */
    private static double[] centredGram(SideDistances side, double[] gram, double[] means) {
        int n = side.rows();
        double unit = side.mean() == 0 ? 1 : side.mean() * side.mean();
        double[] squares = side.squares();
        double all = 0;
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < n; j++) {
                sum += squares[i * n + j] / unit;
            }
            means[i] = sum / n;
            all += sum / n / n;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gram[i * n + j] = (means[i] + means[j] - all - squares[i * n + j] / unit) / 2;
            }
        }
        return gram;
    }
}
