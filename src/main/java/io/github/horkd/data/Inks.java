package io.github.horkd.data;

import java.awt.image.Raster;

/**
 * From four inks to red, green and blue, without a profile:
 * <pre>  red = (255 − cyan)·(255 − black)/255, green and blue likewise</pre>
 * Adobe's programs store 255 − ink, and in JPEGs often the first three of those as luma and chroma.
 */
final class Inks {

    private static final int BANDS = 4;

    private Inks() {}

    static Bitmap toColour(Raster raster, StrippedFile.Colours colours) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        if (raster.getNumBands() < BANDS) {
            throw new IllegalArgumentException("wanted four inks, got " + raster.getNumBands());
        }
        int plane = width * height;
        byte[] samples = new byte[3 * plane];
        int[] row = new int[raster.getNumBands() * width];
        int bits = raster.getSampleModel().getSampleSize(0);
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int from = x * raster.getNumBands();
                // How much paper each ink leaves white.
                int[] white = new int[BANDS];
                for (int c = 0; c < BANDS; c++) {
                    int sample = bits > 8 ? row[from + c] * 255 / ((1 << bits) - 1) : row[from + c];
                    white[c] = colours == StrippedFile.Colours.INKS ? 255 - sample : sample;
                }
                if (colours == StrippedFile.Colours.INVERTED_LUMA_INKS) {
                    fromLuma(white);
                }
                for (int c = 0; c < 3; c++) {
                    samples[c * plane + y * width + x] = (byte) ((white[c] * white[3] + 127) / 255);
                }
            }
        }
        return new Bitmap(new ImageShape(3, height, width), samples);
    }

    /** Luma and chroma of the ink to the white that the ink leaves. */
    private static void fromLuma(int[] pixel) {
        double luma = pixel[0];
        double blue = pixel[1] - 128;
        double red = pixel[2] - 128;
        pixel[0] = 255 - clamp(luma + 1.402 * red);
        pixel[1] = 255 - clamp(luma - 0.344136 * blue - 0.714136 * red);
        pixel[2] = 255 - clamp(luma + 1.772 * blue);
    }

    private static int clamp(double value) {
        return (int) Math.min(Math.max(Math.round(value), 0), 255);
    }
}
