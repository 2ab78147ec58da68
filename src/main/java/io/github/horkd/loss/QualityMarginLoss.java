package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels with a margin that depends on the quality of the picture, of which the length of its embedding tells (AdaFace): hard samples count more where pictures are good, easy ones where
 * they are bad and hard ones perhaps beyond recognition.
 * <pre>  L = mean over labelled rows of cross-entropy( z ),   z_c = scale · cos θ_c  for c ≠ y
 *   z_y = scale · ( cos(θ_y − margin · q) − margin · (1 + q) ),   q = clip( h (a − μ) / (σ + 0.001), −1, 1 ),   a = clip(|x|, 0.001, 100)</pre>
 * μ and σ are mean and standard deviation (by n − 1) of a over the labelled rows of the batch. q = −1 makes it the margin of ArcFace, q = 0 that of CosFace, q = 1 a negative angle with a
 * margin of 2 m. As in the published code, cosines are cut off at ±0.999 and the angle at 0.001 and π − 0.001, beyond which the slope is 0.
 *
 * <p>The guide's side is the labels, one-hot [N, C]; a row of zeros is not labelled and contributes nothing. The learner is [N, C + D]: cosines between unit embeddings and unit class
 * weights, and behind them the embedding x itself. Its length is held constant, so that the last D columns have gradient 0. Blind to the direction of x. The paper averages μ and
 * σ over the batches; here, as where that code's {@code t_alpha} is 1, they are those of the batch.
 *
 * <p>After Kim, Jain and Liu, "AdaFace: Quality Adaptive Margin for Face Recognition", CVPR 2022.
 *
 * @param scale         what multiplies the cosines, &gt; 0; 64 in the paper
 * @param margin        0 to 1; 0.4 in the paper
 * @param concentration h, ≥ 0; 0.333 in the paper
 */
public record QualityMarginLoss(double scale, double margin, double concentration) implements BatchLoss {

    private static final double EDGE = 1e-3;
    private static final double LONGEST = 100;

    /** Rejects a scale that is not above 0, a margin outside 0 … 1 and a concentration below 0. */
    public QualityMarginLoss {
        Checks.positive("scale", scale);
        Checks.inRange("margin", margin, 0, 1);
        Checks.inRange("concentration", concentration, 0, 1e3);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        NormedCosines batch = NormedCosines.of("QualityMarginLoss", guide, learner);
        double[] z = batch.values;
        double[] slopes = ThreadBuffers.of(QualityMarginLoss.class).doubles(0, batch.classes);
        double[] quality = quality(batch);
        double sum = 0;
        for (int i = 0; i < batch.rows; i++) {
            if (!batch.isLabelled(i)) {
                batch.clear(i);
                continue;
            }
            int at = i * batch.width();
            for (int c = 0; c < batch.classes; c++) {
                double cosine = Math.max(EDGE - 1, Math.min(1 - EDGE, z[at + c]));
                slopes[c] = cosine == z[at + c] ? scale : 0;
                z[at + c] = scale * cosine;
                if (c == batch.labels[i]) {
                    double angle = Math.acos(cosine);
                    double moved = Math.max(EDGE, Math.min(Math.PI - EDGE, angle - margin * quality[i]));
                    slopes[c] *= moved == angle - margin * quality[i] ? Math.sin(moved) / Math.sin(angle) : 0;
                    z[at + c] = scale * (Math.cos(moved) - margin * (1 + quality[i]));
                }
            }
            sum += CrossEntropyLoss.crossEntropy(z, at, batch.classes, batch.labels[i], 0, 1.0 / batch.labelled);
            for (int c = 0; c < batch.classes; c++) {
                z[at + c] *= slopes[c];
            }
            Arrays.fill(z, at + batch.classes, at + batch.width(), 0);
        }
        return new LossValue(
                batch.labelled == 0 ? 0 : sum / batch.labelled,
                ArrayCopy.result(z, batch.rows, batch.width(), learner.dataType()));
    }

    private double[] quality(NormedCosines batch) {
        double[] quality = ThreadBuffers.of(QualityMarginLoss.class).doubles(1, batch.rows);
        double mean = 0;
        for (int i = 0; i < batch.rows; i++) {
            quality[i] = Math.max(EDGE, Math.min(LONGEST, batch.norms[i]));
            mean += batch.isLabelled(i) ? quality[i] / batch.labelled : 0;
        }
        double squares = 0;
        for (int i = 0; i < batch.rows; i++) {
            squares += batch.isLabelled(i) ? (quality[i] - mean) * (quality[i] - mean) : 0;
        }
        double deviation = Math.sqrt(squares / Math.max(1, batch.labelled - 1));
        for (int i = 0; i < batch.rows; i++) {
            quality[i] = Math.max(-1, Math.min(1, concentration * (quality[i] - mean) / (deviation + EDGE)));
        }
        return quality;
    }
}
