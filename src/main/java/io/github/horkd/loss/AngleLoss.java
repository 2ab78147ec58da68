package io.github.horkd.loss;

/**
 * Third order: the learner's triangles have the guide's angles.
 * <pre>  L = mean over distinct i, j, k of ℓ( (ψ_S − ψ_T) / σ ),   ψ = cos of the angle at j between i and k,
 *   ℓ = Huber's: r²/2 up to δ, then δ(|r| − δ/2),   σ = the guide's standard deviation of ψ, or 1: see the form</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation, translation and scale. No triplet at all gives value 0,
 * gradient 0. Infinite or NaN input gives NaN. O(N²D + N³) time, O(N²) memory. After Park et al., "Relational Knowledge Distillation", CVPR 2019.
 *
 * <p>What one triplet may pull is bounded: a cosine over an edge of length d pulls with 1/d, so triplets with an edge below 1 % of its side's typical
 * distance are left out. The typical distance is the median (of large batches that of 512 pairs), which one row far away from all others does not move. The published form
 * leaves none out. Single precision is enough for edges from 1 % of the mean distance on; a batch with shorter ones is worked out in double, which takes about five times as long.
 *
 * <p>Angles say nothing that all distances do not say already; they weigh the error differently on the way.
 *
 * @param form       how the two sides are compared
 * @param huberDelta δ, &gt; 0, in units of σ
 */
public record AngleLoss(RelationForm form, double huberDelta) implements DistanceRelation {

    /**
     * Rejects a missing form and a δ that is not above 0.
     */
    public AngleLoss {
        Checks.present("form", form);
        Checks.positive("huberDelta", huberDelta);
    }

    /**
     * The form to begin with: differences in units of the guide's spread, δ = 1.
     *
     * @return the loss
     */
    public static AngleLoss guideScaled() {
        return new AngleLoss(RelationForm.GUIDE_SCALED, 1);
    }

    /**
     * The formula without σ, δ = 1.
     *
     * @return the loss
     */
    public static AngleLoss plain() {
        return new AngleLoss(RelationForm.PLAIN, 1);
    }

    /**
     * The published RKD code's numbers, for comparison; but for a zero-length edge of the learner, through which that code sends
     * a gradient of 1e12 times rounding errors and this one none.
     *
     * @return the loss
     */
    public static AngleLoss rkdCompatible() {
        return new AngleLoss(RelationForm.RKD_COMPATIBLE, 1);
    }

    @Override
    public int smallestBatch() {
        return 3;
    }

    @Override
    public double compare(BatchDistances pairs, double[] slopes) {
        return Triplets.compare(pairs, form, huberDelta, slopes);
    }
}
