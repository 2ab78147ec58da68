package io.github.horkd.data;

/**
 * How a picture of any size becomes one of the wanted size without being distorted. What has to shrink is averaged by
 * exact area, what has to grow is interpolated bilinearly, and a picture of the wanted size is taken as it is.
 */
public enum Fit {
    /** The largest centred part of the wanted proportions; what lies outside is cut off. */
    CENTRE_CROP,
    /** The whole picture, centred, with black borders where its proportions differ. */
    PAD;

    /** Resizes to the given size, channels as they are. */
    Bitmap apply(Bitmap image, int height, int width) {
        int h = image.shape().height();
        int w = image.shape().width();
        if (h == height && w == width) {
            return image;
        }
        double byRows = (double) height / h;
        double byColumns = (double) width / w;
        if (this == CENTRE_CROP) {
            double scale = Math.max(byRows, byColumns);
            int cropHeight = within(height / scale, h);
            int cropWidth = within(width / scale, w);
            return resize(crop(image, cropHeight, cropWidth), height, width);
        }
        double scale = Math.min(byRows, byColumns);
        return pad(resize(image, within(h * scale, height), within(w * scale, width)), height, width);
    }

    private static int within(double length, int most) {
        return (int) Math.min(Math.max(Math.round(length), 1), most);
    }

    private static Bitmap crop(Bitmap image, int height, int width) {
        ImageShape from = image.shape();
        int top = (from.height() - height) / 2;
        int left = (from.width() - width) / 2;
        return copy(image, new ImageShape(from.channels(), height, width), top, left, 0, 0, height, width);
    }

    private static Bitmap pad(Bitmap image, int height, int width) {
        ImageShape from = image.shape();
        return copy(
                image,
                new ImageShape(from.channels(), height, width),
                0,
                0,
                (height - from.height()) / 2,
                (width - from.width()) / 2,
                from.height(),
                from.width());
    }

    private static Bitmap copy(
            Bitmap image, ImageShape to, int fromY, int fromX, int toY, int toX, int rows, int columns) {
        ImageShape from = image.shape();
        byte[] samples = new byte[to.size()];
        for (int c = 0; c < to.channels(); c++) {
            for (int y = 0; y < rows; y++) {
                System.arraycopy(
                        image.samples(),
                        (c * from.height() + fromY + y) * from.width() + fromX,
                        samples,
                        (c * to.height() + toY + y) * to.width() + toX,
                        columns);
            }
        }
        return new Bitmap(to, samples);
    }

    private static Bitmap resize(Bitmap image, int height, int width) {
        ImageShape from = image.shape();
        if (from.height() == height && from.width() == width) {
            return image;
        }
        float[] values = new float[from.size()];
        byte[] stored = image.samples();
        for (int i = 0; i < values.length; i++) {
            values[i] = stored[i] & 0xff;
        }
        float[] resized = ResampleWeights.filter(
                values, from.channels(), weights(from.height(), height), weights(from.width(), width));
        byte[] samples = new byte[resized.length];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = Bitmap.sample(resized[i]);
        }
        return new Bitmap(new ImageShape(from.channels(), height, width), samples);
    }

    private static ResampleWeights weights(int inputs, int outputs) {
        return outputs <= inputs ? ResampleWeights.area(inputs, outputs) : ResampleWeights.bilinear(inputs, outputs);
    }
}
