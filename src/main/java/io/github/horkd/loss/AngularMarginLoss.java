package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels with an additive angular margin (ArcFace): the angle to the own class is made larger by the margin before the
 * softmax.
 * <pre>  L = mean over labelled rows of cross-entropy( z ),   z_c = scale · cos θ_c  for c ≠ y,   z_y = scale · φ(cos θ_y)
 *   φ(cos θ) = cos(θ + margin)  while θ + margin ≤ π,   and from there on the line cos θ + cos(margin) − 1</pre>
 * The line meets the cosine at −1, so φ is continuous and grows with cos θ everywhere. (The published code's line,
 * cos θ − margin · sin(margin), has the same slope and a step where the two meet.) Nearer than 1e-6 to cos θ = 1, where
 * the slope of cos(θ + margin) grows beyond bounds, φ goes on along its tangent; cosines a rounding error outside −1 … 1 are fine.
 *
 * <p>The guide's side is the labels: one-hot [N, C], or class numbers [N, 1]; a row of zeros (or class −1) is not labelled and
 * contributes nothing, and the mean runs over the labelled rows, 0 when there are none. The learner [N, C] gives cosines
 * between its unit embeddings and unit class weights. Blind to nothing but the order of the rows. After Deng et al., "ArcFace: Additive Angular Margin Loss for Deep
 * Face Recognition", CVPR 2019.
 *
 * @param scale  what multiplies the cosines, &gt; 0; 16 to 64 are usual
 * @param margin in radians, 0 to π/2; 0.2 to 0.5 are usual
 */
public record AngularMarginLoss(double scale, double margin) implements BatchLoss {

    /** From here on φ follows its tangent: slope at most about 700, and 16 float steps away from 1. */
    private static final double TANGENT_FROM = 1 - 1e-6;

    /**
     * Rejects a scale that is not above 0 and a margin outside 0 … π/2.
     */
    public AngularMarginLoss {
        Checks.positive("scale", scale);
        Checks.inRange("margin", margin, 0, Math.PI / 2);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return Margins.lossAndGradient(guide, learner, scale, this::harder, this::slope);
    }

    private double harder(double cosine) {
        return harder(cosine, margin);
    }

    private double slope(double cosine) {
        return slope(cosine, margin);
    }

    /** φ, for losses whose margin depends on the sample. */
    static double harder(double cosine, double margin) {
        if (cosine > TANGENT_FROM) {
            return harder(TANGENT_FROM, margin) + slope(TANGENT_FROM, margin) * (cosine - TANGENT_FROM);
        }
        return cosine < -Math.cos(margin)
                ? cosine + Math.cos(margin) - 1
                : cosine * Math.cos(margin) - sine(cosine) * Math.sin(margin);
    }

    /** ∂φ/∂cos θ. */
    static double slope(double cosine, double margin) {
        if (cosine > TANGENT_FROM) {
            return slope(TANGENT_FROM, margin);
        }
        return cosine < -Math.cos(margin) || margin == 0
                ? 1
                : Math.cos(margin) + cosine / sine(cosine) * Math.sin(margin);
    }

    /** ∂φ/∂margin. */
    static double slopeByMargin(double cosine, double margin) {
        if (cosine > TANGENT_FROM) {
            double ofSlope = -Math.sin(margin) + TANGENT_FROM / sine(TANGENT_FROM) * Math.cos(margin);
            return slopeByMargin(TANGENT_FROM, margin) + ofSlope * (cosine - TANGENT_FROM);
        }
        return cosine < -Math.cos(margin)
                ? -Math.sin(margin)
                : -cosine * Math.sin(margin) - sine(cosine) * Math.cos(margin);
    }

    private static double sine(double cosine) {
        return Math.sqrt((1 - cosine) * (1 + cosine)); // the product keeps the digits that 1 − cos² would lose near ±1
    }
}
