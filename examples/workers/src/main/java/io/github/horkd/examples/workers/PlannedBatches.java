package io.github.horkd.examples.workers;

import io.github.horkd.data.Batches;
import java.util.List;
import java.util.NoSuchElementException;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.MultiDataSetPreProcessor;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Batches for DL4J by the plan that the library's own loop follows, epoch after epoch, so many in all. Relations need their batch, so none is ever cut
 * or merged: each goes to one worker as it is.
 */
final class PlannedBatches implements MultiDataSetIterator {

    private static final long serialVersionUID = 1;

    private final transient TaughtPictures pictures;
    private final transient Batches plan;
    private final int count;
    private transient List<int[]> epoch;
    private int given;

    PlannedBatches(TaughtPictures pictures, Batches plan, int count) {
        this.pictures = pictures;
        this.plan = plan;
        this.count = count;
    }

    @Override
    public boolean hasNext() {
        return given < count;
    }

    /** Which pictures the next batch has. */
    int[] nextIndices() {
        if (!hasNext()) {
            throw new NoSuchElementException("all " + count + " batches were given");
        }
        int within = given % plan.count();
        if (within == 0) {
            epoch = plan.epoch(given / plan.count());
        }
        given++;
        return epoch.get(within);
    }

    @Override
    public MultiDataSet next() {
        return pictures.batch(nextIndices());
    }

    @Override
    public MultiDataSet next(int size) {
        throw new UnsupportedOperationException(
                "wanted next(): the plan says how large batches are, got next(" + size + ")");
    }

    @Override
    public boolean resetSupported() {
        return true;
    }

    @Override
    public void reset() {
        given = 0;
    }

    /** A batch is a few copied rows: no thread of its own for that. */
    @Override
    public boolean asyncSupported() {
        return false;
    }

    @Override
    public MultiDataSetPreProcessor getPreProcessor() {
        return null;
    }

    @Override
    public void setPreProcessor(MultiDataSetPreProcessor preProcessor) {
        throw new UnsupportedOperationException(
                "images are scaled already; wanted no pre-processor, got " + preProcessor);
    }
}
