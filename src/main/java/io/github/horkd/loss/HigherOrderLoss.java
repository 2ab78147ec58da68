package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Any order k ≥ 3: how two directions seen from a row hang together once the others are accounted for.
 * <pre>  L = mean over tuples of ℓ( (ψ_S − ψ_T) / σ ),   ψ = −P₁₂ / √(P₁₁ P₂₂),   P = (E + εI)⁻¹,   E = U Uᵀ,   ε = 1e-6,
 *   U = the k − 1 unit edges from an anchor row to other rows: ψ is the partial correlation of the first two given the others,
 *   ℓ = Huber's: r²/2 up to δ, then δ(|r| − δ/2),   σ = the guide's standard deviation of ψ, or 1: see the form</pre>
 * k = 3 is the cosine of an angle, the same as {@link AngleLoss}; k = 4 is the cosine of a dihedral angle.
 *
 * <p>Guide [N, D_t], learner [N, D_s], D ≥ k − 1 on both sides; the widths may differ. Tuples are all there are when they fit the budget,
 * and otherwise drawn with the seed: the same for both sides, and for every batch of one size, whose rows change anyway. Both sides are blind
 * to rotation, translation and scale; the order of the rows does not matter when no tuples are drawn. Without any tuple, or with N &lt; k, value 0, gradient 0.
 * Infinite or NaN input gives NaN. With T tuples O(T k³) time beside O(N²D) for all distances, or O(N D + T k² D) and no N²
 * memory when tuples are few. Relations of higher order say nothing that all distances do not say already; they weigh the
 * error differently on the way.
 *
 * <p>What one tuple may pull is bounded: left out are tuples that have, on either side, an edge below 1 % of that side's typical distance (the median; of large
 * batches that of 512 pairs), or an edge whose sine against the span of the others is below 0.1, where the partial correlation turns with the smallest
 * motion (the first two edges may be as near to each other as they like). So two rows that coincide, or one that is far away, change nothing in the relations
 * among the rest.
 *
 * <p>The idea of distilling relations of several orders is Ge et al.'s, "Look One and More: Distilling Hybrid Order Relational
 * Knowledge for Cross-Resolution Image Recognition", AAAI 2020; this form of the higher ones is our own.
 *
 * @param order      k, 3 to 8
 * @param tuples     the budget: how many tuples at most, ≥ 1
 * @param seed       draws the tuples
 * @param form       how the two sides are compared, GUIDE_SCALED or PLAIN
 * @param huberDelta δ, &gt; 0, in units of σ
 */
public record HigherOrderLoss(int order, int tuples, long seed, RelationForm form, double huberDelta)
        implements BatchLoss {

    /**
     * Rejects orders outside 3 … 8, an empty budget, a form without meaning here and a δ that is not above 0.
     */
    public HigherOrderLoss {
        TuplePass.check(order, 3, tuples, form, huberDelta);
    }

    /**
     * The form to begin with: differences in units of the guide's spread, δ = 1.
     *
     * @param order  k, 3 to 8
     * @param tuples how many tuples at most
     * @param seed   draws them
     * @return the loss
     */
    public static HigherOrderLoss guideScaled(int order, int tuples, long seed) {
        return new HigherOrderLoss(order, tuples, seed, RelationForm.GUIDE_SCALED, 1);
    }

    /**
     * The formula without σ, δ = 1.
     *
     * @param order  k, 3 to 8
     * @param tuples how many tuples at most
     * @param seed   draws them
     * @return the loss
     */
    public static HigherOrderLoss plain(int order, int tuples, long seed) {
        return new HigherOrderLoss(order, tuples, seed, RelationForm.PLAIN, 1);
    }

    @Override
    public int smallestBatch() {
        return order;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        TuplePass.checkWidth("guide", guide.size(1), order);
        TuplePass.checkWidth("learner", learner.size(1), order);
        int n = (int) learner.size(0);
        Tuples chosen = Tuples.of(order, n, tuples, seed);
        boolean fewTuples = (double) chosen.count() * order * order < n * (double) n;
        return fewTuples ? byRows(chosen, guide, learner) : byTables(chosen, guide, learner);
    }

    LossValue byTables(Tuples chosen, INDArray guide, INDArray learner) {
        return BatchDistances.wide(guide, learner).value((pairs, slopes) -> {
            int n = pairs.rows();
            Arrays.fill(slopes, 0, n * n, 0);
            return TuplePass.compare(
                    chosen,
                    new Geometry.OfTable(pairs.guide().squares(), n, slopes),
                    pairs.guide().typical(),
                    new Geometry.OfTable(pairs.learner().squares(), n, slopes),
                    pairs.learner().typical(),
                    1,
                    form,
                    huberDelta);
        });
    }

    LossValue byRows(Tuples chosen, INDArray guide, INDArray learner) {
        int n = (int) learner.size(0);
        int widthT = (int) guide.size(1);
        int widthS = (int) learner.size(1);
        ThreadBuffers scratch = ThreadBuffers.of(HigherOrderLoss.class);
        double[] t = scratch.doubles(1, n * widthT);
        double[] s = scratch.doubles(2, n * widthS);
        double[] gradient = scratch.doubles(3, n * widthS);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        boolean finite = Double.isFinite(
                Geometry.rootMeanSquareDistance(t, n, widthT) + Geometry.rootMeanSquareDistance(s, n, widthS));
        Arrays.fill(gradient, 0, n * widthS, finite ? 0 : Double.NaN);
        double value = finite
                ? TuplePass.compare(
                        chosen,
                        new Geometry.OfRows(t, t, widthT, gradient),
                        Geometry.typicalDistance(t, n, widthT),
                        new Geometry.OfRows(s, s, widthS, gradient),
                        Geometry.typicalDistance(s, n, widthS),
                        1,
                        form,
                        huberDelta)
                : Double.NaN;
        return new LossValue(value, ArrayCopy.result(gradient, n, widthS, learner.dataType()));
    }
}
