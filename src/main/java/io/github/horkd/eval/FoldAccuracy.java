package io.github.horkd.eval;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Verification accuracy over folds: on each fold with the threshold that is best on all the others. This is the
 * protocol of Labeled Faces in the Wild (Huang et al., University of Massachusetts technical report 07-49, 2007), View
 * 2, which has ten folds.
 * <pre>  mean = (1 / k) Σ p_f       standard error = s / √k,  s² = Σ (p_f − mean)² / (k − 1)</pre>
 *
 * @param accuracies p_f of every fold, 0…1
 * @param thresholds the threshold each was measured with
 */
public record FoldAccuracy(List<Double> accuracies, List<Double> thresholds) {

    public FoldAccuracy {
        accuracies = List.copyOf(accuracies);
        thresholds = List.copyOf(thresholds);
    }

    /**
     * Measures every fold.
     *
     * @param scores   one score per pair
     * @param same     whether the pair is matched
     * @param folds    which fold the pair belongs to: at least two different numbers, 0 or more
     * @param accuracy what to count
     * @return the accuracies in the order of fold numbers
     */
    public static FoldAccuracy of(float[] scores, boolean[] same, int[] folds, Accuracy accuracy) {
        if (folds.length != scores.length || same.length != scores.length) {
            throw new IllegalArgumentException("pairs: wanted one score, one flag and one fold each, got "
                    + scores.length + ", " + same.length + " and " + folds.length);
        }
        int[] names = Arrays.stream(folds).sorted().distinct().toArray();
        if (names.length < 2) {
            throw new IllegalArgumentException(
                    "folds: wanted two or more, so that a threshold can come from other pairs, got " + names.length);
        }
        Double[] accuracies = new Double[names.length];
        Double[] thresholds = new Double[names.length];
        for (int f = 0; f < names.length; f++) {
            int name = names[f];
            double threshold = part(scores, same, i -> folds[i] != name).bestThreshold(accuracy);
            thresholds[f] = threshold;
            accuracies[f] = part(scores, same, i -> folds[i] == name).accuracyAt(threshold, accuracy);
        }
        return new FoldAccuracy(List.of(accuracies), List.of(thresholds));
    }

    private static Verification part(float[] scores, boolean[] same, IntPredicate wanted) {
        double[] weights = IntStream.range(0, scores.length)
                .mapToDouble(i -> wanted.test(i) ? 1 : 0)
                .toArray();
        return Verification.of(scores, same, weights);
    }

    /**
     * The mean over the folds.
     *
     * @return 0…1
     */
    public double mean() {
        return spread().mean();
    }

    /**
     * The standard error of the mean over the folds.
     *
     * @return sample standard deviation over √k
     */
    public double standardError() {
        return spread().deviation() / Math.sqrt(accuracies.size());
    }

    private Spread spread() {
        return Spread.of(accuracies.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public String toString() {
        return "accuracy " + PercentText.number(100 * mean(), 2) + " ± " + PercentText.number(100 * standardError(), 2)
                + " % (standard error over " + accuracies.size() + " folds)";
    }
}
