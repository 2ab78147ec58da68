package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Relations that cross the streams: each of the learner's (low-resolution) rows stands to the guide's (high-resolution) rows as the
 * guide's own row does. Unlike relations within one stream these see a rotation of the learner's space, and so bring it
 * onto the guide's: what matching a low-resolution probe against a high-resolution gallery needs.
 * <pre>  L = mean over tuples of ℓ( (ψ(s_j; t_i, t_k, …) − ψ(t_j; t_i, t_k, …)) / σ ),   all indices distinct,
 *   order 2: ψ(x; t_i) = |x − t_i| / τ,   τ = the guide's root mean square distance
 *   order 3: ψ(x; t_i, t_k) = cos of the angle at x between t_i and t_k
 *   order k: the partial correlation of the first two unit edges from x given the others, as in {@link HigherOrderLoss}
 *   ℓ = Huber's: r²/2 up to δ, then δ(|r| − δ/2),   σ = the standard deviation of the guide's ψ, or 1: see the form</pre>
 *
 * <p>Guide and learner [N, D], of one width, D ≥ k − 1. Tuples are all there are when they fit the budget, and otherwise drawn with the
 * seed. Blind to a motion or scaling of both sides together, and to nothing on one side alone; the order of the rows does not
 * matter when no tuples are drawn. Left out are tuples whose edge is shorter than 1 % of the guide's typical distance (its median), 0.01 % for
 * order 2, and those whose edges hang together as in {@link HigherOrderLoss}: so what one tuple may pull is bounded. Without any tuple, or with N &lt; k, value 0, gradient 0. Infinite or NaN input gives NaN. O(N D + T k² D) time for T tuples.
 *
 * @param order      k, 2 to 8
 * @param tuples     the budget: how many tuples at most, ≥ 1; order 2 has N(N − 1) in all, order 3 N(N − 1)(N − 2)/2
 * @param seed       draws the tuples
 * @param form       how the two sides are compared, GUIDE_SCALED or PLAIN
 * @param huberDelta δ, &gt; 0, in units of σ
 */
public record CrossStreamLoss(int order, int tuples, long seed, RelationForm form, double huberDelta)
        implements BatchLoss {

    /**
     * Rejects orders outside 2 … 8, an empty budget, a form without meaning here and a δ that is not above 0.
     */
    public CrossStreamLoss {
        TuplePass.check(order, 2, tuples, form, huberDelta);
    }

    /**
     * The form to begin with: differences in units of the guide's spread, δ = 1.
     *
     * @param order  k, 2 to 8
     * @param tuples how many tuples at most
     * @param seed   draws them
     * @return the loss
     */
    public static CrossStreamLoss guideScaled(int order, int tuples, long seed) {
        return new CrossStreamLoss(order, tuples, seed, RelationForm.GUIDE_SCALED, 1);
    }

    /**
     * The formula without σ, δ = 1.
     *
     * @param order  k, 2 to 8
     * @param tuples how many tuples at most
     * @param seed   draws them
     * @return the loss
     */
    public static CrossStreamLoss plain(int order, int tuples, long seed) {
        return new CrossStreamLoss(order, tuples, seed, RelationForm.PLAIN, 1);
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return order;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape("CrossStreamLoss", guide, learner, Checks.ONE_SPACE);
        TuplePass.checkWidth("guide and learner", guide.size(1), order);
        int n = (int) learner.size(0);
        int width = (int) learner.size(1);
        ThreadBuffers scratch = ThreadBuffers.of(CrossStreamLoss.class);
        double[] t = scratch.doubles(0, n * width);
        double[] s = scratch.doubles(1, n * width);
        double[] gradient = scratch.doubles(2, n * width);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        double unit = Geometry.rootMeanSquareDistance(t, n, width);
        boolean finite = Double.isFinite(unit + Geometry.rootMeanSquareDistance(s, n, width));
        double typical = finite ? Geometry.typicalDistance(t, n, width) : 0;
        Arrays.fill(gradient, 0, n * width, finite ? 0 : Double.NaN);
        double value = finite
                ? TuplePass.compare(
                        Tuples.of(order, n, tuples, seed),
                        new Geometry.OfRows(t, t, width, gradient),
                        typical,
                        new Geometry.OfRows(s, t, width, gradient),
                        typical,
                        unit,
                        form,
                        huberDelta)
                : Double.NaN;
        return new LossValue(value, ArrayCopy.result(gradient, n, width, learner.dataType()));
    }
}
