package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.lang.ref.SoftReference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The answer to DL4J's second question, in one place: its layers ask for the gradient of a batch and then, separately, for the score of the very same
 * arrays. That is what this thread computed last. Shapes and contents are compared, not references, so an answer is never stale.
 */
final class LastScore {

    private static final ThreadLocal<SoftReference<LastScore>> OF_THREAD = new ThreadLocal<>();

    private final Copy guide = new Copy();
    private final Copy learner = new Copy();
    private BatchLoss loss;
    private double value;

    /** The score, from memory if it was computed last and otherwise from the loss. */
    static double of(BatchLoss loss, INDArray guide, INDArray learner) {
        SoftReference<LastScore> held = OF_THREAD.get();
        LastScore last = held == null ? null : held.get();
        return last != null && last.loss == loss && last.learner.matches(learner) && last.guide.matches(guide)
                ? last.value
                : loss.valueOf(guide, learner);
    }

    static void remember(BatchLoss loss, INDArray guide, INDArray learner, double value) {
        SoftReference<LastScore> held = OF_THREAD.get();
        LastScore last = held == null ? null : held.get();
        if (last == null) {
            last = new LastScore();
            OF_THREAD.set(new SoftReference<>(last));
        }
        last.loss = loss;
        last.value = value;
        last.guide.take(guide);
        last.learner.take(learner);
    }

    /** An array's values in its own precision, or in double where that is not single. */
    private static final class Copy {
        private final Values taken = new Values();
        private final Values asked = new Values();

        void take(INDArray array) {
            taken.read(array);
        }

        boolean matches(INDArray array) {
            if (!taken.hasTheShapeOf(array)) {
                return false;
            }
            asked.read(array);
            return asked.equalsExactly(taken);
        }
    }

    private static final class Values {
        private float[] single = {};
        private double[] wide = {};
        private DataType type;
        private long[] shape;
        private int length;

        void read(INDArray array) {
            type = array.dataType();
            shape = array.shape();
            length = Math.toIntExact(array.length());
            if (type == DataType.FLOAT) {
                single = single.length < length ? new float[length] : single;
                ArrayCopy.read(array, single);
            } else {
                wide = wide.length < length ? new double[length] : wide;
                ArrayCopy.read(array, wide);
            }
        }

        boolean hasTheShapeOf(INDArray array) {
            return array.dataType() == type && Arrays.equals(array.shape(), shape);
        }

        boolean equalsExactly(Values other) {
            return type == DataType.FLOAT
                    ? Arrays.equals(single, 0, length, other.single, 0, length)
                    : Arrays.equals(wide, 0, length, other.wide, 0, length);
        }
    }
}
