package io.github.horkd.data;

/**
 * The shape of one image as a network sees it: channels first, then rows, then columns.
 *
 * @param channels 1 for gray, 3 for colour (red, green, blue)
 * @param height   rows, in pixels
 * @param width    columns, in pixels
 */
public record ImageShape(int channels, int height, int width) {

    /**
     * Rejects channel counts other than 1 and 3 and sides below 1.
     */
    public ImageShape {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("channels: wanted 1 (gray) or 3 (colour), got " + channels);
        }
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("image: wanted at least 1x1 pixels, got " + height + "x" + width);
        }
    }

    /**
     * A square gray image.
     *
     * @param side rows and columns, in pixels
     * @return the shape
     */
    public static ImageShape gray(int side) {
        return new ImageShape(1, side, side);
    }

    /**
     * A square colour image.
     *
     * @param side rows and columns, in pixels
     * @return the shape
     */
    public static ImageShape colour(int side) {
        return new ImageShape(3, side, side);
    }

    /**
     * Values per image.
     *
     * @return channels × height × width
     */
    public int size() {
        return channels * height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
