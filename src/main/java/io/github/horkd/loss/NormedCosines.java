package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What losses with a margin by quality look at: each row's cosines with the class weights, and behind them the embedding that these are of, whose length is the quality. */
final class NormedCosines {

    final int rows;
    /** How many columns are cosines, C. */
    final int classes;
    /** The embedding's width, D. */
    final int depth;
    /** How many rows are labelled. */
    final int labelled;
    /** The class of each row; the array may be longer. */
    final int[] labels;
    /** C + D values a row. */
    final double[] values;
    /** The length of each embedding. */
    final double[] norms;

    private NormedCosines(INDArray guide, INDArray learner) {
        rows = (int) learner.size(0);
        classes = (int) guide.size(1);
        depth = (int) learner.size(1) - classes;
        labels = ClassLabels.classes(guide, classes);
        labelled = ClassLabels.labelled(labels, rows);
        ThreadBuffers buffers = ThreadBuffers.of(NormedCosines.class);
        values = buffers.doubles(0, rows * width());
        norms = buffers.doubles(1, rows);
        ArrayCopy.read(learner, values);
        for (int i = 0; i < rows; i++) {
            double squares = 0;
            for (int d = i * width() + classes; d < (i + 1) * width(); d++) {
                squares += values[d] * values[d];
            }
            norms[i] = Math.sqrt(squares);
        }
    }

    static NormedCosines of(String loss, INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        if (guide.size(1) < 2 || learner.size(1) <= guide.size(1)) {
            throw new IllegalArgumentException(loss + ": wanted one-hot labels [N, C] and a learner [N, C + D], its"
                    + " cosines and behind them its embedding, got " + Arrays.toString(guide.shape()) + " and "
                    + Arrays.toString(learner.shape())
                    + "; a MergeVertex of the cosines and the embedding gives both");
        }
        return new NormedCosines(guide, learner);
    }

    int width() {
        return classes + depth;
    }

    boolean isLabelled(int row) {
        return labels[row] != ClassLabels.UNLABELLED;
    }

    /** Clears a row that says nothing. */
    void clear(int row) {
        Arrays.fill(values, row * width(), (row + 1) * width(), 0);
    }
}
