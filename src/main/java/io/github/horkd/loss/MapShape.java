package io.github.horkd.loss;

import java.io.Serializable;

/**
 * The shape of a feature map of one image. Losses see maps as rows, [N, channels · height · width], channel after channel, row after row.
 *
 * @param channels at least 1
 * @param height   rows, at least 1
 * @param width    columns, at least 1
 */
public record MapShape(int channels, int height, int width) implements Serializable {

    /** Rejects sides below 1. */
    public MapShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "map: wanted at least 1 channel, row and column, got " + channels + "x" + height + "x" + width);
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
        return channels + "x" + height + "x" + width;
    }
}
