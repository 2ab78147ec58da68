package io.github.horkd.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rejects arguments that cannot be meant, in words: the thing, what was wanted, what came. */
final class Checks {

    /** The way out when a loss of first order meets two widths. */
    static final String PROJECT =
            "learn a projection: a DenseLayer without bias from the learner's width to the guide's, in"
                    + " front of the loss, stripped after training (relations, order 2 and up, need no equal widths)";

    /** The way out when a relation across the streams meets two widths. */
    static final String ONE_SPACE =
            "relations across the streams need one space: learn a projection, a DenseLayer without"
                    + " bias, in front of the loss";

    private Checks() {}

    static void positive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(name + ": wanted a finite number > 0, got " + value);
        }
    }

    static void inRange(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(name + ": wanted " + low + " to " + high + ", got " + value);
        }
    }

    static <T> void present(String name, T value) {
        if (value == null) {
            throw new IllegalArgumentException(name + ": wanted one, got null");
        }
    }

    static void matrix(String name, INDArray array) {
        if (array.rank() != 2) {
            throw new IllegalArgumentException(name + ": wanted [N, D], got " + Arrays.toString(array.shape()));
        }
    }

    /** Both matrices, with as many rows. */
    static void batch(INDArray guide, INDArray learner) {
        matrix("guide", guide);
        matrix("learner", learner);
        if (guide.size(0) != learner.size(0)) {
            throw new IllegalArgumentException("learner: wanted [N, D] with the guide's N = " + guide.size(0) + ", got "
                    + Arrays.toString(learner.shape()));
        }
    }

    /** Both matrices, of the same shape. */
    static void sameShape(String loss, INDArray guide, INDArray learner, String wayOut) {
        batch(guide, learner);
        if (guide.size(1) != learner.size(1)) {
            throw new IllegalArgumentException(loss + ": wanted the learner as wide as the guide, " + guide.size(1)
                    + ", got " + learner.size(1) + "; " + wayOut);
        }
    }
}
