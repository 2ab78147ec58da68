package io.github.horkd.recognise;

/** How an identity with several templates compares with a probe. */
public enum PerIdentity {
    // The file of a gallery keeps the position in this list: new ones go to the end.

    /** By the most similar of its templates: keeps poses and years apart; the search goes through every template. */
    BEST_TEMPLATE,
    /** By the direction of the mean of its unit templates: one row per identity, steadier where templates are poor. */
    MEAN_TEMPLATE,
    /**
     * By the most similar of its templates, corrected for how similar it is to templates of others. The best of 50 templates is more alike to a stranger than the
     * best of one; without a correction most strangers are taken for whoever has most templates. Similarities stay on the scale of cosines, but may
     * leave −1…1. What is measured for the correction, up to 256 templates against all, takes about as long as 256 searches, once after each change.
     */
    CORRECTED_BEST
}
