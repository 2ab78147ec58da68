package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The whole batch at once: who is similar to whom stays as it is (SP).
 * <pre>  L = 1/N² · ‖G_S − G_T‖²,   G = the matrix X Xᵀ with every row brought to length 1</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation and to a common scale, not to
 * translation. A row of zeros has no similarities: its row of G is zeros, its gradient 0. After Tung and Mori,
 * "Similarity-Preserving Knowledge Distillation", ICCV 2019, whose formula this is.
 */
public record SimilarityPreservingLoss() implements BatchLoss {

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        SimilarityTables tables = SimilarityTables.of(guide, learner, false);
        int n = tables.learner.rows();
        double[] g = ThreadBuffers.of(SimilarityPreservingLoss.class).doubles(0, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double[] s = tables.learner.products()[i];
            double[] t = tables.guide.products()[i];
            double[] slopes = tables.learner.slopes()[i];
            double lengthS = length(s, n);
            double lengthT = length(t, n);
            double along = 0;
            for (int j = 0; j < n; j++) {
                g[j] = s[j] / lengthS;
                double difference = g[j] - t[j] / lengthT;
                sum += difference * difference / n / n;
                slopes[j] = 2 * difference / n / n;
                along += slopes[j] * g[j];
            }
            for (int j = 0; j < n; j++) {
                slopes[j] = (slopes[j] - along * g[j]) / lengthS;
            }
        }
        return new LossValue(sum, tables.learner.pull(learner.dataType()));
    }

    /** The length of a row; 1 for a row of zeros, which then stays one. */
    private static double length(double[] row, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += row[j] * row[j];
        }
        return sum == 0 ? 1 : Math.sqrt(sum);
    }
}
