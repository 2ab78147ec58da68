package io.github.horkd.loss;

import java.util.Arrays;

/**
 * The whole batch at once: every row's neighbours keep the guide's order (the hard form of DarkRank).
 * <pre>  L = mean over rows i of −log P(π_i),   P(π) = Π_a exp(S_π(a)) / Σ_{b ≥ a} exp(S_π(b)),   S_j = −α d_ij^β of the learner,
 *   π_i = the nearest rows of i by the guide, nearest first</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Blind to rotation and translation on the learner's side, and on the
 * guide's to everything that keeps its order (equal distances: lower row first). The scale of the learner's distances counts, so this is
 * usually wrapped in {@link UnitEmbeddings}. Not 0 when both sides agree. Fewer than three rows have no order: value 0, gradient 0.
 * After Chen, Wang and Zhang, "DarkRank: Accelerating Deep Metric Learning via Cross Sample Similarities Transfer", AAAI 2018.
 *
 * @param alpha     α, &gt; 0; 3 in the published RKD code
 * @param beta      β, ≥ 1; 3 in the published RKD code
 * @param neighbours how many of the nearest rows are ranked, at least 2; 4 in the published RKD code. A smaller batch ranks all it has
 */
public record DarkRankLoss(double alpha, double beta, int neighbours) implements DistanceRelation {

    /**
     * Rejects α not above 0, β below 1 and fewer than two neighbours.
     */
    public DarkRankLoss {
        Checks.positive("alpha", alpha);
        if (!(beta >= 1) || Double.isInfinite(beta)) {
            throw new IllegalArgumentException("beta: wanted a finite number >= 1, got " + beta);
        }
        if (neighbours < 2) {
            throw new IllegalArgumentException("neighbours: wanted at least 2, got " + neighbours);
        }
    }

    @Override
    public int smallestBatch() {
        return 3;
    }

    @Override
    public double compare(BatchDistances pairs, double[] slopes) {
        int n = pairs.rows();
        ThreadBuffers scratch = ThreadBuffers.of(DarkRankLoss.class);
        Arrays.fill(slopes, 0, n * n, 0);
        int ranked = Math.min(neighbours, n - 1);
        if (ranked < 2) {
            return 0;
        }
        int[] nearest = scratch.ints(0, ranked);
        double[] scores = scratch.doubles(0, ranked);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            rank(pairs.guide().lengths(), i, n, nearest, ranked);
            sum += query(pairs.learner().lengths(), i, n, nearest, ranked, scores, slopes);
        }
        return sum / n;
    }

    /** The nearest rows of row i, by insertion: there are few of them. */
    private static void rank(double[] lengths, int i, int n, int[] nearest, int ranked) {
        int found = 0;
        for (int j = 0; j < n; j++) {
            if (j == i || found == ranked && lengths[i * n + j] >= lengths[i * n + nearest[found - 1]]) {
                continue;
            }
            int at = found < ranked ? found++ : found - 1;
            for (; at > 0 && lengths[i * n + nearest[at - 1]] > lengths[i * n + j]; at--) {
                nearest[at] = nearest[at - 1];
            }
            nearest[at] = j;
        }
    }

    /** −log P of one row's ranking; adds its derivative by the squared distances to the half j &lt; i. */
    private double query(double[] lengths, int i, int n, int[] nearest, int ranked, double[] scores, double[] slopes) {
        for (int a = 0; a < ranked; a++) {
            scores[a] = -alpha * Math.pow(lengths[i * n + nearest[a]], beta);
        }
        double loss = 0;
        for (int a = 0; a < ranked; a++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int b = a; b < ranked; b++) {
                max = Math.max(max, scores[b]);
            }
            double all = 0;
            for (int b = a; b < ranked; b++) {
                all += Math.exp(scores[b] - max);
            }
            loss += max + Math.log(all) - scores[a];
            for (int b = a; b < ranked; b++) {
                double byScore = Math.exp(scores[b] - max) / all - (a == b ? 1 : 0);
                double length = lengths[i * n + nearest[b]];
                if (length > 0) {
                    int pair = Math.max(i, nearest[b]) * n + Math.min(i, nearest[b]);
                    slopes[pair] += byScore * -alpha * beta * Math.pow(length, beta - 2) / 2 / n;
                }
            }
        }
        return loss;
    }
}
