package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels with an additive cosine margin (CosFace): a face must be nearer to its own class than to any other, by the margin.
 * <pre>  L = mean over labelled rows of cross-entropy( z ),   z_c = scale · cos θ_c  for c ≠ y,   z_y = scale · (cos θ_y − margin)</pre>
 *
 * <p>The guide's side is the labels: one-hot [N, C], or class numbers [N, 1]; a row of zeros (or class −1) is not labelled and
 * contributes nothing, and the mean runs over the labelled rows, 0 when there are none. The learner [N, C] gives cosines
 * between its unit embeddings and unit class weights. Blind to a constant added to a row. After Wang et al., "CosFace: Large Margin Cosine Loss for Deep Face
 * Recognition", CVPR 2018.
 *
 * @param scale  what multiplies the cosines, &gt; 0; 16 to 64 are usual
 * @param margin 0 to 1; 0.1 to 0.4 are usual
 */
public record AdditiveMarginLoss(double scale, double margin) implements BatchLoss {

    /**
     * Rejects a scale that is not above 0 and a margin outside 0 … 1.
     */
    public AdditiveMarginLoss {
        Checks.positive("scale", scale);
        Checks.inRange("margin", margin, 0, 1);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return Margins.lossAndGradient(guide, learner, scale, cosine -> cosine - margin, cosine -> 1);
    }
}
