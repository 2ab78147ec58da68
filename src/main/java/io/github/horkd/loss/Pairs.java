package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.lang.ref.SoftReference;

/**
 * The distances of both sides of a batch. One instance per thread, which remembers what it holds: losses of several orders
 * over the same batch, and DL4J's second question about it, find the work done.
 */
final class Pairs {

    private static final ThreadLocal<SoftReference<Pairs>> OF_THREAD = new ThreadLocal<>();

    private final Distances guide = new Distances();
    private final Distances learner = new Distances();
    private DataType type;
    private SingleTriplets singleTriplets;

    static Pairs of(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        SoftReference<Pairs> held = OF_THREAD.get();
        Pairs pairs = held == null ? null : held.get();
        if (pairs == null) {
            pairs = new Pairs();
            OF_THREAD.set(new SoftReference<>(pairs));
        }
        pairs.guide.hold(guide);
        pairs.learner.hold(learner);
        pairs.type = learner.dataType();
        return pairs;
    }

    int rows() {
        return learner.rows();
    }

    Distances guide() {
        return guide;
    }

    Distances learner() {
        return learner;
    }

    /** The room for the pass over all triplets in single precision. */
    SingleTriplets singleTriplets() {
        if (singleTriplets == null || singleTriplets.capacity() < rows()) {
            singleTriplets = null;   // so that the old one can go before the new one comes
            singleTriplets = new SingleTriplets(rows());
        }
        return singleTriplets;
    }

    /** Whether every number so far is one: an infinity or NaN in a row shows in its distances. */
    boolean finite() {
        return Double.isFinite(guide.mean()) && Double.isFinite(learner.mean());
    }

    /** The loss whose derivative by the learner's squared distances is {@code slopes} (the half j &lt; i). */
    LossValue value(double value, double[] slopes) {
        return new LossValue(value, learner.pull(slopes, type));
    }
}
