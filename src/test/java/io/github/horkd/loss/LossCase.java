package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/** One loss on the contract's list: what it eats, the same loss in plain loops, and what it is blind to. */
record LossCase(BatchLoss loss, Input input, ToDoubleBiFunction<double[][], double[][]> plainLoops, Set<Blind> blindTo) {

    enum Input { EMBEDDINGS, EQUAL_WIDTHS, LOGITS, LABELS_AND_LOGITS, LABELS_AND_COSINES }

    /** What the value does not change with; learner's side alone unless said otherwise. */
    enum Blind { ROTATION, TRANSLATION, SCALE, ROW_SCALE, ROW_ORDER, EQUALITY_IS_ZERO, COLLAPSE_IS_ZERO }

    @Override
    public String toString() {
        return loss.toString().replaceAll("huberDelta=|form=", "");
    }

    boolean is(Blind blind) {
        return blindTo.contains(blind);
    }

    double[][] guide(int rows, Random random) {
        return switch (input) {
            case EMBEDDINGS -> gaussian(rows, 6, random);
            case EQUAL_WIDTHS -> gaussian(rows, 5, random);
            case LOGITS -> gaussian(rows, 5, random);
            default -> {
                double[][] labels = new double[rows][5];
                for (int i = 0; i < rows; i++) {
                    if (i != 1 || rows < 3) {   // row 1 of a larger batch is not labelled
                        labels[i][random.nextInt(5)] = 1;
                    }
                }
                yield labels;
            }
        };
    }

    double[][] learner(int rows, Random random) {
        double[][] values = gaussian(rows, 5, random);
        if (input == Input.LABELS_AND_COSINES) {
            for (double[] row : values) {
                for (int d = 0; d < row.length; d++) {
                    row[d] = Math.tanh(row[d]);
                }
            }
        }
        return values;
    }

    LossValue at(double[][] guide, double[][] learner) {
        return loss.lossAndGradient(array(guide, DataType.DOUBLE), array(learner, DataType.DOUBLE));
    }

    static double[][] gaussian(int rows, int width, Random random) {
        double[][] values = new double[rows][width];
        for (double[] row : values) {
            for (int d = 0; d < width; d++) {
                row[d] = random.nextGaussian();
            }
        }
        return values;
    }

    static INDArray array(double[][] values, DataType type) {
        return Nd4j.createFromArray(values).castTo(type);
    }

    static double[][] copy(double[][] values) {
        double[][] copy = new double[values.length][];
        for (int i = 0; i < values.length; i++) {
            copy[i] = values[i].clone();
        }
        return copy;
    }
}
