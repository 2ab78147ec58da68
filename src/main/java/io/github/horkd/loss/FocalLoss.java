package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels: cross-entropy in which rare classes weigh more, and samples that are right already weigh less.
 * <pre>  L = Σ_i w_yi (1 − p_i)^γ (−log p_i) / Σ_i w_yi   over labelled rows,   p_i = softmax(s_i) at y_i</pre>
 * γ = 0 is cross-entropy with class weights.
 *
 * <p>The guide's side is the labels: one-hot [N, C], or class numbers [N, 1]; a row of zeros (or class −1) is not labelled and contributes nothing. The learner
 * [N, C] is logits. No labelled row, or none whose class has a weight, gives value 0. Blind to a constant added to a row of logits. After Lin et al., "Focal Loss for Dense Object
 * Detection", ICCV 2017.
 *
 * @param gamma        γ, 0 to 10; 2 is usual
 * @param classWeights w, one ≥ 0 for each class; empty: all weigh the same
 */
public record FocalLoss(double gamma, List<Double> classWeights) implements BatchLoss {

    /** Rejects a γ outside 0 … 10 and weights below 0. */
    public FocalLoss {
        Checks.inRange("gamma", gamma, 0, 10);
        Checks.present("classWeights", classWeights);
        classWeights = List.copyOf(classWeights);
        for (double weight : classWeights) {
            Checks.inRange("classWeights", weight, 0, Double.MAX_VALUE);
        }
    }

    /**
     * All classes alike.
     *
     * @param gamma γ, 0 to 10; 2 is usual
     * @return the loss
     */
    public static FocalLoss of(double gamma) {
        return new FocalLoss(gamma, List.of());
    }

    /**
     * The same with classes weighed by the inverse of their frequency: w_c = all / (C · samples of c), so that the mean weight of a sample is 1. A class without
     * samples has weight 0.
     *
     * @param samplesOfClass how many training samples each class has
     * @return a new loss
     */
    public FocalLoss balanced(int... samplesOfClass) {
        double all = Arrays.stream(samplesOfClass).sum();
        return new FocalLoss(
                gamma,
                Arrays.stream(samplesOfClass)
                        .mapToObj(n -> n == 0 ? 0 : all / samplesOfClass.length / n)
                        .toList());
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        int[] classes = ClassLabels.classes(guide, learner);
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        if (!classWeights.isEmpty() && classWeights.size() != width) {
            throw new IllegalArgumentException("classWeights: wanted one for each of the learner's " + width
                    + " classes, got " + classWeights.size());
        }
        double all = 0;
        for (int i = 0; i < rows; i++) {
            all += classes[i] == ClassLabels.UNLABELLED ? 0 : weight(classes[i]);
        }
        double[] s = ThreadBuffers.of(FocalLoss.class).doubles(0, rows * width);
        ArrayCopy.read(learner, s);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            int at = i * width;
            if (classes[i] == ClassLabels.UNLABELLED || all == 0) {
                Arrays.fill(s, at, at + width, 0);
            } else {
                double share = weight(classes[i]) / all;
                sum += share * row(s, at, width, classes[i], share);
            }
        }
        return new LossValue(sum, ArrayCopy.result(s, rows, width, learner.dataType()));
    }

    private double weight(int label) {
        return classWeights.isEmpty() ? 1 : classWeights.get(label);
    }

    /** The loss of one row, whose logits give way to {@code share} times its gradient. */
    private double row(double[] s, int at, int width, int own, double share) {
        Softmax.logOf(s, at, width, 1);
        double logP = s[at + own];
        double p = Math.exp(logP);
        double wrong = -Math.expm1(logP); // 1 − p with all its digits
        double byLogP = -Math.pow(wrong, gamma)
                + (gamma == 0 || wrong == 0 ? 0 : gamma * Math.pow(wrong, gamma - 1) * p * logP);
        for (int c = 0; c < width; c++) {
            s[at + c] = share * byLogP * ((c == own ? 1 : 0) - Math.exp(s[at + c]));
        }
        return wrong == 0 ? 0 : -Math.pow(wrong, gamma) * logP;
    }
}
