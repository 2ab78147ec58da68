package io.github.horkd.eval;

/** How much a matched pair counts when all pairs of a set are scored. */
public enum PairWeight {
    /**
     * Every pair counts 1. Someone with n images has n (n − 1) / 2 matched pairs, so the most photographed people
     * decide the result.
     */
    PER_PAIR,
    /**
     * The matched pairs of every person count 1 together, so that everyone has one vote. Mismatched pairs count 1 each.
     */
    PER_PERSON
}
