package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;

/**
 * One image of 8-bit samples, channel after channel, row after row; 0 is black, 255 is white. The array is not copied and
 * not changed after construction.
 */
record Bitmap(ImageShape shape, byte[] samples) {

    Bitmap {
        if (samples.length != shape.size()) {
            throw new IllegalArgumentException(
                    "image: wanted " + shape.size() + " samples for " + shape + ", got " + samples.length);
        }
    }

    static Bitmap of(Pixels image) {
        byte[] samples = new byte[image.values().length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = sample(image.values()[i] * 255);
        }
        return new Bitmap(image.shape(), samples);
    }

    /** The nearest 8-bit sample. */
    static byte sample(float value) {
        // As Math.round does, which takes ten times as long.
        return (byte) (value > 0 ? value < 255 ? (int) (value + 0.5) : 255 : 0);
    }

    /** Gray as three equal channels; colour as ITU-R 601 luma, which leaves gray colours exactly as they are. */
    Bitmap as(int channels) {
        if (channels == shape.channels()) {
            return this;
        }
        int plane = shape.height() * shape.width();
        byte[] converted = new byte[channels * plane];
        if (channels == 3) {
            for (int c = 0; c < 3; c++) {
                System.arraycopy(samples, 0, converted, c * plane, plane);
            }
        } else {
            for (int i = 0; i < plane; i++) {
                int luma = 299 * (samples[i] & 0xff)
                        + 587 * (samples[plane + i] & 0xff)
                        + 114 * (samples[2 * plane + i] & 0xff);
                converted[i] = (byte) ((luma + 500) / 1000);
            }
        }
        return new Bitmap(new ImageShape(channels, shape.height(), shape.width()), converted);
    }

    Pixels toPixels() {
        float[] values = new float[samples.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (samples[i] & 0xff) / 255f;
        }
        return new Pixels(shape, values);
    }

    /** The samples in the JDK's form, set in the raster so that no colour space gets between. */
    BufferedImage toBufferedImage() {
        int plane = shape.height() * shape.width();
        BufferedImage image = new BufferedImage(
                shape.width(),
                shape.height(),
                shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        WritableRaster raster = image.getRaster();
        int[] band = new int[plane];
        for (int c = 0; c < shape.channels(); c++) {
            for (int i = 0; i < plane; i++) {
                band[i] = samples[c * plane + i] & 0xff;
            }
            raster.setSamples(0, 0, shape.width(), shape.height(), c, band);
        }
        return image;
    }

    /** White, on which transparent pixels lie unless another gray is asked for. */
    static final int WHITE = 255;

    static Bitmap of(BufferedImage image) {
        return of(image, WHITE);
    }

    /** The samples as stored, not as {@code getRGB} would curve them; a palette is looked up; alpha lets a gray shine through. */
    static Bitmap of(BufferedImage image, int background) {
        int width = image.getWidth();
        int height = image.getHeight();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(image, palette, background);
        }
        WritableRaster raster = image.getRaster();
        boolean gray = raster.getNumBands() < 3;
        int colours = gray ? 1 : 3;
        int plane = width * height;
        byte[] samples = new byte[colours * plane];
        int[] band = new int[plane];
        for (int c = 0; c < colours; c++) {
            band(raster, c, band);
            for (int i = 0; i < plane; i++) {
                samples[c * plane + i] = (byte) band[i];
            }
        }
        if (image.getColorModel().hasAlpha() && raster.getNumBands() > colours) {
            band(raster, colours, band);
            boolean multiplied = image.isAlphaPremultiplied();
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (byte) blend(samples[i] & 0xff, band[i % plane], multiplied, background);
            }
        }
        return new Bitmap(new ImageShape(colours, height, width), samples);
    }

    /** One band, scaled to 8 bits. */
    private static void band(WritableRaster raster, int c, int[] band) {
        raster.getSamples(raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), c, band);
        int bits = raster.getSampleModel().getSampleSize(c);
        if (bits != 8) {
            long top = (1L << bits) - 1;
            for (int i = 0; i < band.length; i++) {
                band[i] = (int) (((band[i] & 0xffffffffL) * 255 + top / 2) / top);
            }
        }
    }

    private static int blend(int sample, int alpha, boolean multiplied, int background) {
        int own = multiplied ? sample * 255 : sample * alpha;
        return Math.min((own + background * (255 - alpha) + 127) / 255, 255);
    }

    private static Bitmap ofPalette(BufferedImage image, IndexColorModel palette, int background) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        boolean gray = true;
        for (int k = 0; k < colours.length; k++) {
            int alpha = colours[k] >>> 24;
            int red = blend(colours[k] >> 16 & 0xff, alpha, false, background);
            int green = blend(colours[k] >> 8 & 0xff, alpha, false, background);
            int blue = blend(colours[k] & 0xff, alpha, false, background);
            colours[k] = red << 16 | green << 8 | blue;
            gray &= red == green && red == blue;
        }
        int plane = image.getWidth() * image.getHeight();
        int[] indices = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
        byte[] samples = new byte[gray ? plane : 3 * plane];
        for (int i = 0; i < plane; i++) {
            if (indices[i] >= colours.length) {
                throw new IllegalArgumentException("index " + indices[i] + " of a palette of " + colours.length);
            }
            int colour = colours[indices[i]];
            for (int c = 0; c * plane < samples.length; c++) {
                samples[c * plane + i] = (byte) (colour >> 16 - 8 * c);
            }
        }
        return new Bitmap(new ImageShape(gray ? 1 : 3, image.getHeight(), image.getWidth()), samples);
    }

    /**
     * The picture upright.
     *
     * @param orientation as Exif counts: 1 upright, 2 mirrored, 3 half a turn, 4 upside down mirrored, 5 transposed, 6 to be
     *                    turned right, 7 transposed over the other diagonal, 8 to be turned left
     */
    Bitmap turned(int orientation) {
        if (orientation == 1) {
            return this;
        }
        int height = shape.height();
        int width = shape.width();
        boolean transposed = orientation >= 5;
        boolean fromRight = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean fromBelow = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        ImageShape upright = new ImageShape(shape.channels(), transposed ? width : height, transposed ? height : width);
        byte[] turned = new byte[samples.length];
        int at = 0;
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < upright.height(); y++) {
                for (int x = 0; x < upright.width(); x++) {
                    int row = transposed ? x : y;
                    int column = transposed ? y : x;
                    row = fromBelow ? height - 1 - row : row;
                    column = fromRight ? width - 1 - column : column;
                    turned[at++] = samples[(c * height + row) * width + column];
                }
            }
        }
        return new Bitmap(upright, turned);
    }
}
