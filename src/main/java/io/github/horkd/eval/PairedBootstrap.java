package io.github.horkd.eval;

import java.util.Arrays;
import java.util.SplittableRandom;
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
            Pairs pairs,
            int[] labels,
            float[] first,
            float[] second,
            ToDoubleFunction<Verification> measure,
            int rounds,
            long seed) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: wanted 1 or more, got " + rounds);
        }
        int[] persons = persons(pairs.first(), labels);
        int[] others = persons(pairs.second(), labels);
        Labels[] dense = Labels.together(persons, others);
        boolean[] same = pairs.same();
        double difference = measure.applyAsDouble(Verification.of(first, same))
                - measure.applyAsDouble(Verification.of(second, same));
        SplittableRandom random = new SplittableRandom(seed);
        double[] differences = new double[rounds];
        int measured = 0;
        for (int round = 0; round < rounds; round++) {
            double[] weights = draw(dense, same, random);
            double each = measure.applyAsDouble(Verification.of(first, same, weights))
                    - measure.applyAsDouble(Verification.of(second, same, weights));
            if (!Double.isNaN(each)) {
                differences[measured++] = each;
            }
        }
        double[] sorted = Arrays.copyOf(differences, measured);
        Arrays.sort(sorted);
        double wins = Arrays.stream(sorted)
                .map(each -> (Math.signum(each) + 1) / 2)
                .average()
                .orElse(Double.NaN);
        return new PairedBootstrap(difference, quantile(sorted, 0.025), quantile(sorted, 0.975), wins, measured);
    }

    private static int[] persons(int[] images, int[] labels) {
        return Arrays.stream(images)
                .map(image -> {
                    if (image < 0 || image >= labels.length || labels[image] < 0) {
                        throw new IllegalArgumentException(
                                "image " + image + " of a pair: wanted a labelled one among " + labels.length);
                    }
                    return labels[image];
                })
                .toArray();
    }

    private static double[] draw(Labels[] persons, boolean[] same, SplittableRandom random) {
        int[] drawn = new int[persons[0].count()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[random.nextInt(drawn.length)]++;
        }
        double[] weights = new double[same.length];
        for (int i = 0; i < same.length; i++) {
            int times = drawn[persons[0].at(i)];
            weights[i] = same[i] ? times : (double) times * drawn[persons[1].at(i)];
        }
        return weights;
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.round(share * (sorted.length - 1))];
    }

    @Override
    public String toString() {
        return "difference " + Percent.number(100 * difference, 2) + " points, 95 % between "
                + Percent.number(100 * low, 2) + " and " + Percent.number(100 * high, 2) + ", ahead in "
                + Percent.of(wins) + " % of " + rounds + " rounds";
    }
}
