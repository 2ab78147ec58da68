package io.github.horkd.internal.graph;

/**
 * What one image is at some place of a graph: a map, or a row of features.
 *
 * @param channels of the map, or the width of the row
 * @param height   1 for a row
 * @param width    1 for a row
 * @param isRow    whether DL4J has an array of rank 2 there
 */
public record Extent(int channels, int height, int width, boolean isRow) {

    /** A map. */
    public static Extent map(int channels, int height, int width) {
        return new Extent(channels, height, width, false);
    }

    /** A row. */
    public static Extent row(int width) {
        return new Extent(width, 1, 1, true);
    }

    /** How many values that is. */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    /** The shape of the array for so many images. */
    public long[] shape(long images) {
        return isRow ? new long[] {images, channels} : new long[] {images, channels, height, width};
    }

    @Override
    public String toString() {
        return isRow ? Integer.toString(channels) : channels + "x" + height + "x" + width;
    }
}
