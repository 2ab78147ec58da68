package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How often the class with the highest score is the right one.
 * <pre>  rate = (1 / n) Σ [label_i has the highest score of row i]      over the n labelled rows</pre>
 * Where m classes share the highest score, a right one among them counts 1/m: what a fair draw between them would give
 * on average.
 *
 * @param correct right answers, fractions of ties included
 * @param counted labelled rows
 */
public record TopOne(double correct, int counted) {

    /**
     * Counts right answers.
     *
     * @param scores logits or probabilities, [N, C]
     * @param labels N labels 0 … C − 1; rows that are {@link PairedImages#UNLABELLED} are left out
     * @return the count
     * @throws IllegalArgumentException when shapes do not fit, a label is not below C, or a score is NaN
     */
    public static TopOne of(INDArray scores, int[] labels) {
        if (scores.rank() != 2 || scores.size(0) != labels.length) {
            throw new IllegalArgumentException("scores: wanted [N, C] with N = " + labels.length + " labels, got "
                    + Arrays.toString(scores.shape()));
        }
        int classes = Math.toIntExact(scores.size(1));
        float[] values = UnitRows.floats(scores);
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
        return new TopOne(correct, counted);
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

    @Override
    public String toString() {
        return "top-1 " + Percent.of(rate()) + " % of " + counted;
    }
}
