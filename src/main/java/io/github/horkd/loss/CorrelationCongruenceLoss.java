package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The whole batch at once: correlations under a Gaussian kernel are congruent (CC).
 * <pre>  L = mean over all N² pairs of (C_S − C_T)²,   C_ij = exp(−γ |x̂_i − x̂_j|²),   x̂ = the row brought to length 1</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation and to the length of every row. A row of
 * zeros stays one and gets gradient 0. After Peng et al., "Correlation Congruence for Knowledge Distillation", ICCV 2019;
 * their code cuts the kernel's series off after the second power, here it is exact.
 *
 * @param gamma γ, the kernel's sharpness, &gt; 0; 0.4 in the published code
 */
public record CorrelationCongruenceLoss(double gamma) implements BatchLoss {

    /**
     * Rejects a γ that is not above 0.
     */
    public CorrelationCongruenceLoss {
        Checks.positive("gamma", gamma);
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        SimilarityTables tables = SimilarityTables.of(guide, learner, true);
        int n = tables.learner.rows();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double[] slopes = tables.learner.slopes()[i];
            for (int j = 0; j < n; j++) {
                double s = kernel(tables.learner.products(), i, j);
                double difference = s - kernel(tables.guide.products(), i, j);
                sum += difference * difference / n / n;
                double slope = -2 * gamma * s * difference / n / n; // by |x̂_i − x̂_j|²
                slopes[j] = i == j ? 0 : -2 * slope;
            }
        }
        return new LossValue(sum, tables.learner.pull(learner.dataType()));
    }

    private double kernel(double[][] products, int i, int j) {
        return Math.exp(-gamma * Math.max(0, products[i][i] + products[j][j] - 2 * products[i][j]));
    }
}
