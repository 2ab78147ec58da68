package io.github.horkd.data;

/**
 * One image as numbers: intensities 0…1, channel after channel, row after row.
 *
 * <p>A carrier between the steps of a {@link Degradation}: the array is not copied, so whoever receives one reads it and
 * writes into an array of its own. Equality is that of the array's identity.
 *
 * @param shape  channels, height, width
 * @param values {@code shape.size()} intensities
 */
public record Pixels(ImageShape shape, float[] values) {

    /**
     * Rejects an array that does not hold exactly one image of the shape.
     */
    public Pixels {
        if (values.length != shape.size()) {
            throw new IllegalArgumentException(
                    "pixels: wanted " + shape.size() + " values for " + shape + ", got " + values.length);
        }
    }
}
