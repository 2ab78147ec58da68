package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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

    private static Pairs of(
            INDArray guide, INDArray learner, ThreadLocal<SoftReference<Pairs>> ofThread, boolean wide) {
        Checks.batch(guide, learner);
        SoftReference<Pairs> held = ofThread.get();
        Pairs pairs = held == null ? null : held.get();
        if (pairs == null) {
            pairs = new Pairs();
            ofThread.set(new SoftReference<>(pairs));
        }
        List<Distances> changed = new ArrayList<>(2);
        if (pairs.guide.read(guide, wide)) {
            changed.add(pairs.guide);
        }
        if (pairs.learner.read(learner, wide)) {
            changed.add(pairs.learner);
        }
        Distances.measure(changed);
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
            singleTriplets = null; // so that the old one can go before the new one comes
            singleTriplets = new SingleTriplets(rows());
        }
        return singleTriplets;
    }

    /** A relation as a loss of the rows. */
    LossValue value(PairRelation relation) {
        double[] slopes = Scratch.of(Pairs.class).doubles(0, rows() * rows());
        double value = compare(relation, slopes);
        return new LossValue(value, learner.pull(slopes, type));
    }

    /** A relation's value; leaves its derivative by the learner's squared distances in {@code slopes}, in the half j &lt; i. */
    double compare(PairRelation relation, double[] slopes) {
        if (finite()) {
            return relation.compare(this, slopes);
        }
        Arrays.fill(slopes, 0, rows() * rows(), Double.NaN); // so that a divergence stays visible
        return Double.NaN;
    }

    /** Whether every number so far is one: an infinity or NaN in a row shows in its distances. */
    private boolean finite() {
        return Double.isFinite(guide.mean()) && Double.isFinite(learner.mean());
    }
}
