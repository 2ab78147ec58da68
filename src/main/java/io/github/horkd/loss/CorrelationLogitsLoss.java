package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First order on logits and the whole batch, by correlation (DIST): the learner's probabilities rise and fall with the guide's, over the classes of each sample and over the samples
 * of each class. A strong guide's exact values, which a small learner cannot reach, do not matter.
 * <pre>  L = T² · ( β mean over rows of (1 − ρ(p_i·, q_i·)) + γ mean over classes of (1 − ρ(p_·c, q_·c)) )
 *   p = softmax(t/T),   q = softmax(s/T),   ρ = Pearson's correlation</pre>
 *
 * <p>Guide and learner [N, C], both logits. Blind to a constant added to a row. A row or class whose values are all equal on either side has no correlation
 * and is left out, with gradient 0. After Huang et al., "Knowledge Distillation from A Stronger Teacher", NeurIPS 2022.
 *
 * @param temperature T, &gt; 0; 1 in the published code
 * @param overClasses β, ≥ 0; 1 in the published code
 * @param overSamples γ, ≥ 0; 1 in the published code
 */
public record CorrelationLogitsLoss(double temperature, double overClasses, double overSamples) implements BatchLoss {

    /** Rejects a temperature that is not above 0 and weights below 0. */
    public CorrelationLogitsLoss {
        Checks.positive("temperature", temperature);
        Checks.inRange("overClasses", overClasses, 0, Double.MAX_VALUE);
        Checks.inRange("overSamples", overSamples, 0, Double.MAX_VALUE);
    }

    /**
     * The published weights, β = γ = 1, at T = 1.
     *
     * @return the loss
     */
    public static CorrelationLogitsLoss published() {
        return new CorrelationLogitsLoss(1, 1, 1);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape(
                "CorrelationLogitsLoss", guide, learner, "both must have one logit per class, of the same classes");
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        ThreadBuffers buffers = ThreadBuffers.of(CorrelationLogitsLoss.class);
        double[] p = buffers.doubles(0, rows * width);
        double[] q = buffers.doubles(1, rows * width);
        double[] byQ = buffers.doubles(2, rows * width);
        ArrayCopy.read(guide, p);
        ArrayCopy.read(learner, q);
        Arrays.fill(byQ, 0, rows * width, 0);
        for (int at = 0; at < rows * width; at += width) {
            probabilities(p, at, width);
            probabilities(q, at, width);
        }
        double value = 0;
        double square = temperature * temperature;
        for (int i = 0; i < rows; i++) {
            value += apart(p, q, byQ, i * width, 1, width, square * overClasses / rows);
        }
        for (int c = 0; c < width; c++) {
            value += apart(p, q, byQ, c, width, rows, square * overSamples / width);
        }
        for (int at = 0; at < rows * width; at += width) {
            double along = 0;
            for (int c = at; c < at + width; c++) {
                along += byQ[c] * q[c];
            }
            for (int c = at; c < at + width; c++) {
                q[c] *= (byQ[c] - along) / temperature;
            }
        }
        return new LossValue(value, ArrayCopy.result(q, rows, width, learner.dataType()));
    }

    private void probabilities(double[] x, int at, int width) {
        Softmax.logOf(x, at, width, temperature);
        for (int c = at; c < at + width; c++) {
            x[c] = Math.exp(x[c]);
        }
    }

    /** weight · (1 − ρ) of two rows or columns; adds its derivative by q. */
    private static double apart(double[] p, double[] q, double[] byQ, int first, int step, int count, double weight) {
        double meanP = 0;
        double meanQ = 0;
        for (int k = 0, at = first; k < count; k++, at += step) {
            meanP += p[at] / count;
            meanQ += q[at] / count;
        }
        double product = 0;
        double squaresP = 0;
        double squaresQ = 0;
        for (int k = 0, at = first; k < count; k++, at += step) {
            product += (p[at] - meanP) * (q[at] - meanQ);
            squaresP += (p[at] - meanP) * (p[at] - meanP);
            squaresQ += (q[at] - meanQ) * (q[at] - meanQ);
        }
        double norms = Math.sqrt(squaresP) * Math.sqrt(squaresQ);
        // Values that differ by rounding only are equal.
        if (Math.sqrt(squaresP) <= 1e-12 * Math.abs(meanP) * count
                || Math.sqrt(squaresQ) <= 1e-12 * Math.abs(meanQ) * count) {
            return 0;
        }
        for (int k = 0, at = first; k < count; k++, at += step) {
            byQ[at] -= weight * ((p[at] - meanP) / norms - product / norms * (q[at] - meanQ) / squaresQ);
        }
        return weight * (1 - product / norms);
    }
}
