package io.github.horkd.recognise;

/** How an identity with several templates compares with a probe. */
public enum PerIdentity {
    // The file of a gallery keeps the position in this list: new ones go to the end.

    /** By the most similar of its templates: keeps poses and years apart; the search goes through every template. */
    BEST_TEMPLATE,
    /** By the direction of the mean of its unit templates: one row per identity, steadier where templates are poor. */
    MEAN_TEMPLATE
}
