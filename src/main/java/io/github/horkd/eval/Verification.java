package io.github.horkd.eval;

import io.github.horkd.guide.LocalScaling;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How well scores tell matched pairs (same identity) from mismatched ones. A pair is accepted when its score ≥ the
 * threshold.
 * <pre>  FAR(θ) = weight of mismatched pairs with score ≥ θ / weight of mismatched pairs
 *   TAR(θ) = weight of matched pairs with score ≥ θ / weight of matched pairs
 *   θ(f)   = the smallest float with FAR(θ) ≤ f                TAR at FAR f = TAR(θ(f)), nothing is interpolated
 *   AUC    = P(matched &gt; mismatched) + ½ P(matched = mismatched)
 *   EER    = (FAR + 1 − TAR) / 2 at the corner of the curve where the two differ least</pre>
 * A false-accept rate below 1 / (number of mismatched pairs) cannot be measured on them: TAR there is NaN. Where one of the two kinds of pairs is missing, whatever needs it is NaN; plain accuracy needs only some pair.
 * Immutable.
 */
public final class Verification {

    private final Curve curve;
    private final long matchedPairs;
    private final long mismatchedPairs;
    private final double leastRate;

    Verification(Ranked matched, Ranked mismatched, long matchedPairs, long mismatchedPairs) {
        this(matched, mismatched, matchedPairs, mismatchedPairs, 1.0 / mismatchedPairs);
    }

    Verification(Ranked matched, Ranked mismatched, long matchedPairs, long mismatchedPairs, double leastRate) {
        this.curve = new Curve(matched, mismatched);
        this.matchedPairs = matchedPairs;
        this.mismatchedPairs = mismatchedPairs;
        this.leastRate = leastRate;
    }

    /**
     * From scored pairs that count the same.
     *
     * @param scores one score per pair, larger is more alike; finite
     * @param same   whether the pair is matched
     * @return the verification
     */
    public static Verification of(float[] scores, boolean[] same) {
        double[] weights = new double[scores.length];
        Arrays.fill(weights, 1);
        return of(scores, same, weights);
    }

    /**
     * From scored pairs with weights.
     *
     * @param scores  one score per pair, larger is more alike; finite
     * @param same    whether the pair is matched
     * @param weights how much the pair counts, at least 0; a pair of weight 0 is as good as absent
     * @return the verification
     */
    public static Verification of(float[] scores, boolean[] same, double[] weights) {
        if (same.length != scores.length || weights.length != scores.length) {
            throw new IllegalArgumentException("pairs: wanted one score, one flag and one weight each, got "
                    + scores.length + ", " + same.length + " and " + weights.length);
        }
        for (int i = 0; i < scores.length; i++) {
            if (!Float.isFinite(scores[i])) {
                throw new IllegalArgumentException("score of pair " + i + ": wanted a finite number, got " + scores[i]);
            }
            if (!(weights[i] >= 0) || weights[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("weight of pair " + i + ": wanted 0 or more, got " + weights[i]);
            }
        }
        Ranked[] kinds = new Ranked[2];
        long[] counts = new long[2];
        for (int kind = 0; kind < 2; kind++) {
            double[] own = weights.clone();
            for (int i = 0; i < own.length; i++) {
                if (same[i] != (kind == 0)) {
                    own[i] = 0;
                } else if (own[i] > 0) {
                    counts[kind]++;
                }
            }
            kinds[kind] = Ranked.of(scores, own);
        }
        return new Verification(kinds[0], kinds[1], counts[0], counts[1]);
    }

    /**
     * From every unordered pair of one set, cosine similarity. Similarities are made block by block and counted in
     * steps of 2⁻²¹, so memory does not grow with the number of pairs (two histograms of 32 MiB while it runs) and
     * nothing else is approximated.
     *
     * @param embeddings [N, D]
     * @param labels     N labels; unlabelled rows are left out
     * @param weight     how much a matched pair counts
     * @return the verification
     */
    public static Verification allPairs(INDArray embeddings, int[] labels, PairWeight weight) {
        UnitRows rows = UnitRows.of("embeddings", embeddings);
        return AllPairs.score(rows, rows, labels, weight, false);
    }

    /**
     * From every pair of different images across two networks or resolutions: image i on the first side with image j ≠
     * i on the second, so both directions of a pair count.
     *
     * @param first  [N, D], for example high-resolution views by the teacher
     * @param second [N, D], the same images, for example low-resolution views by the student
     * @param labels N labels; unlabelled rows are left out
     * @param weight how much a matched pair counts
     * @return the verification
     */
    public static Verification allPairs(INDArray first, INDArray second, int[] labels, PairWeight weight) {
        UnitRows these = UnitRows.of("first", first);
        UnitRows those = UnitRows.of("second", second);
        these.wantSameCount(those);
        return AllPairs.score(these, those, labels, weight, true);
    }

    /**
     * From every pair of different images across two networks or resolutions, by cosines with local scaling. Scores are counted in steps of 2⁻²⁰.
     *
     * @param gallery [N, D], for example high-resolution views by the teacher
     * @param probes  [N, D], the same images, for example low-resolution views by the student
     * @param labels  N labels; unlabelled rows are left out
     * @param weight  how much a matched pair counts
     * @param scaling by a cohort of other images, embedded as these are
     * @return the verification
     */
    public static Verification allPairs(
            INDArray gallery, INDArray probes, int[] labels, PairWeight weight, LocalScaling scaling) {
        UnitRows these = UnitRows.of("gallery", gallery, scaling.width());
        UnitRows those = UnitRows.of("probes", probes, scaling.width());
        these.wantSameCount(those);
        float[] ofGallery = scaling.ofGallery(gallery);
        float[] ofProbes = scaling.ofProbes(probes);
        return AllPairs.score(these, those, labels, weight, true, 2, (i, row, at) -> {
            for (int j = 0; j < ofProbes.length; j++) {
                row[at + j] = LocalScaling.score(row[at + j], ofProbes[j], ofGallery[i]);
            }
        });
    }

    /**
     * How many matched pairs there are.
     *
     * @return a count, whatever their weight above 0
     */
    public long matchedPairs() {
        return matchedPairs;
    }

    /**
     * How many mismatched pairs there are.
     *
     * @return a count, whatever their weight above 0
     */
    public long mismatchedPairs() {
        return mismatchedPairs;
    }

    /**
     * The share of matched pairs accepted at a threshold.
     *
     * @param threshold a score
     * @return TAR, 0…1, NaN without matched pairs
     */
    public double trueAcceptRate(double threshold) {
        return curve.matched().atOrAbove(threshold) / curve.matched().total();
    }

    /**
     * The share of mismatched pairs accepted at a threshold.
     *
     * @param threshold a score
     * @return FAR, 0…1, NaN without mismatched pairs
     */
    public double falseAcceptRate(double threshold) {
        return curve.mismatched().atOrAbove(threshold) / curve.mismatched().total();
    }

    /**
     * The smallest float threshold that accepts no larger share of the mismatched pairs.
     *
     * @param falseAcceptRate 0…1
     * @return the threshold, −∞ for a rate of 1, NaN without mismatched pairs
     */
    public double thresholdAt(double falseAcceptRate) {
        if (!(falseAcceptRate >= 0 && falseAcceptRate <= 1)) {
            throw new IllegalArgumentException("false-accept rate: wanted 0 to 1, got " + falseAcceptRate);
        }
        return curve.mismatched().total() == 0 ? Double.NaN : curve.mismatched().smallestThreshold(falseAcceptRate);
    }

    /**
     * The smallest false-accept rate that these pairs can tell: one wrongly accepted pair among all.
     *
     * @return 1 / {@link #mismatchedPairs()}, infinite without any
     */
    public double minFalseAcceptRate() {
        return leastRate;
    }

    /**
     * The share of matched pairs accepted when no larger share of the mismatched ones is. With n mismatched pairs of
     * equal weight the threshold rests on the ⌊n · rate⌋ most alike of them.
     *
     * @param falseAcceptRate 0…1, for example 1e-2
     * @return TAR at FAR, 0…1; NaN for a rate below {@link #minFalseAcceptRate()}, which these pairs cannot tell from 0, and where a kind of pairs is
     *         missing
     */
    public double trueAcceptAt(double falseAcceptRate) {
        double threshold = thresholdAt(falseAcceptRate);
        // The tolerance is for rates such as 0.01 that are no exact fraction.
        return Double.isNaN(threshold) || falseAcceptRate < leastRate * (1 - 1e-9)
                ? Double.NaN
                : trueAcceptRate(threshold);
    }

    /**
     * Where TAR at a threshold lies, the matched pairs taken as independent. Pairs share people: {@link Interval#overPeople} is wider.
     *
     * @param threshold a score, chosen on other pairs
     * @return an interval of 95 %
     */
    public Interval trueAcceptInterval(double threshold) {
        return Interval.wilson(trueAcceptRate(threshold), matchedPairs);
    }

    /**
     * Where FAR at a threshold lies, the mismatched pairs taken as independent.
     *
     * @param threshold a score, chosen on other pairs
     * @return an interval of 95 %
     */
    public Interval falseAcceptInterval(double threshold) {
        return Interval.wilson(falseAcceptRate(threshold), mismatchedPairs);
    }

    /**
     * The area under the curve, ties counted half.
     *
     * @return 0…1, ½ for scores that say nothing, NaN where a kind of pairs is missing
     */
    public double auc() {
        return curve.area();
    }

    /**
     * The equal error rate: the mean of FAR and 1 − TAR where they differ least; where several corners are level, the
     * smallest.
     *
     * @return 0…1, NaN where a kind of pairs is missing
     */
    public double equalErrorRate() {
        return curve.equalErrorRate();
    }

    /**
     * The equal error rate of the convex hull of the curve: what is reached when two thresholds may be mixed at random, also called ROCCH-EER. Never
     * above {@link #equalErrorRate()} by more than rounding.
     *
     * @return 0…½, NaN where a kind of pairs is missing
     */
    public double hullEqualErrorRate() {
        return curve.hullEqualErrorRate();
    }

    /**
     * The least normalised detection cost over all thresholds, minDCF, as NIST's speaker recognition evaluations define it.
     * <pre>  min over θ of  (c_miss · π · (1 − TAR) + c_fa · (1 − π) · FAR) / min(c_miss · π, c_fa · (1 − π))</pre>
     *
     * @param matchedPrior π, the share of matched pairs where the system will be used, above 0, below 1; 0.01 is usual
     * @param missCost     c_miss, above 0; 1 is usual
     * @param acceptCost   c_fa, above 0; 1 is usual
     * @return 0…1, NaN where a kind of pairs is missing
     */
    public double minDetectionCost(double matchedPrior, double missCost, double acceptCost) {
        if (!(matchedPrior > 0 && matchedPrior < 1 && missCost > 0 && acceptCost > 0)) {
            throw new IllegalArgumentException("detection cost: wanted a prior inside 0…1 and costs above 0, got "
                    + matchedPrior + ", " + missCost + " and " + acceptCost);
        }
        double miss = missCost * matchedPrior;
        double wrong = acceptCost * (1 - matchedPrior);
        return curve.leastCost(miss, wrong) / Math.min(miss, wrong);
    }

    /**
     * The share of right answers at a threshold, which should have been chosen on other pairs.
     *
     * @param threshold a score
     * @param accuracy  what to count
     * @return 0…1; NaN without pairs, for {@link Accuracy#BALANCED} already where a kind of pairs is missing
     */
    public double accuracyAt(double threshold, Accuracy accuracy) {
        return curve.accuracy(
                curve.matched().atOrAbove(threshold), curve.mismatched().atOrAbove(threshold), accuracy);
    }

    /**
     * The threshold of highest accuracy on these pairs, to be used on others: the middle between two neighbouring
     * scores; of equally good ones that with the widest gap, then the highest. Accepting all and rejecting all are
     * considered too.
     *
     * @param accuracy what to count
     * @return the threshold, NaN where that accuracy is
     */
    public double bestThreshold(Accuracy accuracy) {
        return curve.bestThreshold(accuracy);
    }

    /**
     * The corners of the curve from (0, 0) to (1, 1), for a chart.
     *
     * @param atMost how many points, at least 2; corners are left out evenly along the curve where there are more
     * @return points by falling threshold; rates are NaN where a kind of pairs is missing
     */
    public List<RocPoint> roc(int atMost) {
        if (atMost < 2) {
            throw new IllegalArgumentException("points: wanted 2 or more, got " + atMost);
        }
        return curve.corners(atMost);
    }

    /**
     * The curve of detection error trade-off from (0, 1) to (1, 0), for a chart whose axes are the normal deviates.
     *
     * @param atMost how many points, at least 2, as for {@link #roc}
     * @return points by falling threshold
     */
    public List<DetPoint> det(int atMost) {
        return roc(atMost).stream().map(DetPoint::of).toList();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "AUC %s, EER %s, TAR %s at FAR 1e-2, %s at 1e-3 (%%; %d matched, %d mismatched pairs%s)",
                PercentText.of(auc()),
                PercentText.of(equalErrorRate()),
                PercentText.of(trueAcceptAt(1e-2)),
                PercentText.of(trueAcceptAt(1e-3)),
                matchedPairs,
                mismatchedPairs,
                leastRate <= 1e-3 || mismatchedPairs == 0
                        ? ""
                        : String.format(Locale.ROOT, ", known from FAR %.1e on", leastRate));
    }
}
