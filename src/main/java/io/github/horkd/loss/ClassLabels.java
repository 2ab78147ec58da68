package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Class labels as a loss receives them: one-hot rows, or one column of class numbers. */
final class ClassLabels {

    /** The class of a row that has none. */
    static final int UNLABELLED = -1;

    private ClassLabels() {}

    /**
     * The class of every row: the place of the 1 in a one-hot row, or the class number itself when the labels have one column.
     * A row of zeros, or a class number of −1, has none. The array is this thread's own and may be longer than the batch.
     */
    static int[] classes(INDArray labels, INDArray logits) {
        Checks.batch(labels, logits);
        return classes(labels, (int) logits.size(1));
    }

    /** The same where the learner's width says nothing of how many classes there are. */
    static int[] classes(INDArray labels, int classCount) {
        int rows = (int) labels.size(0);
        int width = (int) labels.size(1);
        if (width != classCount && width != 1) {
            throw new IllegalArgumentException(
                    "labels: wanted one-hot [N, " + classCount + "], as wide as the learner, or class"
                            + " numbers [N, 1], got " + Arrays.toString(labels.shape()));
        }
        double[] values = ThreadBuffers.of(ClassLabels.class).doubles(0, rows * width);
        ArrayCopy.read(labels, values);
        int[] classes = ThreadBuffers.of(ClassLabels.class).ints(0, rows);
        for (int i = 0; i < rows; i++) {
            classes[i] = width == classCount ? place(values, i, width) : number(values[i], i, classCount);
        }
        return classes;
    }

    static int labelled(int[] classes, int rows) {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            count += classes[i] == UNLABELLED ? 0 : 1;
        }
        return count;
    }

    private static int place(double[] values, int row, int width) {
        int found = UNLABELLED;
        for (int c = 0; c < width; c++) {
            double value = values[row * width + c];
            if (value == 1 && found == UNLABELLED) {
                found = c;
            } else if (value != 0) {
                throw new IllegalArgumentException("labels: row " + row
                        + ": wanted a single 1 among zeros (or zeros only: not" + " labelled), got " + value
                        + " for class " + c + "; for soft labels use SoftLogitsLoss");
            }
        }
        return found;
    }

    static int number(double value, int row, int classCount) {
        if (value != Math.rint(value) || value < UNLABELLED || value >= classCount) {
            throw new IllegalArgumentException("labels: row " + row + ": wanted a class number 0 to " + (classCount - 1)
                    + " (or -1: not labelled), got " + value);
        }
        return (int) value;
    }
}
