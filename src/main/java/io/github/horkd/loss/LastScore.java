package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The last loss this thread computed. DL4J's layers ask for the gradient and then, separately, for the score of the very
 * same arrays: the second answer comes from here. Contents are compared, not references, so an answer is never stale.
 */
final class LastScore {

    private static final ThreadLocal<SoftReference<LastScore>> OF_THREAD = new ThreadLocal<>();

    private final Copy guide = new Copy();
    private final Copy learner = new Copy();
    private BatchLoss loss;
    private double value;

    static double of(BatchLoss loss, INDArray guide, INDArray learner) {
        SoftReference<LastScore> held = OF_THREAD.get();
        LastScore last = held == null ? null : held.get();
        return last != null && last.loss == loss && last.guide.matches(guide) && last.learner.matches(learner)
                ? last.value
                : loss.lossAndGradient(guide, learner).value();
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

    private static final class Copy {
        private double[] values = {};
        private long length;

        void take(INDArray array) {
            length = array.length();
            if (values.length < length) {
                values = new double[Math.toIntExact(length)];
            }
            Rows.read(array, values);
        }

        boolean matches(INDArray array) {
            if (array.length() != length) {
                return false;
            }
            double[] now = Scratch.of(Copy.class).doubles(0, (int) length);
            Rows.read(array, now);
            return Arrays.equals(now, 0, (int) length, values, 0, (int) length);
        }
    }
}
