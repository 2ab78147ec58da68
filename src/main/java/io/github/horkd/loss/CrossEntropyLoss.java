package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels: softmax cross-entropy over logits.
 * <pre>  L = mean over labelled rows of −Σ_c q_c log softmax(s)_c,   q = (1 − ε) one-hot + ε/C</pre>
 *
 * <p>The guide's side is the labels: one-hot [N, C], or class numbers [N, 1]. A row of zeros (or class −1) is not labelled: it
 * contributes nothing, and the mean runs over the labelled rows, 0 when there are none. The learner [N, C] is logits: its
 * layer has the identity activation, not softmax. Blind to a constant added to a row of logits. Label smoothing after Szegedy et al., "Rethinking the Inception
 * Architecture", CVPR 2016.
 *
 * @param labelSmoothing ε, 0 to below 1; 0 leaves the labels sharp
 */
public record CrossEntropyLoss(double labelSmoothing) implements BatchLoss {

    /**
     * Rejects an ε outside 0 … 1.
     */
    public CrossEntropyLoss {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("labelSmoothing: wanted 0 to below 1, got " + labelSmoothing);
        }
    }

    /**
     * Without label smoothing.
     *
     * @return the loss
     */
    public static CrossEntropyLoss plain() {
        return new CrossEntropyLoss(0);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        int[] classes = ClassLabels.classes(guide, learner);
        int rows = (int) learner.size(0);
        int labelled = ClassLabels.labelled(classes, rows);
        int width = (int) learner.size(1);
        double[] s = ThreadBuffers.of(CrossEntropyLoss.class).doubles(0, rows * width);
        ArrayCopy.read(learner, s);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            if (classes[i] == ClassLabels.UNLABELLED) {
                Arrays.fill(s, i * width, (i + 1) * width, 0);
            } else {
                sum += crossEntropy(s, i * width, width, classes[i], labelSmoothing, 1.0 / labelled);
            }
        }
        return new LossValue(labelled == 0 ? 0 : sum / labelled, ArrayCopy.result(s, rows, width, learner.dataType()));
    }

    /** The loss of one row, whose logits give way to {@code share} times its gradient. */
    static double crossEntropy(double[] logits, int at, int width, int wanted, double smoothing, double share) {
        Softmax.logOf(logits, at, width, 1);
        double loss = 0;
        for (int c = 0; c < width; c++) {
            double q = (c == wanted ? 1 - smoothing : 0) + smoothing / width;
            double logP = logits[at + c];
            loss -= q == 0 ? 0 : q * logP;
            logits[at + c] = share * (Math.exp(logP) - q);
        }
        return loss;
    }
}
