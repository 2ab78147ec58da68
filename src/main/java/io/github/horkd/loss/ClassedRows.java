package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Both sides' embeddings as unit rows in double, with a class for every sample: the guide's last column where it is one wider than the learner. Without that column, or
 * with −1 in it, a sample is of a class of its own.
 */
final class ClassedRows {

    final int count;
    final int width;
    /** Unit rows; a row of zeros stays one. */
    final double[] guide;

    final double[] learner;
    private final double[] lengths;
    private final int[] classes;

    private ClassedRows(INDArray guide, INDArray learner) {
        count = (int) learner.size(0);
        width = (int) learner.size(1);
        int columns = (int) guide.size(1);
        ThreadBuffers buffers = ThreadBuffers.of(ClassedRows.class);
        double[] all = buffers.doubles(0, count * columns);
        this.guide = buffers.doubles(1, count * width);
        this.learner = buffers.doubles(2, count * width);
        lengths = buffers.doubles(3, count);
        classes = buffers.ints(0, count);
        ArrayCopy.read(guide, all);
        ArrayCopy.read(learner, this.learner);
        for (int i = 0; i < count; i++) {
            System.arraycopy(all, i * columns, this.guide, i * width, width);
            classes[i] = columns == width ? -1 : ClassLabels.number(all[i * columns + width], i, Integer.MAX_VALUE);
            unit(this.guide, i);
            lengths[i] = unit(this.learner, i);
        }
    }

    static ClassedRows of(String loss, INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        if (guide.size(1) != learner.size(1) && guide.size(1) != learner.size(1) + 1) {
            throw new IllegalArgumentException(loss + ": wanted a guide as wide as the learner, [N, " + learner.size(1)
                    + "], or besides a last column of class numbers, got " + Arrays.toString(guide.shape()) + "; "
                    + Checks.ONE_SPACE);
        }
        return new ClassedRows(guide, learner);
    }

    private double unit(double[] x, int row) {
        double squares = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            squares += x[d] * x[d];
        }
        double length = Math.sqrt(squares);
        for (int d = row * width; d < (row + 1) * width; d++) {
            x[d] = length == 0 ? 0 : x[d] / length;
        }
        return length;
    }

    /** Whether two samples are of one class; each is of its own. */
    boolean together(int i, int j) {
        return i == j || classes[i] >= 0 && classes[i] == classes[j];
    }

    /** The class of a sample, −1 for one of its own. */
    int classOf(int i) {
        return classes[i];
    }

    double cosine(double[] x, int i, double[] y, int j) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += x[i * width + d] * y[j * width + d];
        }
        return sum;
    }

    /** ∂L/∂learner from ∂L/∂(its unit rows), which is used up. */
    INDArray throughUnit(double[] gradient, INDArray like) {
        double least = ShortRows.leastLength(lengths, count);
        for (int i = 0; i < count; i++) {
            double along = 0;
            for (int d = i * width; d < (i + 1) * width; d++) {
                along += gradient[d] * learner[d];
            }
            for (int d = i * width; d < (i + 1) * width; d++) {
                gradient[d] = lengths[i] == 0 ? 0 : (gradient[d] - along * learner[d]) / Math.max(lengths[i], least);
            }
        }
        return ArrayCopy.result(gradient, count, width, like.dataType());
    }
}
