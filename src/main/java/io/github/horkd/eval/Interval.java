package io.github.horkd.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Where a rate lies with 95 % confidence. {@link #wilson} takes the cases as independent of each other. Pairs that share people are not: for them there is
 * {@link #overPeople}, which is wider and nearer the truth.
 *
 * @param low  the lower end, NaN where nothing was measured
 * @param high the upper end, NaN where nothing was measured
 */
public record Interval(double low, double high) {

    /** The 97.5 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    private static final double TAIL = 0.025;

    /**
     * The score interval of Wilson ("Probable inference, the law of succession, and statistical inference", 1927).
     * <pre>  (p + z²/2n ± z √( p (1 − p)/n + z²/4n² )) / (1 + z²/n)</pre>
     *
     * @param share p, what was measured, 0…1
     * @param cases n, how many independent cases it was measured on
     * @return the interval; NaN without a case
     */
    public static Interval wilson(double share, long cases) {
        if (cases < 1 || Double.isNaN(share)) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double z2 = Z * Z / cases;
        double centre = share + z2 / 2;
        double reach = Z * Math.sqrt(share * (1 - share) / cases + z2 / (4 * cases));
        return new Interval(share == 0 ? 0 : (centre - reach) / (1 + z2), share == 1 ? 1 : (centre + reach) / (1 + z2));
    }

    /**
     * The percentile bootstrap over people: in every round as many people are drawn with replacement as there are. A pair counts (times its first person
     * was drawn) × (times its second person was drawn), for a matched pair just the one.
     *
     * @param pairs   the pairs that were scored
     * @param labels  who is on each image
     * @param scores  one score per pair
     * @param measure what the interval is of, for example {@code v -> v.trueAcceptAt(1e-2)}; a round in which it is NaN is left out
     * @param rounds  how many, at least 1; 1,000 is usual
     * @param seed    seeds the draws
     * @return the 2.5 % and the 97.5 % quantile
     */
    public static Interval overPeople(
            ImagePairs pairs,
            int[] labels,
            float[] scores,
            ToDoubleFunction<Verification> measure,
            int rounds,
            long seed) {
        return overPeople(pairs, labels, scores, PairWeight.PER_PAIR, measure, rounds, seed);
    }

    /**
     * The same, with one vote a person where that is asked for.
     *
     * @param pairs   the pairs that were scored
     * @param labels  who is on each image
     * @param scores  one score per pair
     * @param weight  how much a matched pair counts each time its person is drawn
     * @param measure what the interval is of
     * @param rounds  how many, at least 1
     * @param seed    seeds the draws
     * @return the 2.5 % and the 97.5 % quantile
     */
    public static Interval overPeople(
            ImagePairs pairs,
            int[] labels,
            float[] scores,
            PairWeight weight,
            ToDoubleFunction<Verification> measure,
            int rounds,
            long seed) {
        PersonDraws draws = new PersonDraws(pairs, labels, weight, rounds, seed);
        SortedPairs sorted = new SortedPairs(
                scores, pairs.same(), Verification.of(scores, pairs.same()).minFalseAcceptRate());
        return of(draws.rounds()
                .mapToDouble(weights -> measure.applyAsDouble(sorted.weighed(weights)))
                .toArray());
    }

    /** The quantiles of what was measured in many rounds; those that are NaN are left out. */
    static Interval of(double[] measured) {
        double[] sorted =
                Arrays.stream(measured).filter(x -> !Double.isNaN(x)).sorted().toArray();
        return new Interval(quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    /** In percent, {@code 91.3…94.0}. */
    @Override
    public String toString() {
        return Double.isNaN(low) ? "n/a" : String.format(Locale.ROOT, "%.1f…%.1f", 100 * low, 100 * high);
    }
}
