package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.file.ComposedName;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How often the class with the highest score is the right one.
 * <pre>  rate = (1 / n) Σ [label_i has the highest score of row i]      over the n labelled rows</pre>
 * Where m classes share the highest score, a right one among them counts 1/m: what a fair draw between them would give
 * on average.
 *
 * @param correct right answers, fractions of ties included
 * @param counted labelled rows whose class has a score
 * @param leftOut labelled rows whose class has none: they could never be right
 */
public record TopOne(double correct, int counted, int leftOut) {

    /**
     * Counts right answers.
     *
     * @param scores logits or probabilities, [N, C]
     * @param labels N labels 0 … C − 1; rows that are {@link PairedImages#UNLABELLED} are left out
     * @return the count
     * @throws IllegalArgumentException when shapes do not fit, a label is not below C, or a score is NaN
     */
    public static TopOne of(INDArray scores, int[] labels) {
        return of(scores, labels, 0);
    }

    /**
     * Counts right answers where scores and labels number their classes differently. Classes are matched by name. Those that only the scores know stay
     * as wrong answers; rows of classes that only the labels know are left out.
     *
     * @param scores       logits or probabilities, [N, C]
     * @param scoreClasses the C names that the scores belong to
     * @param labels       N labels; rows that are {@link PairedImages#UNLABELLED} are left out
     * @param labelClasses the names that the labels number
     * @return the count
     */
    public static TopOne byName(INDArray scores, List<String> scoreClasses, int[] labels, List<String> labelClasses) {
        List<String> names = scoreClasses.stream().map(ComposedName::of).toList();
        int[] columns = labelClasses.stream()
                .mapToInt(name -> names.indexOf(ComposedName.of(name)))
                .toArray();
        int[] matched = Arrays.stream(labels)
                .map(label -> label == PairedImages.UNLABELLED || columns[label] < 0
                        ? PairedImages.UNLABELLED
                        : columns[label])
                .toArray();
        long leftOut = Arrays.stream(labels)
                .filter(label -> label != PairedImages.UNLABELLED && columns[label] < 0)
                .count();
        return of(scores, matched, (int) leftOut);
    }

    private static TopOne of(INDArray scores, int[] labels, int leftOut) {
        if (scores.rank() != 2 || scores.size(0) != labels.length) {
            throw new IllegalArgumentException("scores: wanted [N, C] with N = " + labels.length + " labels, got "
                    + Arrays.toString(scores.shape()));
        }
        int classes = Math.toIntExact(scores.size(1));
        float[] values = ArrayCopy.floats(scores);
        double correct = 0;
        int counted = 0;
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == PairedImages.UNLABELLED) {
                continue;
            }
            if (labels[i] < 0 || labels[i] >= classes) {
                throw new IllegalArgumentException(
                        "label of row " + i + ": wanted 0 to " + (classes - 1) + ", got " + labels[i]);
            }
            counted++;
            correct += credit(values, i, classes, labels[i]);
        }
        return new TopOne(correct, counted, leftOut);
    }

    private static double credit(float[] values, int row, int classes, int label) {
        float own = values[row * classes + label];
        int equals = 0;
        boolean beaten = false;
        for (int c = 0; c < classes; c++) {
            float score = values[row * classes + c];
            if (Float.isNaN(score)) {
                throw new IllegalArgumentException("scores: row " + row + " holds NaN; the network has diverged");
            }
            beaten |= score > own;
            equals += score == own ? 1 : 0;
        }
        return beaten ? 0 : 1.0 / equals;
    }

    /**
     * The share of right answers.
     *
     * @return 0…1, NaN when nothing was labelled
     */
    public double rate() {
        return counted == 0 ? Double.NaN : correct / counted;
    }

    /**
     * Where {@link #rate} lies, the images taken as independent.
     *
     * @return an interval of 95 %
     */
    public Interval interval() {
        return Interval.wilson(rate(), counted);
    }

    @Override
    public String toString() {
        return "top-1 " + PercentText.of(rate()) + " % of " + counted
                + (leftOut == 0 ? "" : " (" + leftOut + " of classes that the network does not know left out)");
    }
}
