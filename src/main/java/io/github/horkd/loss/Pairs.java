package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.lang.ref.SoftReference;
import java.util.Arrays;

/**
 * The distances of both sides of a batch. One instance per thread, which remembers what it holds: losses of several orders
 * over the same batch, and DL4J's second question about it, find the work done.
 */
final class Pairs {

    private static final ThreadLocal<SoftReference<Pairs>> OF_THREAD = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<Pairs>> WIDE_OF_THREAD = new ThreadLocal<>();

    private final Distances guide = new Distances();
    private final Distances learner = new Distances();
    private DataType type;
    private SingleTriplets singleTriplets;

    /** With products in the precision of the rows. */
    static Pairs of(INDArray guide, INDArray learner) {
        return of(guide, learner, OF_THREAD, false);
    }

    /** With products in double precision, for relations that would magnify the rounding of single ones. */
    static Pairs wide(INDArray guide, INDArray learner) {
        return of(guide, learner, WIDE_OF_THREAD, true);
    }

    private static Pairs of(INDArray guide, INDArray learner, ThreadLocal<SoftReference<Pairs>> ofThread, boolean wide) {
        Checks.batch(guide, learner);
        SoftReference<Pairs> held = ofThread.get();
        Pairs pairs = held == null ? null : held.get();
        if (pairs == null) {
            pairs = new Pairs();
            ofThread.set(new SoftReference<>(pairs));
        }
        pairs.guide.hold(guide, wide);
        pairs.learner.hold(learner, wide);
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

    /** What infinite or NaN rows come to: NaN throughout, so that a divergence stays visible. */
    LossValue notANumber(double[] slopes) {
        Arrays.fill(slopes, 0, rows() * rows(), Double.NaN);
        return value(Double.NaN, slopes);
    }

    /** The loss whose derivative by the learner's squared distances is {@code slopes} (the half j &lt; i). */
    LossValue value(double value, double[] slopes) {
        return new LossValue(value, learner.pull(slopes, type));
    }
}
