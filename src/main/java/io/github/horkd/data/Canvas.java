package io.github.horkd.data;

import java.io.IOException;
import java.util.Arrays;

/**
 * The place of a moving picture's first frame, which may be smaller than the picture. Where no frame lies, the canvas is transparent.
 *
 * @param width  columns; 0 where the frame is the picture
 * @param height rows
 * @param x      columns left of the frame
 * @param y      rows above it
 */
record Canvas(int width, int height, int x, int y) {

    static final Canvas NONE = new Canvas(0, 0, 0, 0);

    /** A canvas as stated, made larger where the frame would reach over its edges, as browsers do. */
    static Canvas of(int width, int height, int x, int y, int frameWidth, int frameHeight, long maxPixels)
            throws IOException {
        int wide = Math.max(width, x + frameWidth);
        int high = Math.max(height, y + frameHeight);
        ImageDecoder.checkSize(wide, high, maxPixels);
        return wide == frameWidth && high == frameHeight ? NONE : new Canvas(wide, high, x, y);
    }

    /** The picture with the frame in it. */
    Bitmap holding(Bitmap frame, int background) {
        if (width == 0) {
            return frame;
        }
        ImageShape own = frame.shape();
        byte[] samples = new byte[own.channels() * height * width];
        Arrays.fill(samples, (byte) background);
        for (int row = 0; row < own.channels() * own.height(); row++) {
            int to = (row / own.height() * height + y + row % own.height()) * width + x;
            System.arraycopy(frame.samples(), row * own.width(), samples, to, own.width());
        }
        return new Bitmap(new ImageShape(own.channels(), height, width), samples);
    }
}
