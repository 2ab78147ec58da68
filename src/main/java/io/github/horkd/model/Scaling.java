package io.github.horkd.model;

/** How intensities 0…1 become what a network computes with. */
public enum Scaling {
    /** 2x − 1: from 0…1 to −1…1. */
    PLUS_MINUS_ONE,
    /** x as it is, 0…1. */
    ZERO_ONE,
    /** Each image less its own mean, over its own standard deviation (not below 1e-3, so that a flat image stays finite). */
    STANDARDISED
}
