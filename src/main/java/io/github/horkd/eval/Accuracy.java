package io.github.horkd.eval;

/**
 * What the accuracy of a yes-or-no answer about pairs means when there are more pairs of one kind than of the other.
 */
public enum Accuracy {
    /** Right answers over all answers: every pair counts its weight. */
    PLAIN,
    /** The mean of the shares of right answers among matched and among mismatched pairs: each kind counts half. */
    BALANCED
}
