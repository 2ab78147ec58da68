package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import java.nio.FloatBuffer;

/**
 * From our images, [channels, height, width], red first, to what a model reads.
 *
 * @param from         what comes in
 * @param channels     of the model, 1 or 3
 * @param channelsLast whether channels come last
 * @param blueFirst    whether blue comes first
 * @param mean         for each channel of {@code from} as it comes or for all; subtracted
 * @param deviation    likewise; divided by
 */
record PixelLayout(
        ImageShape from, int channels, boolean channelsLast, boolean blueFirst, double[] mean, double[] deviation) {

    private static final double[] LUMA = {0.299, 0.587, 0.114};

    /** Writes one image. */
    void write(float[] image, int at, FloatBuffer to, int start) {
        int pixels = from.height() * from.width();
        for (int c = 0; c < channels; c++) {
            int source = channels == 3 && blueFirst ? 2 - c : c;
            float scale = (float) (1 / pick(deviation, source));
            float shift = (float) (-pick(mean, source) / pick(deviation, source));
            for (int p = 0; p < pixels; p++) {
                to.put(
                        start + (channelsLast ? p * channels + c : c * pixels + p),
                        intensity(image, at, source, p, pixels) * scale + shift);
            }
        }
    }

    private float intensity(float[] image, int at, int channel, int pixel, int pixels) {
        if (from.channels() == channels) {
            return image[at + channel * pixels + pixel];
        }
        if (from.channels() == 1) {
            return image[at + pixel];
        }
        return (float) (LUMA[0] * image[at + pixel]
                + LUMA[1] * image[at + pixels + pixel]
                + LUMA[2] * image[at + 2 * pixels + pixel]);
    }

    private static double pick(double[] values, int channel) {
        return values.length == 1 ? values[0] : values[channel];
    }

    long[] shape(int batch) {
        return channelsLast
                ? new long[] {batch, from.height(), from.width(), channels}
                : new long[] {batch, channels, from.height(), from.width()};
    }

    int size() {
        return channels * from.height() * from.width();
    }
}
