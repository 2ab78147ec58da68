package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First order: the learner's embedding has the guide's direction. It is what puts both networks into one space, where a
 * low-resolution probe can be matched against a high-resolution gallery by cosine.
 * <pre>  L = scale · mean over rows of 1 − cos(s_i, t_i)</pre>
 * With scale 2 this is the mean squared distance of the unit embeddings, |s/|s| − t/|t||² = 2 − 2cos.
 *
 * <p>Guide and learner [N, D]; blind to the length of every row and to a common rotation. A row of zeros on either side has no
 * direction: it contributes nothing, and the mean runs over the other rows (0 when there are none).
 *
 * @param scale the factor in front, &gt; 0
 */
public record CosineLoss(double scale) implements BatchLoss {

    /**
     * Rejects a scale that is not above 0.
     */
    public CosineLoss {
        Checks.positive("scale", scale);
    }

    /**
     * The mean of 1 − cos.
     *
     * @return the loss
     */
    public static CosineLoss oneMinusCosine() {
        return new CosineLoss(1);
    }

    /**
     * The mean squared distance of the unit embeddings, 2 − 2cos.
     *
     * @return the loss
     */
    public static CosineLoss squaredDistance() {
        return new CosineLoss(2);
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape("CosineLoss", guide, learner, Checks.PROJECT);
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        ThreadBuffers scratch = ThreadBuffers.of(CosineLoss.class);
        double[] t = scratch.doubles(0, rows * width);
        double[] s = scratch.doubles(1, rows * width);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        int directed = 0;
        double[] lengths = scratch.doubles(2, rows);
        for (int i = 0; i < rows; i++) {
            lengths[i] = norm(s, i, width);
            directed += lengths[i] * norm(t, i, width) == 0 ? 0 : 1;
        }
        double least = ShortRows.leastLength(lengths, rows);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            double lengthS = lengths[i];
            double lengthT = norm(t, i, width);
            if (lengthS * lengthT == 0) {
                Arrays.fill(s, i * width, (i + 1) * width, 0);
                continue;
            }
            double cosine = 0;
            double chord = 0;
            for (int d = i * width; d < (i + 1) * width; d++) {
                s[d] /= lengthS;
                t[d] /= lengthT;
                cosine += s[d] * t[d];
                chord += (s[d] - t[d]) * (s[d] - t[d]);
            }
            sum += chord / 2; // 1 − cos without the cancellation when both agree
            for (int d = i * width; d < (i + 1) * width; d++) {
                s[d] = scale * (cosine * s[d] - t[d]) / (Math.max(lengthS, least) * directed);
            }
        }
        return new LossValue(
                directed == 0 ? 0 : scale * sum / directed, ArrayCopy.result(s, rows, width, learner.dataType()));
    }

    private static double norm(double[] values, int row, int width) {
        double sum = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            sum += values[d] * values[d];
        }
        return Math.sqrt(sum);
    }
}
