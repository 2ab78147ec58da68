package io.github.horkd.guide;

/**
 * A feature map that a network gives besides its embedding: what one of its layers says of every place of an image.
 *
 * @param name     of the layer, vertex or tensor
 * @param channels at least 1
 * @param height   rows, at least 1
 * @param width    columns, at least 1
 */
public record FeatureMap(String name, int channels, int height, int width) {

    /** Rejects a missing name and sides below 1. */
    public FeatureMap {
        if (name == null || name.isBlank() || channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "feature map: wanted a name and at least 1 channel, row and column, got '" + name + "' of "
                            + channels + "x" + height + "x" + width);
        }
    }

    /**
     * Values per image.
     *
     * @return channels × height × width
     */
    public int size() {
        return Math.multiplyExact(Math.multiplyExact(channels, height), width);
    }

    @Override
    public String toString() {
        return name + " " + channels + "x" + height + "x" + width;
    }
}
