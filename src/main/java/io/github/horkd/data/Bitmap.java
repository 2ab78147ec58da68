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
        return (byte) Math.min(Math.max(Math.round(value), 0), 255);
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

    /** The samples as stored, not as {@code getRGB} would curve them; alpha is ignored; a palette is looked up. */
    static Bitmap of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return ofPalette(image, palette);
        }
        boolean gray = image.getRaster().getNumBands() < 3;
        int plane = width * height;
        byte[] samples = new byte[gray ? plane : 3 * plane];
        int[] band = new int[plane];
        for (int c = 0; c < (gray ? 1 : 3); c++) {
            image.getRaster().getSamples(0, 0, width, height, c, band);
            int bits = image.getSampleModel().getSampleSize(c);
            long top = (1L << bits) - 1;
            for (int i = 0; i < plane; i++) {
                samples[c * plane + i] = (byte) (bits == 8 ? band[i] : (band[i] * 255L + top / 2) / top);
            }
        }
        return new Bitmap(new ImageShape(gray ? 1 : 3, height, width), samples);
    }

    private static Bitmap ofPalette(BufferedImage image, IndexColorModel palette) {
        int[] colours = new int[palette.getMapSize()];
        palette.getRGBs(colours);
        boolean gray = true;
        for (int colour : colours) {
            gray &= (colour >> 16 & 0xff) == (colour & 0xff) && (colour >> 8 & 0xff) == (colour & 0xff);
        }
        int plane = image.getWidth() * image.getHeight();
        int[] indices = image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
        byte[] samples = new byte[gray ? plane : 3 * plane];
        for (int i = 0; i < plane; i++) {
            int colour = colours[indices[i]];
            for (int c = 0; c * plane < samples.length; c++) {
                samples[c * plane + i] = (byte) (colour >> 16 - 8 * c);
            }
        }
        return new Bitmap(new ImageShape(gray ? 1 : 3, image.getHeight(), image.getWidth()), samples);
    }
}
