package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.onednn.MemoryOrder;

/**
 * What one image is at some place of an {@link InferencePlan}: a map, or a row of features.
 *
 * @param channels of the map, or the width of the row
 * @param height   1 for a row
 * @param width    1 for a row
 * @param isRow    whether DL4J has an array of rank 2 there
 */
record PlanSides(int channels, int height, int width, boolean isRow) {

    static PlanSides of(Extent extent) {
        return new PlanSides(extent.channels(), extent.height(), extent.width(), extent.isRow());
    }

    static PlanSides map(int channels, int height, int width) {
        return new PlanSides(channels, height, width, false);
    }

    static PlanSides row(int width) {
        return new PlanSides(width, 1, 1, true);
    }

    /** How many values that is. */
    int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    /**
     * How many channels a blocked map has room for. Steps compute them all, those that only fill the last block with weights of 0: oneDNN's fast kernels
     * want whole blocks.
     */
    int room() {
        int block = MemoryOrder.blockSize();
        return isRow ? channels : (channels + block - 1) / block * block;
    }

    /** These sides with as many channels as there is room for. */
    PlanSides full() {
        return new PlanSides(room(), height, width, isRow);
    }

    /** The sides of the array for some images. */
    long[] of(int images) {
        return isRow ? new long[] {images, channels} : new long[] {images, channels, height, width};
    }
}
