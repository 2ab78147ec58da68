package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First order on logits: the learner's softened opinion is the guide's. Needs no labels.
 * <pre>  L = T² · mean over rows of KL( softmax(t/T) ‖ softmax(s/T) )</pre>
 *
 * <p>Guide and learner [N, C], both logits (before any softmax), the learner's layer with the identity activation. Blind to a
 * constant added to a row. T² keeps the gradient's size when T changes. After Hinton, Vinyals and Dean, "Distilling the
 * Knowledge in a Neural Network", 2015.
 *
 * @param temperature T, &gt; 0; the larger, the more the small probabilities count
 */
public record SoftLogitsLoss(double temperature) implements BatchLoss {

    /**
     * Rejects a temperature that is not above 0.
     */
    public SoftLogitsLoss {
        Checks.positive("temperature", temperature);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape("SoftLogitsLoss", guide, learner, "both must have one logit per class, of the same classes");
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        ThreadBuffers scratch = ThreadBuffers.of(SoftLogitsLoss.class);
        double[] t = scratch.doubles(0, rows * width);
        double[] s = scratch.doubles(1, rows * width);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            Softmax.logOf(t, i * width, width, temperature);
            Softmax.logOf(s, i * width, width, temperature);
            for (int c = i * width; c < (i + 1) * width; c++) {
                double p = Math.exp(t[c]);
                sum += p == 0 ? 0 : p * (t[c] - s[c]);
                s[c] = temperature * (Math.exp(s[c]) - p) / rows;
            }
        }
        return new LossValue(
                rows == 0 ? 0 : temperature * temperature * sum / rows,
                ArrayCopy.result(s, rows, width, learner.dataType()));
    }
}
