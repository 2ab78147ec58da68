package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The distances within both sides of a batch, as a {@link DistanceRelation} is handed them. One instance per thread, which remembers what it holds: losses of
 * several orders over the same batch find the work done. A relation must not keep it, nor change its arrays.
 */
public final class BatchDistances {

    private static final ThreadLocal<SoftReference<BatchDistances>> OF_THREAD = new ThreadLocal<>();
    private static final ThreadLocal<SoftReference<BatchDistances>> WIDE_OF_THREAD = new ThreadLocal<>();

    private final SideDistances guide = new SideDistances();
    private final SideDistances learner = new SideDistances();
    private DataType type;
    private SingleTriplets singleTriplets;
    private BatchDistances widened;

    /** With products in the precision of the rows. */
    static BatchDistances of(INDArray guide, INDArray learner) {
        return of(guide, learner, OF_THREAD, false);
    }

    /** With products in double precision, for relations that would magnify the rounding of single ones. */
    static BatchDistances wide(INDArray guide, INDArray learner) {
        return of(guide, learner, WIDE_OF_THREAD, true);
    }

    private static BatchDistances of(
            INDArray guide, INDArray learner, ThreadLocal<SoftReference<BatchDistances>> ofThread, boolean wide) {
        Checks.batch(guide, learner);
        SoftReference<BatchDistances> held = ofThread.get();
        BatchDistances both = held == null ? null : held.get();
        if (both == null) {
            both = new BatchDistances();
            ofThread.set(new SoftReference<>(both));
        }
        List<SideDistances> changed = new ArrayList<>(2);
        if (both.guide.read(guide, wide)) {
            changed.add(both.guide);
        }
        if (both.learner.read(learner, wide)) {
            changed.add(both.learner);
        }
        SideDistances.measure(changed);
        both.type = learner.dataType();
        return both;
    }

    /**
     * How many rows either side has.
     *
     * @return N
     */
    public int rows() {
        return learner.rows();
    }

    /**
     * Between the guide's rows.
     *
     * @return the distances
     */
    public SideDistances guide() {
        return guide;
    }

    /**
     * Between the learner's rows.
     *
     * @return the distances
     */
    public SideDistances learner() {
        return learner;
    }

    /** The distances of the same rows by products in double precision; for one relation at a time. */
    BatchDistances widened() {
        if (widened == null) {
            widened = new BatchDistances();
        }
        widened.guide.measureWide(guide);
        widened.learner.measureWide(learner);
        return widened;
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
    LossValue value(DistanceRelation relation) {
        double[] slopes = ThreadBuffers.of(BatchDistances.class).doubles(0, rows() * rows());
        double value = compare(relation, slopes);
        return new LossValue(value, learner.pull(slopes, type));
    }

    /** A relation's value; leaves its derivative by the learner's squared distances in {@code slopes}, in the half j &lt; i. */
    double compare(DistanceRelation relation, double[] slopes) {
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
