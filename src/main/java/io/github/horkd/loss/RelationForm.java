package io.github.horkd.loss;

/** How the relations ψ of learner and guide are held against each other. */
public enum RelationForm {

    /**
     * Mean over valid tuples of ℓ((ψ_S − ψ_T) / σ), σ being the standard deviation of the guide's ψ over the batch (not below
     * 1e-3). Differences are measured in spreads, so a weight near 1 means the same at every order, batch size and width.
     */
    GUIDE_SCALED,

    /** Mean over valid tuples of ℓ(ψ_S − ψ_T), as the formulae stand. Values are small in wide spaces, where relations concentrate. */
    PLAIN,

    /**
     * What the published RKD code computes, number by number: the mean over all B² pairs or B³ triplets, the diagonal and
     * coinciding rows included, a coinciding pair counting as 1e-6 apart in the mean distance.
     */
    RKD_COMPATIBLE;

    /** A guide whose relations are all but equal must not blow up what is left of the learner's. */
    static final double SMALLEST_SPREAD = 1e-3;
}
