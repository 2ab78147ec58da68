package io.github.horkd.eval;

/**
 * A corner of a receiver operating characteristic: what is accepted when scores from {@code threshold} on are.
 *
 * @param threshold   the score
 * @param falseAccept share of mismatched pairs accepted, 0…1
 * @param trueAccept  share of matched pairs accepted, 0…1
 */
public record RocPoint(double threshold, double falseAccept, double trueAccept) {}
