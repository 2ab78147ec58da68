package io.github.horkd.data;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One axis of a separable linear filter: output i is the weighted sum of the inputs {@code from[i]},
 * {@code from[i] + 1}, … with {@code weights[i]}. Weights beyond an edge are folded onto the edge (clamping). Immutable, and kept for the next picture.
 */
final class ResampleWeights {

    /** More than any program has at once; then all are made anew. */
    private static final int MOST_KEPT = 256;

    private static final Map<String, ResampleWeights> KEPT = new ConcurrentHashMap<>();

    private final int inputs;
    private final int[] from;
    private final float[][] weights;
    /** All weights of output i from {@code starts[i]} on. */
    private final float[] flat;

    private final int[] starts;
    /** Outputs {@code sameFrom} up to {@code sameTo} have the same weights, each one input further. */
    private final int sameFrom;

    private final int sameTo;

    private ResampleWeights(int inputs, int[] from, float[][] weights) {
        this.inputs = inputs;
        this.from = from;
        this.weights = weights;
        this.starts = new int[from.length + 1];
        for (int i = 0; i < from.length; i++) {
            starts[i + 1] = starts[i] + weights[i].length;
        }
        this.flat = new float[starts[from.length]];
        for (int i = 0; i < from.length; i++) {
            System.arraycopy(weights[i], 0, flat, starts[i], weights[i].length);
        }
        int middle = from.length / 2;
        int low = middle;
        int high = middle + 1;
        while (low > 0 && from[low - 1] == from[low] - 1 && Arrays.equals(weights[low - 1], weights[middle])) {
            low--;
        }
        while (high < from.length
                && from[high] == from[high - 1] + 1
                && Arrays.equals(weights[high], weights[middle])) {
            high++;
        }
        this.sameFrom = low;
        this.sameTo = high;
    }

    /** Weights that were made before, or are made now: every picture of a set wants the same ones. */
    private static ResampleWeights kept(String kind, int inputs, double parameter, Supplier<ResampleWeights> made) {
        if (KEPT.size() > MOST_KEPT) {
            KEPT.clear();
        }
        return KEPT.computeIfAbsent(kind + "," + inputs + "," + parameter, key -> made.get());
    }

    int outputs() {
        return from.length;
    }

    /** Exact averaging: output i covers [i, i + 1) · inputs/outputs, and every input counts by the part that is covered. */
    static ResampleWeights area(int inputs, int outputs) {
        return kept("area", inputs, outputs, () -> madeArea(inputs, outputs));
    }

    private static ResampleWeights madeArea(int inputs, int outputs) {
        int[] from = new int[outputs];
        float[][] weights = new float[outputs][];
        for (int i = 0; i < outputs; i++) {
            // In units of 1/outputs of an input, where every border is a whole number.
            long begin = (long) i * inputs;
            long end = begin + inputs;
            int first = (int) (begin / outputs);
            int last = (int) ((end - 1) / outputs);
            from[i] = first;
            weights[i] = new float[last - first + 1];
            for (int j = first; j <= last; j++) {
                long covered = Math.min((j + 1L) * outputs, end) - Math.max((long) j * outputs, begin);
                weights[i][j - first] = (float) ((double) covered / inputs);
            }
        }
        return new ResampleWeights(inputs, from, weights);
    }

    /** Bilinear, two weights an output, half-pixel centres. */
    static ResampleWeights bilinear(int inputs, int outputs) {
        return kept("bilinear", inputs, outputs, () -> madeBilinear(inputs, outputs));
    }

    private static ResampleWeights madeBilinear(int inputs, int outputs) {
        Folding weights = new Folding(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            double at = (i + 0.5) * inputs / outputs - 0.5;
            int first = (int) Math.floor(at);
            double t = at - first;
            weights.set(i, first, new double[] {1 - t, t});
        }
        return weights.done();
    }

    /** Bicubic, four weights an output of Keys' cubic convolution with a = −0.75, half-pixel centres. */
    static ResampleWeights bicubic(int inputs, int outputs) {
        return kept("bicubic", inputs, outputs, () -> madeBicubic(inputs, outputs));
    }

    private static ResampleWeights madeBicubic(int inputs, int outputs) {
        Folding weights = new Folding(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            double at = (i + 0.5) * inputs / outputs - 0.5;
            int first = (int) Math.floor(at);
            double t = at - first;
            weights.set(i, first - 1, new double[] {cubic(t + 1), cubic(t), cubic(1 - t), cubic(2 - t)});
        }
        return weights.done();
    }

    /** Lanczos with three lobes, six weights an output, half-pixel centres. */
    static ResampleWeights lanczos(int inputs, int outputs) {
        return kept("lanczos", inputs, outputs, () -> madeLanczos(inputs, outputs));
    }

    private static ResampleWeights madeLanczos(int inputs, int outputs) {
        Folding weights = new Folding(inputs, outputs);
        for (int i = 0; i < outputs; i++) {
            double at = (i + 0.5) * inputs / outputs - 0.5;
            int first = (int) Math.floor(at) - 2;
            double[] kernel = new double[6];
            double sum = 0;
            for (int k = 0; k < kernel.length; k++) {
                double x = at - first - k;
                kernel[k] = sinc(x) * sinc(x / 3);
                sum += kernel[k];
            }
            for (int k = 0; k < kernel.length; k++) {
                kernel[k] /= sum;
            }
            weights.set(i, first, kernel);
        }
        return weights.done();
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** Gaussian of the given standard deviation, cut at three of them and normalised to sum 1. */
    static ResampleWeights gaussian(int size, double sigma) {
        return kept("gaussian", size, sigma, () -> madeGaussian(size, sigma));
    }

    private static ResampleWeights madeGaussian(int size, double sigma) {
        int radius = Math.max(1, (int) Math.ceil(3 * sigma));
        double[] kernel = new double[2 * radius + 1];
        double sum = 0;
        for (int d = -radius; d <= radius; d++) {
            kernel[d + radius] = Math.exp(-d * d / (2 * sigma * sigma));
            sum += kernel[d + radius];
        }
        for (int d = 0; d < kernel.length; d++) {
            kernel[d] /= sum;
        }
        Folding weights = new Folding(size, size);
        for (int i = 0; i < size; i++) {
            weights.set(i, i - radius, kernel);
        }
        return weights.done();
    }

    /** Filters an image: columns of pixels by {@code vertical}, rows of pixels by {@code horizontal}. */
    static float[] filter(float[] image, int channels, ResampleWeights vertical, ResampleWeights horizontal) {
        int width = horizontal.inputs;
        int outHeight = vertical.outputs();
        int outWidth = horizontal.outputs();
        float[] out = new float[channels * outHeight * outWidth];
        float[] row = new float[width];
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < outHeight; y++) {
                // Rows first: the inner loop runs along memory. Two at a time, which halves the traffic and adds in the
                // same order.
                float[] down = vertical.weights[y];
                int at = (c * vertical.inputs + vertical.from[y]) * width;
                float first = down[0];
                for (int x = 0; x < width; x++) {
                    row[x] = first * image[at + x];
                }
                int k = 1;
                for (; k + 1 < down.length; k += 2) {
                    float w = down[k];
                    float next = down[k + 1];
                    int upper = at + k * width;
                    int lower = upper + width;
                    for (int x = 0; x < width; x++) {
                        row[x] = row[x] + w * image[upper + x] + next * image[lower + x];
                    }
                }
                if (k < down.length) {
                    float w = down[k];
                    int last = at + k * width;
                    for (int x = 0; x < width; x++) {
                        row[x] += w * image[last + x];
                    }
                }
                horizontal.along(row, out, (c * outHeight + y) * outWidth);
            }
        }
        return out;
    }

    /** Filters one row. Sums run over the weights in their order, whichever loop is the inner one, so the bits are the same. */
    private void along(float[] row, float[] out, int to) {
        single(row, out, to, 0, sameFrom);
        float[] same = weights[sameFrom];
        int count = sameTo - sameFrom;
        int first = from[sameFrom];
        if (count <= 2 * same.length) {
            single(row, out, to, sameFrom, sameTo);
        } else {
            int at = to + sameFrom;
            int k = 0;
            for (; k + 1 < same.length; k += 2) {
                float w = same[k];
                float next = same[k + 1];
                int begin = first + k;
                for (int x = 0; x < count; x++) {
                    out[at + x] = out[at + x] + w * row[begin + x] + next * row[begin + 1 + x];
                }
            }
            if (k < same.length) {
                float w = same[k];
                int begin = first + k;
                for (int x = 0; x < count; x++) {
                    out[at + x] += w * row[begin + x];
                }
            }
        }
        single(row, out, to, sameTo, from.length);
    }

    private void single(float[] row, float[] out, int to, int begin, int end) {
        for (int x = begin; x < end; x++) {
            int at = starts[x];
            int taps = starts[x + 1] - at;
            int first = from[x];
            float sum = flat[at] * row[first];
            if (taps == 2) {
                sum += flat[at + 1] * row[first + 1];
            } else if (taps == 3) {
                sum = sum + flat[at + 1] * row[first + 1] + flat[at + 2] * row[first + 2];
            } else {
                for (int k = 1; k < taps; k++) {
                    sum += flat[at + k] * row[first + k];
                }
            }
            out[to + x] = sum;
        }
    }

    private static double cubic(double x) {
        double a = -0.75;
        return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
    }

    /** Weights being set, those beyond an edge folded onto it. */
    private record Folding(int inputs, int[] from, float[][] weights) {

        Folding(int inputs, int outputs) {
            this(inputs, new int[outputs], new float[outputs][]);
        }

        void set(int output, int first, double[] kernel) {
            int low = clamp(first, inputs - 1);
            int high = clamp(first + kernel.length - 1, inputs - 1);
            float[] folded = new float[high - low + 1];
            double[] exact = new double[folded.length];
            for (int k = 0; k < kernel.length; k++) {
                exact[clamp(first + k, inputs - 1) - low] += kernel[k];
            }
            for (int k = 0; k < folded.length; k++) {
                folded[k] = (float) exact[k];
            }
            from[output] = low;
            weights[output] = folded;
        }

        ResampleWeights done() {
            return new ResampleWeights(inputs, from, weights);
        }
    }

    private static int clamp(int at, int last) {
        return Math.min(Math.max(at, 0), last);
    }
}
