package io.github.horkd.examples.faces;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Feature maps and what small networks do with them, padded as TensorFlow pads ("same": the odd pixel on the right and below).
 *
 * @param height rows
 * @param width  columns
 * @param planes one array of rows a channel
 */
record Maps(int height, int width, float[][] planes) {

    /** Convolution with a kernel [side, side, in, out]; every output channel is computed by itself. */
    Maps convolved(Weights kernel, int stride, boolean same) {
        int side = kernel.shape()[0];
        int in = kernel.shape()[2];
        int out = kernel.shape()[3];
        Frame frame = new Frame(side, stride, same);
        return frame.filled(out, (o, to) -> {
            for (int i = 0; i < in; i++) {
                for (int k = 0; k < side * side; k++) {
                    frame.add(planes[i], kernel.values()[(k * in + i) * out + o], k / side, k % side, to);
                }
            }
        });
    }

    /** Each channel by a kernel of its own [side, side, channels, 1]. */
    Maps channelwise(Weights kernel, int stride) {
        int side = kernel.shape()[0];
        int channels = kernel.shape()[2];
        Frame frame = new Frame(side, stride, true);
        return frame.filled(channels, (c, to) -> {
            for (int k = 0; k < side * side; k++) {
                frame.add(planes[c], kernel.values()[k * channels + c], k / side, k % side, to);
            }
        });
    }

    Maps plus(Weights bias) {
        return each((c, plane) -> {
            for (int p = 0; p < plane.length; p++) {
                plane[p] += bias.values()[c];
            }
        });
    }

    Maps plus(Maps other) {
        return each((c, plane) -> {
            for (int p = 0; p < plane.length; p++) {
                plane[p] += other.planes[c][p];
            }
        });
    }

    /** x where it is above 0, else slope · x. */
    Maps rectified(float slope) {
        return each((c, plane) -> {
            for (int p = 0; p < plane.length; p++) {
                plane[p] = plane[p] > 0 ? plane[p] : slope * plane[p];
            }
        });
    }

    /** The largest of 2×2. */
    Maps pooled(int stride) {
        Frame frame = new Frame(2, stride, true);
        return frame.filled(planes.length, (c, to) -> {
            Arrays.fill(to, Float.NEGATIVE_INFINITY);
            for (int y = 0; y < frame.rows; y++) {
                for (int x = 0; x < frame.columns; x++) {
                    for (int k = 0; k < 4; k++) {
                        int fromY = y * stride + k / 2;
                        int fromX = x * stride + k % 2;
                        if (fromY < height && fromX < width) {
                            to[y * frame.columns + x] =
                                    Math.max(to[y * frame.columns + x], planes[c][fromY * width + fromX]);
                        }
                    }
                }
            }
        });
    }

    private interface Plane {
        void at(int channel, float[] values);
    }

    private Maps each(Plane change) {
        float[][] changed = new float[planes.length][];
        IntStream.range(0, planes.length).forEach(c -> {
            changed[c] = planes[c].clone();
            change.at(c, changed[c]);
        });
        return new Maps(height, width, changed);
    }

    /** Where a kernel's pixels fall. */
    private final class Frame {
        final int stride;
        final int rows;
        final int columns;
        final int above;
        final int before;

        Frame(int side, int stride, boolean same) {
            this.stride = stride;
            rows = same ? (height + stride - 1) / stride : (height - side) / stride + 1;
            columns = same ? (width + stride - 1) / stride : (width - side) / stride + 1;
            above = same ? Math.max(0, (rows - 1) * stride + side - height) / 2 : 0;
            before = same ? Math.max(0, (columns - 1) * stride + side - width) / 2 : 0;
        }

        Maps filled(int channels, Plane fill) {
            float[][] planes = new float[channels][rows * columns];
            IntStream.range(0, channels).parallel().forEach(c -> fill.at(c, planes[c]));
            return new Maps(rows, columns, planes);
        }

        /** Adds weight · from, moved by the pixel (dy, dx) of a kernel. */
        void add(float[] from, float weight, int dy, int dx, float[] to) {
            int firstX = Math.max(0, (before - dx + stride - 1) / stride);
            int lastX = Math.min(columns - 1, Math.floorDiv(width - 1 + before - dx, stride));
            for (int y = 0; y < rows; y++) {
                int fromY = y * stride - above + dy;
                if (fromY >= 0 && fromY < height) {
                    int at = fromY * width - before + dx;
                    for (int x = firstX; x <= lastX; x++) {
                        to[y * columns + x] += weight * from[at + x * stride];
                    }
                }
            }
        }
    }
}
