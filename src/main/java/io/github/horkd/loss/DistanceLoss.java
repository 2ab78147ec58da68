package io.github.horkd.loss;

import java.util.Arrays;

/**
 * Second order: the learner's pair distances are proportional to the guide's.
 * <pre>  L = mean over i ≠ j of ℓ( (ψ_S − ψ_T) / σ ),   ψ = d_ij / μ,   μ = mean of the non-zero distances of its own side,
 *   ℓ = Huber's: r²/2 up to δ, then δ(|r| − δ/2),   σ = the guide's standard deviation of ψ, or 1: see the form</pre>
 *
 * <p>Guide [N, D_t], learner [N, D_s]; the widths may differ. Both sides are blind to rotation, translation and scale. A pair
 * that coincides on either side is left out; without any, or with a single pair, whose distance is its own mean, value 0, gradient 0. Infinite or NaN input
 * gives NaN. O(N²D) time, O(N²) memory. After Park et al., "Relational Knowledge Distillation", CVPR 2019.
 *
 * @param form       how the two sides are compared
 * @param huberDelta δ, &gt; 0, in units of σ
 */
public record DistanceLoss(RelationForm form, double huberDelta) implements DistanceRelation {

    /** What the published code puts in place of the length of a zero difference. */
    private static final double RKD_SHORTEST = 1e-6;

    /**
     * Rejects a missing form and a δ that is not above 0.
     */
    public DistanceLoss {
        Checks.present("form", form);
        Checks.positive("huberDelta", huberDelta);
    }

    /**
     * The form to begin with: differences in units of the guide's spread, δ = 1.
     *
     * @return the loss
     */
    public static DistanceLoss guideScaled() {
        return new DistanceLoss(RelationForm.GUIDE_SCALED, 1);
    }

    /**
     * The formula without σ, δ = 1.
     *
     * @return the loss
     */
    public static DistanceLoss plain() {
        return new DistanceLoss(RelationForm.PLAIN, 1);
    }

    /**
     * The published RKD code's numbers, for comparison.
     *
     * @return the loss
     */
    public static DistanceLoss rkdCompatible() {
        return new DistanceLoss(RelationForm.RKD_COMPATIBLE, 1);
    }

    @Override
    public int smallestBatch() {
        return 3;
    }

    /** The value; leaves ∂L/∂d² of the learner in {@code slopes}, in the half j &lt; i. */
    @Override
    public double compare(BatchDistances pairs, double[] slopes) {
        int n = pairs.rows();
        boolean rkd = form == RelationForm.RKD_COMPATIBLE;
        double shortest = rkd ? RKD_SHORTEST : 0;
        double[] t = pairs.guide().lengths();
        double[] s = pairs.learner().lengths();
        int possible = n * (n - 1) / 2;
        double muT = rkd ? rkdMean(pairs.guide(), possible) : pairs.guide().mean();
        double muS = rkd ? rkdMean(pairs.learner(), possible) : pairs.learner().mean();
        double shared = rkd ? possible : Triangle.sum(n, (from, to) -> shared(t, s, n, from, to));
        if (shared == 0) {
            Arrays.fill(slopes, 0, n * n, 0);
            return 0;
        }
        double sigma = form == RelationForm.GUIDE_SCALED ? spread(t, s, n, muT, shared) : 1;
        double share = rkd ? 2.0 / ((double) n * n) : 1 / shared;
        double unitS = 1 / (muS * sigma);
        double unitT = 1 / (muT * sigma);
        double value = share
                * Triangle.sum(n, (from, to) -> {
                    double sum = 0;
                    for (int i = from; i < to; i++) {
                        for (int p = i * n; p < i * n + i; p++) {
                            if (!rkd && s[p] * t[p] == 0) {
                                slopes[p] = 0;
                                continue;
                            }
                            double r = Math.max(s[p], shortest) * unitS - Math.max(t[p], shortest) * unitT;
                            sum += Huber.value(r, huberDelta);
                            slopes[p] = share * unitS * Huber.slope(r, huberDelta);
                        }
                    }
                    return sum;
                });
        double throughMean = Triangle.sum(n, (from, to) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                for (int p = i * n; p < i * n + i; p++) {
                    sum += slopes[p] * Math.max(s[p], shortest);
                }
            }
            return sum;
        });
        double meanSlope =
                throughMean / (muS * (rkd ? possible : pairs.learner().distinct()));
        Triangle.share(n, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int p = i * n; p < i * n + i; p++) {
                    slopes[p] = s[p] > shortest ? (slopes[p] - meanSlope) / (2 * s[p]) : 0;
                }
            }
        });
        return value;
    }

    private static double rkdMean(SideDistances side, int possible) {
        return possible == 0
                ? 1
                : (side.mean() * side.distinct() + RKD_SHORTEST * (possible - side.distinct())) / possible;
    }

    private static double shared(double[] t, double[] s, int n, int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            for (int p = i * n; p < i * n + i; p++) {
                count += s[p] * t[p] == 0 ? 0 : 1;
            }
        }
        return count;
    }

    /** The guide's standard deviation of d/μ over the shared pairs. */
    private static double spread(double[] t, double[] s, int n, double mu, double shared) {
        double mean = Triangle.sum(n, (from, to) -> {
                    double sum = 0;
                    for (int i = from; i < to; i++) {
                        for (int p = i * n; p < i * n + i; p++) {
                            sum += s[p] == 0 ? 0 : t[p];
                        }
                    }
                    return sum;
                })
                / shared;
        double variance = Triangle.sum(n, (from, to) -> {
                    double sum = 0;
                    for (int i = from; i < to; i++) {
                        for (int p = i * n; p < i * n + i; p++) {
                            double off = t[p] - mean;
                            sum += s[p] * t[p] == 0 ? 0 : off * off;
                        }
                    }
                    return sum;
                })
                / shared;
        return Math.max(Math.sqrt(variance) / mu, RelationForm.SMALLEST_SPREAD);
    }
}
