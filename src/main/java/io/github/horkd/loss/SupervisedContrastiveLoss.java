package io.github.horkd.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First and second order, across the streams, over the batch, with labels: each of the learner's rows picks the guide's rows of its own class out of the batch.
 * <pre>  L = mean over i of  1/|P_i| Σ_(p ∈ P_i) −log( exp(⟨ŝ_i, t̂_p⟩/τ) / Σ_j exp(⟨ŝ_i, t̂_j⟩/τ) ),   P_i = the rows of i's class, i among them</pre>
 *
 * <p>Learner [N, D]. Guide [N, D + 1], embeddings and a last column of class numbers, −1 for a sample of which nobody knows the class; or [N, D], where each sample is of
 * its own class and the loss is that of {@link ContrastiveLoss} over the batch. Blind to the length of every row and to a common rotation. Not 0 when both sides agree.
 * A row of zeros gets gradient 0. O(N² D) time. After Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020, the form with the sum outside the logarithm; there
 * both streams come from one network.
 *
 * @param temperature τ, 0.001 to 1000; 0.1 is usual
 */
public record SupervisedContrastiveLoss(double temperature) implements BatchLoss {

    /** Rejects a temperature outside 0.001 … 1000. */
    public SupervisedContrastiveLoss {
        Checks.inRange("temperature", temperature, 1e-3, 1e3);
    }

    @Override
    public boolean readsClasses() {
        return true;
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        ClassedRows rows = ClassedRows.of("SupervisedContrastiveLoss", guide, learner);
        int n = rows.count;
        ThreadBuffers buffers = ThreadBuffers.of(SupervisedContrastiveLoss.class);
        double[] logits = buffers.doubles(0, n);
        double[] gradient = buffers.doubles(1, n * rows.width);
        Arrays.fill(gradient, 0, n * rows.width, 0);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            int together = 0;
            for (int j = 0; j < n; j++) {
                logits[j] = rows.cosine(rows.learner, i, rows.guide, j);
                together += rows.together(i, j) ? 1 : 0;
            }
            Softmax.logOf(logits, 0, n, temperature);
            for (int j = 0; j < n; j++) {
                double wanted = rows.together(i, j) ? 1.0 / together : 0;
                sum -= wanted == 0 ? 0 : wanted * logits[j] / n;
                double slope = (Math.exp(logits[j]) - wanted) / temperature / n;
                for (int d = 0; d < rows.width; d++) {
                    gradient[i * rows.width + d] += slope * rows.guide[j * rows.width + d];
                }
            }
        }
        return new LossValue(sum, rows.throughUnit(gradient, learner));
    }
}
