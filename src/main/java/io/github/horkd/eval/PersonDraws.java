package io.github.horkd.eval;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Draws people with replacement, and says how often each pair counts then. */
final class PersonDraws {

    private final DenseLabels[] persons;
    private final boolean[] same;
    /** How much a pair counts each time; null where all count 1. */
    private final double[] votes;

    private final int rounds;
    private final SplittableRandom random;

    PersonDraws(ImagePairs pairs, int[] labels, PairWeight weight, int rounds, long seed) {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds: wanted 1 or more, got " + rounds);
        }
        this.persons = DenseLabels.together(persons(pairs.first(), labels), persons(pairs.second(), labels));
        this.same = pairs.same();
        this.votes = weight == PairWeight.PER_PERSON ? pairs.onePersonOneVote(labels) : null;
        this.rounds = rounds;
        this.random = new SplittableRandom(seed);
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

    /** The weights of all pairs, round after round. */
    Stream<double[]> rounds() {
        return IntStream.range(0, rounds).mapToObj(round -> next());
    }

    private double[] next() {
        int[] drawn = new int[persons[0].count()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[random.nextInt(drawn.length)]++;
        }
        double[] weights = new double[same.length];
        for (int i = 0; i < same.length; i++) {
            int times = drawn[persons[0].at(i)];
            double vote = votes == null ? 1 : votes[i];
            weights[i] = vote * (same[i] ? times : (double) times * drawn[persons[1].at(i)]);
        }
        return weights;
    }
}
