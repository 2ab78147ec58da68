package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The whole batch at once: the chance of picking j as i's neighbour stays the same (PKT).
 * <pre>  L = mean over all N² pairs of p_T log( (p_T + ε) / (p_S + ε) ),   p_ij = K_ij / Σ_k K_ik,   K = (cos + 1)/2,   ε = 1e-7</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation and to the length of every row. A row of
 * zeros counts as orthogonal to all and gets gradient 0. Values are small: p is about 1/N and the mean runs over N² pairs,
 * so weights of 1e4 and more are usual. After Passalis and Tefas, "Learning Deep Representations with Probabilistic Knowledge
 * Transfer", ECCV 2018; as in their code the diagonal takes part and the mean is over N².
 */
public record ProbabilisticTransferLoss() implements BatchLoss {

    private static final double EPSILON = 1e-7;

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
            double[] s = tables.learner.products()[i];
            double[] t = tables.guide.products()[i];
            double[] slopes = tables.learner.slopes()[i];
            double allS = kernelSum(s, n);
            double allT = kernelSum(t, n);
            double along = 0;
            for (int j = 0; j < n; j++) {
                double pS = kernel(s[j]) / allS;
                double pT = kernel(t[j]) / allT;
                sum += pT * Math.log((pT + EPSILON) / (pS + EPSILON)) / n / n;
                slopes[j] = -pT / (pS + EPSILON) / n / n;
                along += slopes[j] * pS;
            }
            for (int j = 0; j < n; j++) {
                slopes[j] = (slopes[j] - along) / allS / 2;
            }
        }
        return new LossValue(sum, tables.learner.pull(learner.dataType()));
    }

    private static double kernel(double cosine) {
        return (cosine + 1) / 2;
    }

    private static double kernelSum(double[] cosines, int n) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
            sum += kernel(cosines[j]);
        }
        return sum;
    }
}
