package io.github.horkd.eval;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** How far figures may lie from what more pictures would give: intervals and draws of people. */
class SamplingErrorTest {

    /** Persons 0, 0, 0, 1, 1, 2: matched pairs of 0 twice, of 1 once; mismatched ones between them. */
    private static final int[] LABELS = {0, 0, 0, 1, 1, 2};

    private static final ImagePairs PAIRS = ImagePairs.of(
            new int[] {0, 0, 3, 0, 1, 3},
            new int[] {1, 2, 4, 3, 5, 5},
            new boolean[] {true, true, true, false, false, false},
            new int[6]);

    private static final float[] SCORES = {0.9f, 0.8f, 0.3f, 0.4f, 0.2f, 0.1f};

    @Test
    void everyShareHasItsWilsonInterval() {
        Verification pairs = Verification.of(SCORES, PAIRS.same());
        // Two of three matched pairs and none of three mismatched ones at 0.5.
        assertEquals(Interval.wilson(2 / 3.0, 3), pairs.trueAcceptInterval(0.5));
        assertEquals(0.2077, pairs.trueAcceptInterval(0.5).low(), 1e-4);
        assertEquals(0.9385, pairs.trueAcceptInterval(0.5).high(), 1e-4);
        assertEquals(new Interval(0, 0.5615), rounded(pairs.falseAcceptInterval(0.5)));
        assertEquals(new Interval(0.8389, 1), rounded(Interval.wilson(1, 20)));
        assertEquals(new Interval(0.2065, 1), rounded(Interval.wilson(1, 1)));
        Retrieval retrieval = Retrieval.of(Numbers.angles(0, 10, 40, 100), new int[] {0, 1, 0, 1}, 2);
        assertEquals(Interval.wilson(3 / 4.0, 4), retrieval.interval(2));
        TopOne topOne = new TopOne(3, 4, 0);
        assertEquals(Interval.wilson(3 / 4.0, 4), topOne.interval());
        OpenSetIdentification open = OpenSetIdentification.ofScores(
                Numbers.rows(new float[] {.9f, .1f}, new float[] {.2f, .7f}), new int[] {0, 1}, new int[] {0, 1});
        assertEquals(Interval.wilson(1 / 2.0, 2), open.detectionInterval(0.8));
        assertEquals("30.1…95.4", topOne.interval().toString());
        assertEquals("n/a", Interval.wilson(Double.NaN, 3).toString());
        assertEquals("n/a", Interval.wilson(0.5, 0).toString());
    }

    private static Interval rounded(Interval interval) {
        return new Interval(Math.round(1e4 * interval.low()) / 1e4, Math.round(1e4 * interval.high()) / 1e4);
    }

    @Test
    void quantilesOfRoundsLeaveOutWhatIsNotANumber() {
        double[] measured = new double[202];
        for (int i = 0; i < 201; i++) {
            measured[200 - i] = i;
        }
        measured[201] = Double.NaN;
        assertEquals(new Interval(5, 195), Interval.of(measured));
        assertTrue(Double.isNaN(Interval.of(new double[] {Double.NaN}).low()));
    }

    @ParameterizedTest
    @EnumSource(PairWeight.class)
    void aPairCountsAsOftenAsItsPeopleAreDrawn(PairWeight weight) {
        SplittableRandom random = new SplittableRandom(4);
        List<double[]> rounds =
                new PersonDraws(PAIRS, LABELS, weight, 5, 4).rounds().toList();
        assertEquals(5, rounds.size());
        for (double[] got : rounds) {
            int[] drawn = new int[3];
            for (int i = 0; i < 3; i++) {
                drawn[random.nextInt(3)]++;
            }
            double vote = weight == PairWeight.PER_PERSON ? 0.5 : 1;
            double[] wanted = {
                vote * drawn[0],
                vote * drawn[0],
                drawn[1],
                drawn[0] * drawn[1],
                drawn[0] * drawn[2],
                drawn[1] * drawn[2]
            };
            assertArrayEquals(wanted, got, 1e-12);
        }
        assertEquals(1, new PersonDraws(PAIRS, LABELS, weight, 1, 4).rounds().count());
        assertThrows(IllegalArgumentException.class, () -> new PersonDraws(PAIRS, LABELS, weight, 0, 4));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PersonDraws(PAIRS, new int[] {0, 0, 0, -1, 1, 2}, weight, 1, 4));
        assertThrows(IllegalArgumentException.class, () -> new PersonDraws(PAIRS, new int[5], weight, 1, 4));
    }

    @Test
    void weighedPairsAreThoseOfVerification() {
        double[] weights = {2, 0, 1, 1, 3, 0};
        Verification wanted = Verification.of(SCORES, PAIRS.same(), weights);
        Verification got = new SortedPairs(SCORES, PAIRS.same(), 1 / 3.0).weighed(weights);
        assertEquals(wanted.auc(), got.auc());
        assertEquals(wanted.roc(20), got.roc(20));
        assertEquals(wanted.matchedPairs(), got.matchedPairs());
        assertEquals(wanted.mismatchedPairs(), got.mismatchedPairs());
        assertEquals(1 / 3.0, got.minFalseAcceptRate());
        float[] level = {0.5f, 0.5f, 0.5f, -0f, 0f, 0.5f};
        assertEquals(
                Verification.of(level, PAIRS.same(), weights).roc(20),
                new SortedPairs(level, PAIRS.same(), 1 / 3.0).weighed(weights).roc(20));
    }

    @Test
    void oneVoteAPersonChangesTheDifference() {
        // The first method finds both pairs of person 0, the second the pair of person 1.
        float[] first = {0.9f, 0.9f, 0.1f, 0.5f, 0.5f, 0.5f};
        float[] second = {0.1f, 0.1f, 0.9f, 0.5f, 0.5f, 0.5f};
        PairedBootstrap pairs = PairedBootstrap.of(PAIRS, LABELS, first, second, Verification::auc, 40, 3);
        PairedBootstrap people =
                PairedBootstrap.of(PAIRS, LABELS, first, second, PairWeight.PER_PERSON, Verification::auc, 40, 3);
        assertEquals(2 / 3.0 - 1 / 3.0, pairs.difference(), 1e-12);
        assertEquals(0, people.difference(), 1e-12);
        assertTrue(people.rounds() < 40, "rounds without a mismatched pair are left out");
        assertEquals(-1, people.low());
        assertEquals(1, people.high());
        assertTrue(people.wins() > 0 && people.wins() < 1);
        assertEquals(
                "difference 0.00 points, 95 % between -100.00 and 100.00, ahead in "
                        + String.format(java.util.Locale.ROOT, "%.1f", 100 * people.wins()) + " % of "
                        + people.rounds() + " rounds",
                people.toString());
    }

    @Test
    void aDifferenceIsPrintedInPoints() {
        assertEquals(
                "difference 1.25 points, 95 % between -0.50 and 3.00, ahead in 90.0 % of 10 rounds",
                new PairedBootstrap(0.0125, -0.005, 0.03, 0.9, 10).toString());
    }

    @Test
    void pairsGoBothWaysAndLeaveTheUnlabelledOut() {
        ImagePairs pairs = ImagePairs.all(new int[] {4, -1, 4, 7});
        assertArrayEquals(new int[] {0, 0, 2}, pairs.first());
        assertArrayEquals(new int[] {2, 3, 3}, pairs.second());
        ImagePairs both = pairs.bothWays();
        assertArrayEquals(new int[] {0, 0, 2, 2, 3, 3}, both.first());
        assertArrayEquals(new int[] {2, 3, 3, 0, 0, 2}, both.second());
        assertArrayEquals(new boolean[] {true, false, false, true, false, false}, both.same());
    }

    @Test
    void allPairsOfTooManyImagesAreRefused() {
        String told = assertThrows(IllegalArgumentException.class, () -> ImagePairs.all(new int[10_001]))
                .getMessage();
        assertTrue(told.contains("50005000"), told);
    }

    @Test
    void foldsTravelWithThePairs() {
        ImagePairs pairs = ImagePairs.of(
                new int[] {0, 1, 0, 2}, new int[] {1, 2, 3, 3}, new boolean[] {true, false, true, false}, new int[] {
                    0, 0, 1, 1
                });
        var rows = Numbers.angles(0, 20, 90, 30);
        FoldAccuracy folds = pairs.verifyFolds(rows, rows, Accuracy.PLAIN);
        assertEquals(FoldAccuracy.of(pairs.cosines(rows, rows), pairs.same(), pairs.folds(), Accuracy.PLAIN), folds);
        assertEquals(2, folds.accuracies().size());
        assertEquals("2 matched and 2 mismatched pairs in 2 folds", pairs.toString());
        assertEquals(4, pairs.size());
        Verification verified = pairs.verify(rows, rows);
        assertEquals(1, verified.auc());
    }
}
