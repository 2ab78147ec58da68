package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.LocalScaling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class VerificationTest {

    /** Matched 0.9, 0.7, 0.5, 0.2; mismatched 0.8, 0.5, 0.3, 0.1, 0.0. */
    private static final float[] SCORES = {0.9f, 0.7f, 0.5f, 0.2f, 0.8f, 0.5f, 0.3f, 0.1f, 0.0f};

    private static final boolean[] SAME = {true, true, true, true, false, false, false, false, false};

    @Test
    void countsByHand() {
        Verification result = Verification.of(SCORES, SAME);
        // Wins over the five: 5, 4, 3 + ½, 2.
        assertEquals(14.5 / 20, result.auc(), 1e-12);
        assertEquals(2.0 / 4, result.trueAcceptRate(0.7f), 1e-12);
        assertEquals(2.0 / 5, result.falseAcceptRate(0.5), 1e-12);
        // No mismatched pair allowed: above 0.8. One of five: above 0.5, so the matched pair at 0.5 is out.
        assertEquals(Math.nextUp(0.8f), result.thresholdAt(0), 0);
        assertEquals(1.0 / 4, result.trueAcceptRate(result.thresholdAt(0)), 1e-12);
        assertEquals(Math.nextUp(0.5f), result.thresholdAt(0.2), 0);
        assertEquals(2.0 / 4, result.trueAcceptAt(0.2), 1e-12);
        assertEquals(3.0 / 4, result.trueAcceptAt(0.4), 1e-12);
        assertEquals(1, result.trueAcceptAt(1), 1e-12);
        assertEquals(Double.NEGATIVE_INFINITY, result.thresholdAt(1));
        // Corners (FAR, FRR): …, 0.7 (0.2, 0.5), 0.5 (0.4, 0.25), …; the second is nearer.
        assertEquals((0.4 + 0.25) / 2, result.equalErrorRate(), 1e-12);
        assertEquals(4, result.matchedPairs());
        assertEquals(5, result.mismatchedPairs());
    }

    @Test
    void accuracyAndItsThresholdByHand() {
        Verification result = Verification.of(SCORES, SAME);
        // From 0.7 on: 2 accepted, 4 rejected rightly; from 0.5 on: 3 and 3; from 0.2 on: 4 and 2; from 0.9 on: 1 and
        // 5. All 6 of 9.
        assertEquals(6.0 / 9, result.accuracyAt(0.6, Accuracy.PLAIN), 1e-12);
        assertEquals((3.0 / 4 + 3.0 / 5) / 2, result.accuracyAt(0.5, Accuracy.BALANCED), 1e-12);
        // The widest gaps of the plain ones are 0.5 to 0.7 and 0.3 to 0.5, equal up to rounding.
        double plain = result.bestThreshold(Accuracy.PLAIN);
        assertTrue(Math.abs(plain - 0.6) < 1e-6 || Math.abs(plain - 0.4) < 1e-6, "got " + plain);
        // Balanced: 0.9 → .625, 0.7 → .65, 0.5 → .675, 0.2 → .7, whose lower neighbour is 0.1.
        assertEquals(0.15, result.bestThreshold(Accuracy.BALANCED), 1e-6);
    }

    @Test
    void separableScoresAreCutInTheMiddleOfTheGap() {
        Verification result = Verification.of(new float[] {1, 0.8f, 0.2f, 0}, new boolean[] {true, true, false, false});
        assertEquals(0.5, result.bestThreshold(Accuracy.PLAIN), 1e-6);
        assertEquals(1, result.accuracyAt(0.5, Accuracy.PLAIN));
        assertEquals(1, result.auc());
        assertEquals(0, result.equalErrorRate());
        assertEquals(0, result.hullEqualErrorRate());
        assertEquals(1, result.trueAcceptRate(result.thresholdAt(0)));
    }

    @Test
    void equalScoresSayNothing() {
        Verification result =
                Verification.of(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, new boolean[] {true, false, true, false});
        assertEquals(0.5, result.auc());
        assertEquals(0, result.trueAcceptRate(result.thresholdAt(0.49)));
        assertEquals(0.5, result.equalErrorRate());
        assertEquals(0.5, result.accuracyAt(result.bestThreshold(Accuracy.PLAIN), Accuracy.PLAIN));
    }

    @Test
    void theTwoZerosAreOneScore() {
        Verification result = Verification.of(new float[] {-0f, 0f}, new boolean[] {true, false});
        assertEquals(0.5, result.auc());
        assertEquals(0, result.trueAcceptRate(result.thresholdAt(0)));
    }

    @Test
    void reversedScoresAreBelowChance() {
        Verification result = Verification.of(new float[] {-1, 1}, new boolean[] {true, false});
        assertEquals(0, result.auc());
        assertEquals(1, result.equalErrorRate(), 1e-12);
    }

    private static INDArray rows(int count, long seed) {
        double[] values = new Random(seed).doubles(5L * count, -1, 1).toArray();
        return Nd4j.create(values, new long[] {count, 5}, DataType.FLOAT);
    }

    @Test
    void pairsAndAllPairsByLocalScalingAreThoseOfItsScores() {
        int[] labels = {0, 0, 1, 1, 2, 3, 3, 3, PairedImages.UNLABELLED, 4};
        INDArray gallery = rows(10, 1);
        INDArray probes = gallery.add(rows(10, 2));
        LocalScaling scaling = LocalScaling.of(rows(40, 3), rows(50, 4), 3);
        INDArray scores = scaling.scores(probes, gallery);
        ImagePairs pairs = ImagePairs.all(labels).bothWays();
        float[] each = pairs.scores(gallery, probes, scaling);
        for (int i = 0; i < each.length; i++) {
            assertEquals(scores.getFloat(pairs.second()[i], pairs.first()[i]), each[i], 2e-6f);
        }
        Verification listed = pairs.verify(gallery, probes, scaling);
        Verification all = Verification.allPairs(gallery, probes, labels, PairWeight.PER_PAIR, scaling);
        assertEquals(listed.matchedPairs(), all.matchedPairs());
        assertEquals(listed.mismatchedPairs(), all.mismatchedPairs());
        assertEquals(listed.auc(), all.auc(), 1e-6);
        assertEquals(listed.trueAcceptAt(0.1), all.trueAcceptAt(0.1), 1e-6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneKindAloneHasNoRates(boolean kind) {
        Verification result = Verification.of(new float[] {0.1f, 0.2f}, new boolean[] {kind, kind});
        assertTrue(Double.isNaN(result.auc()));
        assertTrue(Double.isNaN(result.equalErrorRate()));
        assertTrue(Double.isNaN(result.hullEqualErrorRate()));
        assertTrue(Double.isNaN(
                kind ? result.roc(2).get(0).falseAccept() : result.roc(2).get(0).trueAccept()));
        assertEquals(
                0,
                kind ? result.roc(2).get(0).trueAccept() : result.roc(2).get(0).falseAccept());
        assertTrue(Double.isNaN(result.trueAcceptAt(0.01)));
        assertTrue(Double.isNaN(result.bestThreshold(Accuracy.BALANCED)));
        assertTrue(Double.isNaN(result.accuracyAt(0.15, Accuracy.BALANCED)));
        assertEquals(0.5, result.accuracyAt(0.15, Accuracy.PLAIN));
        assertEquals(1, result.accuracyAt(result.bestThreshold(Accuracy.PLAIN), Accuracy.PLAIN));
        assertTrue(result.toString().startsWith("AUC n/a"), result.toString());
    }

    @Test
    void noPairHasNoNumbers() {
        Verification result = Verification.of(new float[0], new boolean[0]);
        assertTrue(Double.isNaN(result.auc()));
        assertTrue(Double.isNaN(result.accuracyAt(0, Accuracy.PLAIN)));
        assertTrue(Double.isNaN(result.bestThreshold(Accuracy.PLAIN)));
    }

    @Test
    void weightsCountLikeRepeats() {
        float[] scores = {0.9f, 0.4f, 0.6f, 0.1f, 0.7f};
        boolean[] same = {true, true, false, false, false};
        Verification weighted = Verification.of(scores, same, new double[] {1, 3, 2, 1, 0});
        Verification repeated = Verification.of(
                new float[] {0.9f, 0.4f, 0.4f, 0.4f, 0.6f, 0.6f, 0.1f},
                new boolean[] {true, true, true, true, false, false, false});
        assertEquals(repeated.auc(), weighted.auc(), 1e-12);
        assertEquals(repeated.equalErrorRate(), weighted.equalErrorRate(), 1e-12);
        assertEquals(
                repeated.trueAcceptRate(repeated.thresholdAt(0.34)),
                weighted.trueAcceptRate(weighted.thresholdAt(0.34)),
                1e-12);
        assertEquals(repeated.bestThreshold(Accuracy.PLAIN), weighted.bestThreshold(Accuracy.PLAIN), 1e-12);
        assertEquals(repeated.roc(100), weighted.roc(100));
        assertEquals(2, weighted.mismatchedPairs());
    }

    @Test
    void aRateBelowOnePairIsNotKnown() {
        float[] scores = new float[60];
        boolean[] same = new boolean[60];
        for (int i = 0; i < 60; i++) {
            same[i] = i < 10;
            scores[i] = same[i] ? 1 : i / 60f;
        }
        Verification result = Verification.of(scores, same);
        assertEquals(1.0 / 50, result.minFalseAcceptRate());
        assertEquals(1, result.trueAcceptAt(0.02));
        assertTrue(Double.isNaN(result.trueAcceptAt(1e-3)));
        assertTrue(Double.isNaN(result.trueAcceptAt(0)));
        assertEquals(
                "AUC 100.0, EER 0.0, TAR n/a at FAR 1e-2, n/a at 1e-3 (%; 10 matched, 50 mismatched pairs, known from FAR"
                        + " 2.0e-02 on)",
                result.toString());
    }

    @Test
    void levelCornersAreComparedInWholeNumbers() {
        // FAR .2, FRR .3 and FAR .4, FRR .3 are level; in shares, rounding made the second one nearer.
        float[] matched = {.90f, .89f, .88f, .87f, .86f, .85f, .84f, .30f, .29f, .28f};
        float[] mismatched = {.95f, .50f, .20f, .19f, .18f};
        float[] scores = Arrays.copyOf(matched, 15);
        System.arraycopy(mismatched, 0, scores, 10, 5);
        boolean[] same = new boolean[15];
        Arrays.fill(same, 0, 10, true);
        Verification result = Verification.of(scores, same);
        assertEquals(0.25, result.equalErrorRate(), 1e-15);
        // The hull goes from (0, 0) over (.2, .7) and (.4, 1) to (1, 1); FAR + TAR = 1 between the latter two.
        assertEquals(0.2 + 0.2 * 0.1 / 0.5, result.hullEqualErrorRate(), 1e-12);
        // From .84 on 7 of 10 and 4 of 5, .75; from .28 on 10 of 10 and 3 of 5, .8.
        assertEquals(0.24, result.bestThreshold(Accuracy.BALANCED), 1e-6);
        // Level in whole numbers: 1 of 3 and 2 of 2 from .6 on, 3 of 3 and 2 of 3 … of which the widest gap counts.
        Verification level = Verification.of(
                new float[] {.9f, .5f, .4f, .7f, .2f, .1f}, new boolean[] {true, true, true, false, false, false});
        assertEquals(.3, level.bestThreshold(Accuracy.BALANCED), 1e-6);
    }

    /** Few pairs with level scores, where every threshold can be tried. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 8, 11})
    void figuresAgreeWithEveryThresholdTried(int n) {
        Random random = new Random(n);
        for (int trial = 0; trial < 200; trial++) {
            float[] scores = new float[n];
            boolean[] same = new boolean[n];
            for (int i = 0; i < n; i++) {
                scores[i] = random.nextInt(7) / 8f;
                same[i] = i == 0 || i != 1 && random.nextBoolean();
            }
            Verification result = Verification.of(scores, same);
            float[] cuts = distinct(scores);
            double[][] rates = new double[cuts.length + 1][];
            rates[0] = new double[] {0, 0};
            for (int c = 0; c < cuts.length; c++) {
                rates[c + 1] = new double[] {
                    rate(scores, same, ones(n), false, cuts[c]), rate(scores, same, ones(n), true, cuts[c])
                };
            }
            assertEquals(hullRate(rates), result.hullEqualErrorRate(), 1e-12, Arrays.toString(scores));
            assertEquals(equalRate(rates), result.equalErrorRate(), 1e-12, Arrays.toString(scores));
            double least = Double.MAX_VALUE;
            for (double[] each : rates) {
                least = Math.min(least, (2 * 0.3 * (1 - each[1]) + 0.7 * each[0]) / Math.min(2 * 0.3, 0.7));
            }
            assertEquals(least, result.minDetectionCost(0.3, 2, 1), 1e-12);
            for (Accuracy accuracy : Accuracy.values()) {
                assertEquals(
                        bestCut(cuts, same, rates, accuracy),
                        result.bestThreshold(accuracy),
                        1e-6,
                        accuracy + " " + Arrays.toString(scores) + Arrays.toString(same));
            }
        }
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** The largest first. */
    private static float[] distinct(float[] scores) {
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        var cuts = new ArrayList<Float>();
        for (int i = sorted.length - 1; i >= 0; i--) {
            if (i == sorted.length - 1 || sorted[i] != sorted[i + 1]) {
                cuts.add(sorted[i]);
            }
        }
        float[] distinct = new float[cuts.size()];
        for (int i = 0; i < distinct.length; i++) {
            distinct[i] = cuts.get(i);
        }
        return distinct;
    }

    /** Of all mixtures of two corners that have FAR = 1 − TAR the one with the smallest. */
    private static double hullRate(double[][] rates) {
        double least = 1;
        for (double[] a : rates) {
            for (double[] b : rates) {
                double before = a[0] + a[1] - 1;
                double after = b[0] + b[1] - 1;
                if (before <= 0 && after >= 0) {
                    double part = after == before ? 0 : -before / (after - before);
                    least = Math.min(least, a[0] + part * (b[0] - a[0]));
                }
            }
        }
        return least;
    }

    private static double equalRate(double[][] rates) {
        double gap = 2;
        double mean = 0;
        for (double[] each : rates) {
            double own = Math.abs(each[0] - (1 - each[1]));
            double middle = (each[0] + 1 - each[1]) / 2;
            if (own < gap - 1e-9 || own < gap + 1e-9 && middle < mean) {
                gap = Math.min(gap, own);
                mean = middle;
            }
        }
        return mean;
    }

    /** The best accuracy, then the widest gap below, then the highest. */
    private static double bestCut(float[] cuts, boolean[] same, double[][] rates, Accuracy accuracy) {
        double matched = 0;
        for (boolean each : same) {
            matched += each ? 1 : 0;
        }
        double share = accuracy == Accuracy.BALANCED ? 0.5 : matched / same.length;
        double best = (1 - share) * (1 - rates[0][0]);
        double gap = 0;
        double cut = cuts[0];
        for (int c = 0; c < cuts.length; c++) {
            double value = share * rates[c + 1][1] + (1 - share) * (1 - rates[c + 1][0]);
            double own = c + 1 < cuts.length ? cuts[c] - cuts[c + 1] : 0;
            if (value > best + 1e-9 || value > best - 1e-9 && own > gap) {
                best = value;
                gap = own;
                cut = cuts[c] - own / 2;
            }
        }
        return cut;
    }

    @Test
    void fewPointsLieEvenlyAlongTheCurve() {
        int n = 400;
        float[] scores = new float[n];
        boolean[] same = new boolean[n];
        for (int i = 0; i < n; i++) {
            scores[i] = (n - i) / (float) n;
            same[i] = i % 4 != 3 && i < 200 || i % 4 == 3 && i >= 200;
        }
        List<RocPoint> points = Verification.of(scores, same).roc(5);
        assertEquals(5, points.size());
        for (int k = 0; k < 5; k++) {
            assertEquals(0.5 * k, points.get(k).falseAccept() + points.get(k).trueAccept(), 0.02);
        }
        assertEquals(2, Verification.of(scores, same).roc(2).size());
    }

    @Test
    void leastDetectionCostByHand() {
        Verification result = Verification.of(SCORES, SAME);
        // π = ½, equal costs: min of (1 − TAR + FAR) / 1 over the corners; from 0.2 on 0 + 3/5, from 0.5 on 1/4 + 2/5.
        assertEquals(0.6, result.minDetectionCost(0.5, 1, 1), 1e-12);
        // Wrong accepts cost 99 times as much: only what accepts none, from 0.9 on, is cheaper than rejecting all.
        assertEquals(0.75, result.minDetectionCost(0.01, 1, 1), 1e-12);
        for (double[] bad : new double[][] {{0, 1, 1}, {1, 1, 1}, {0.5, 0, 1}, {0.5, 1, 0}}) {
            assertThrows(IllegalArgumentException.class, () -> result.minDetectionCost(bad[0], bad[1], bad[2]));
        }
    }

    @Test
    void detIsTheCurveOnNormalDeviates() {
        List<DetPoint> det = Verification.of(SCORES, SAME).det(100);
        assertEquals(1, det.get(0).falseReject());
        assertEquals(Double.NEGATIVE_INFINITY, det.get(0).falseAcceptDeviate());
        assertEquals(-1.6448536, new DetPoint(0, 0.05, 0.5).falseAcceptDeviate(), 1e-5);
        assertEquals(0, new DetPoint(0, 0.05, 0.5).falseRejectDeviate(), 1e-5);
        assertEquals(1.2815516, new DetPoint(0, 0.9, 0.3).falseAcceptDeviate(), 1e-5);
        assertEquals(-0.5244005, new DetPoint(0, 0.9, 0.3).falseRejectDeviate(), 1e-5);
        assertEquals(3.0902323, new DetPoint(0, 0.999, 1e-4).falseAcceptDeviate(), 1e-3);
        assertEquals(-3.7190165, new DetPoint(0, 0.999, 1e-4).falseRejectDeviate(), 1e-3);
        assertEquals(Double.POSITIVE_INFINITY, new DetPoint(0, 1, Double.NaN).falseAcceptDeviate());
        assertTrue(Double.isNaN(new DetPoint(0, 1, Double.NaN).falseRejectDeviate()));
        // From 0.7 on two of four matched and one of five mismatched pairs are accepted.
        assertTrue(
                det.stream().anyMatch(p -> p.threshold() == 0.7f && p.falseAccept() == 0.2 && p.falseReject() == 0.5));
    }

    @Test
    void intervalsAreWilsonsAndWiderOverPeople() {
        // Of 10 successes in 100 cases, as every table has it.
        Interval ten = Interval.wilson(0.1, 100);
        assertEquals(0.0552, ten.low(), 1e-4);
        assertEquals(0.1744, ten.high(), 1e-4);
        assertEquals(0, Interval.wilson(0, 20).low());
        assertEquals(0.1611, Interval.wilson(0, 20).high(), 1e-4);
        assertTrue(Double.isNaN(Interval.wilson(Double.NaN, 0).low()));
        // 20 people with 6 pictures each: a person's pairs succeed or fail together.
        int[] labels = new int[120];
        var first = new ArrayList<Integer>();
        var second = new ArrayList<Integer>();
        for (int i = 0; i < 120; i++) {
            labels[i] = i / 6;
            for (int j = i + 1; j < 120; j++) {
                first.add(i);
                second.add(j);
            }
        }
        int pairs = first.size();
        boolean[] same = new boolean[pairs];
        float[] scores = new float[pairs];
        Random random = new Random(5);
        for (int i = 0; i < pairs; i++) {
            int person = labels[first.get(i)];
            same[i] = person == labels[second.get(i)];
            scores[i] = (same[i] ? person < 14 ? 0.9f : 0.1f : 0.3f) + 0.05f * random.nextFloat();
        }
        ImagePairs all = ImagePairs.of(
                first.stream().mapToInt(i -> i).toArray(),
                second.stream().mapToInt(i -> i).toArray(),
                same,
                new int[pairs]);
        Verification measured = Verification.of(scores, same);
        double threshold = measured.thresholdAt(1e-2);
        Interval wilson = measured.trueAcceptInterval(threshold);
        Interval people = Interval.overPeople(all, labels, scores, v -> v.trueAcceptAt(1e-2), 300, 1);
        assertEquals(0.7, measured.trueAcceptAt(1e-2), 1e-12);
        assertTrue(people.low() < wilson.low() && people.high() > wilson.high(), people + " against " + wilson);
        assertEquals(people, Interval.overPeople(all, labels, scores, v -> v.trueAcceptAt(1e-2), 300, 1));
        Interval votes =
                Interval.overPeople(all, labels, scores, PairWeight.PER_PERSON, v -> v.trueAcceptAt(1e-2), 300, 1);
        assertEquals(people.low(), votes.low(), 1e-12, "everybody has as many pictures, so votes change nothing");
        assertEquals(people.high(), votes.high(), 1e-12);
        ImagePairs listed = ImagePairs.all(labels);
        assertEquals(all.toString(), listed.toString());
        org.junit.jupiter.api.Assertions.assertArrayEquals(all.second(), listed.second());
    }

    @Test
    void rateRestsOnWholePairsDespiteRounding() {
        // 5 of 500 is exactly 1e-2, also when every weight is a tenth.
        float[] scores = new float[501];
        boolean[] same = new boolean[501];
        double[] weights = new double[501];
        for (int i = 0; i < 501; i++) {
            scores[i] = i;
            weights[i] = 0.1;
        }
        scores[500] = 495;
        same[500] = true;
        for (Verification result : List.of(Verification.of(scores, same), Verification.of(scores, same, weights))) {
            assertEquals(Math.nextUp(494f), result.thresholdAt(1e-2), 0);
            assertEquals(1, result.trueAcceptAt(1e-2));
        }
    }

    @Test
    void curveRunsFromNothingToEverything() {
        Verification result = Verification.of(SCORES, SAME);
        List<RocPoint> all = result.roc(100);
        assertEquals(9, all.size(), "eight distinct scores and the start");
        assertEquals(new RocPoint(Math.nextUp(0.9f), 0, 0), all.get(0));
        assertEquals(new RocPoint(0, 1, 1), all.get(8));
        double area = 0;
        for (int i = 1; i < all.size(); i++) {
            area += (all.get(i).falseAccept() - all.get(i - 1).falseAccept())
                    * (all.get(i).trueAccept() + all.get(i - 1).trueAccept())
                    / 2;
        }
        assertEquals(result.auc(), area, 1e-12);
        List<RocPoint> few = result.roc(4);
        assertTrue(few.size() <= 4);
        assertEquals(all.get(8), few.get(few.size() - 1));
        assertThrows(IllegalArgumentException.class, () -> result.roc(1));
    }

    @Test
    void agreesWithPlainLoops() {
        Random random = new Random(3);
        int n = 300;
        float[] scores = new float[n];
        boolean[] same = new boolean[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            same[i] = random.nextInt(3) == 0;
            scores[i] = (Math.round(10 * random.nextGaussian()) + (same[i] ? 8 : 0)) / 10f;
            weights[i] = random.nextInt(4);
        }
        Verification result = Verification.of(scores, same, weights);
        double wins = 0;
        double total = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (same[i] && !same[j]) {
                    total += weights[i] * weights[j];
                    wins += weights[i] * weights[j] * (Math.signum(scores[i] - scores[j]) + 1) / 2;
                }
            }
        }
        assertEquals(wins / total, result.auc(), 1e-12);
        for (double far : new double[] {0, 0.01, 0.1, 0.5}) {
            double best = -1;
            for (float base : scores) {
                for (float threshold : new float[] {base, Math.nextUp(base)}) {
                    if (rate(scores, same, weights, false, threshold) <= far) {
                        best = Math.max(best, rate(scores, same, weights, true, threshold));
                    }
                }
            }
            assertEquals(best, result.trueAcceptRate(result.thresholdAt(far)), 1e-12);
        }
        double bestAccuracy = 0;
        for (float threshold : scores) {
            bestAccuracy = Math.max(bestAccuracy, result.accuracyAt(threshold, Accuracy.PLAIN));
        }
        assertEquals(bestAccuracy, result.accuracyAt(result.bestThreshold(Accuracy.PLAIN), Accuracy.PLAIN), 1e-12);
    }

    private static double rate(float[] scores, boolean[] same, double[] weights, boolean kind, float threshold) {
        double accepted = 0;
        double total = 0;
        for (int i = 0; i < scores.length; i++) {
            if (same[i] == kind) {
                total += weights[i];
                accepted += scores[i] >= threshold ? weights[i] : 0;
            }
        }
        return accepted / total;
    }

    @ParameterizedTest
    @EnumSource(PairWeight.class)
    void allPairsAgreeWithListedPairs(PairWeight weight) {
        int n = 150;
        int[] labels = Numbers.labels(n, 20, 8);
        labels[3] = -1;
        labels[140] = -1;
        INDArray first = Numbers.people(labels, 8, 1.0, 9);
        INDArray second = Numbers.people(labels, 8, 1.5, 9);
        for (boolean ordered : new boolean[] {false, true}) {
            var scores = new ArrayList<Float>();
            var same = new ArrayList<Boolean>();
            var weights = new ArrayList<Double>();
            for (int i = 0; i < n; i++) {
                for (int j = ordered ? 0 : i + 1; j < n; j++) {
                    if (i != j && labels[i] >= 0 && labels[j] >= 0) {
                        scores.add((float) Numbers.cosine(first, i, ordered ? second : first, j));
                        same.add(labels[i] == labels[j]);
                        int own = labels[i];
                        double size = Arrays.stream(labels)
                                .filter(label -> label == own)
                                .count();
                        weights.add(
                                weight == PairWeight.PER_PERSON && labels[i] == labels[j]
                                        ? 1 / (size * (size - 1))
                                        : 1);
                    }
                }
            }
            float[] values = new float[scores.size()];
            boolean[] flags = new boolean[values.length];
            double[] each = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = scores.get(i);
                flags[i] = same.get(i);
                each[i] = weights.get(i);
            }
            Verification wanted = Verification.of(values, flags, each);
            Verification got = ordered
                    ? Verification.allPairs(first, second, labels, weight)
                    : Verification.allPairs(first, labels, weight);
            assertEquals(wanted.matchedPairs(), got.matchedPairs());
            assertEquals(wanted.mismatchedPairs(), got.mismatchedPairs());
            assertEquals(wanted.auc(), got.auc(), 1e-5);
            assertEquals(wanted.equalErrorRate(), got.equalErrorRate(), 1e-3);
            assertEquals(wanted.trueAcceptAt(1e-2), got.trueAcceptAt(1e-2), 2e-3);
            assertEquals(wanted.thresholdAt(1e-2), got.thresholdAt(1e-2), 2e-6);
        }
    }

    @Test
    void onePersonOneVoteOutvotesTheMostPhotographed() {
        // Person 0 has 4 images, well matched; person 1 has 2, badly matched, but above every stranger.
        INDArray embeddings = Numbers.angles(0, 1, 2, 3, 100, 250);
        int[] labels = {0, 0, 0, 0, 1, 1};
        Verification perPair = Verification.allPairs(embeddings, labels, PairWeight.PER_PAIR);
        Verification perPerson = Verification.allPairs(embeddings, labels, PairWeight.PER_PERSON);
        assertEquals(6.0 / 7, perPair.trueAcceptRate(perPair.thresholdAt(0)), 1e-9);
        assertEquals(1.0 / 2, perPerson.trueAcceptRate(perPerson.thresholdAt(0)), 1e-9);
    }

    @Test
    void aThousandPairsTellARateOfOneInAThousand() {
        float[] scores = new float[1001];
        boolean[] same = new boolean[1001];
        same[0] = true;
        for (int i = 0; i < 1001; i++) {
            scores[i] = 1001 - i;
        }
        assertEquals(
                "AUC 100.0, EER 0.0, TAR 100.0 at FAR 1e-2, 100.0 at 1e-3 (%; 1 matched, 1000 mismatched pairs)",
                Verification.of(scores, same).toString());
    }

    @Test
    void badInputIsTold() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Verification.allPairs(
                        Numbers.angles(1, 2), Numbers.angles(1, 2, 3), new int[] {0, 1}, PairWeight.PER_PAIR));

        assertThrows(IllegalArgumentException.class, () -> Verification.of(new float[1], new boolean[2]));
        assertThrows(
                IllegalArgumentException.class, () -> Verification.of(new float[1], new boolean[1], new double[] {-1}));
        assertThrows(
                IllegalArgumentException.class,
                () -> Verification.of(new float[1], new boolean[1], new double[] {Double.NaN}));
        var error = assertThrows(
                IllegalArgumentException.class, () -> Verification.of(new float[] {0, Float.NaN}, new boolean[2]));
        assertTrue(error.getMessage().contains("score of pair 1"), error.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Verification.of(SCORES, SAME).thresholdAt(1.5));
        assertThrows(
                IllegalArgumentException.class,
                () -> Verification.allPairs(Numbers.rows(new float[] {Float.NaN}), new int[] {0}, PairWeight.PER_PAIR));
    }
}
