package io.github.horkd.eval;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * Whether one method beats another on the same pairs, or only drew luckier people. In every round people are drawn with
 * replacement, as many as there are; a pair counts (times its first person was drawn) × (times its second person was
 * drawn), for a matched pair just the one; both methods are measured with these weights and their difference is kept.
 *
 * @param difference first minus second on all pairs
 * @param low        the 2.5 % quantile of the rounds' differences
 * @param high       the 97.5 % quantile
 * @param wins       share of the rounds in which the first was ahead, level rounds counted half
 * @param rounds     rounds in which both could be measured
 */
public record PairedBootstrap(double difference, double low, double high, double wins, int rounds) {

    /**
     * Compares two methods.
     *
     * @param pairs   the pairs both were scored on
     * @param labels  who is on each image
     * @param first   the scores of one method
     * @param second  the scores of the other
     * @param measure what to compare, for example {@code Verification::auc}; a round in which it is NaN is left out
     * @param rounds  how many, at least 1; 1,000 is usual
     * @param seed    seeds the draws
     * @return the comparison
     */
    public static PairedBootstrap of(
            ImagePairs pairs,
            int[] labels,
            float[] first,
            float[] second,
            ToDoubleFunction<Verification> measure,
            int rounds,
            long seed) {
        return of(pairs, labels, first, second, PairWeight.PER_PAIR, measure, rounds, seed);
    }

    /**
     * Compares two methods, with one vote a person where that is asked for.
     *
     * @param pairs   the pairs both were scored on
     * @param labels  who is on each image
     * @param first   the scores of one method
     * @param second  the scores of the other
     * @param weight  how much a matched pair counts each time its person is drawn
     * @param measure what to compare
     * @param rounds  how many, at least 1
     * @param seed    seeds the draws
     * @return the comparison
     */
    public static PairedBootstrap of(
            ImagePairs pairs,
            int[] labels,
            float[] first,
            float[] second,
            PairWeight weight,
            ToDoubleFunction<Verification> measure,
            int rounds,
            long seed) {
        PersonDraws draws = new PersonDraws(pairs, labels, weight, rounds, seed);
        boolean[] same = pairs.same();
        double[] votes = new double[same.length];
        Arrays.fill(votes, 1);
        if (weight == PairWeight.PER_PERSON) {
            votes = pairs.onePersonOneVote(labels);
        }
        Verification one = Verification.of(first, same, votes);
        Verification other = Verification.of(second, same, votes);
        SortedPairs these = new SortedPairs(first, same, one.minFalseAcceptRate());
        SortedPairs those = new SortedPairs(second, same, other.minFalseAcceptRate());
        double[] differences = draws.rounds()
                .mapToDouble(weights ->
                        measure.applyAsDouble(these.weighed(weights)) - measure.applyAsDouble(those.weighed(weights)))
                .filter(each -> !Double.isNaN(each))
                .toArray();
        Interval interval = Interval.of(differences);
        double wins = Arrays.stream(differences)
                .map(each -> (Math.signum(each) + 1) / 2)
                .average()
                .orElse(Double.NaN);
        return new PairedBootstrap(
                measure.applyAsDouble(one) - measure.applyAsDouble(other),
                interval.low(),
                interval.high(),
                wins,
                differences.length);
    }

    @Override
    public String toString() {
        return "difference " + PercentText.number(100 * difference, 2) + " points, 95 % between "
                + PercentText.number(100 * low, 2) + " and " + PercentText.number(100 * high, 2) + ", ahead in "
                + PercentText.of(wins) + " % of " + rounds + " rounds";
    }
}
