package io.github.horkd.loss;

/** What a loss makes of the distances within both sides of a batch, and of nothing else. */
interface PairRelation {

    /** The value; leaves its derivative by the learner's squared distances in {@code slopes}, in the half j &lt; i. */
    double compare(Pairs pairs, double[] slopes);

    /**
     * The relation that a loss consists of; null for any other loss. Losses that are named here share the way from distances back to
     * rows in a {@link HybridOrderLoss}; one that is not works all the same.
     */
    static PairRelation of(BatchLoss loss) {
        if (loss instanceof DistanceLoss distance) {
            return distance::compare;
        }
        if (loss instanceof AngleLoss angle) {
            return angle::compare;
        }
        if (loss instanceof CkaLoss cka) {
            return cka::compare;
        }
        return loss instanceof DarkRankLoss rank ? rank::compare : null;
    }
}
