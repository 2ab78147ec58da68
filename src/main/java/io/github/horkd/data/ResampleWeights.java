package io.github.horkd.data;

import java.util.Arrays;

/**
 * One axis of a separable linear filter: output i is the weighted sum of the inputs {@code from[i]},
 * {@code from[i] + 1}, … with {@code weights[i]}. Weights beyond an edge are folded onto the edge (clamping).
 */
record ResampleWeights(int inputs, int[] from, float[][] weights) {

    int outputs() {
        return from.length;
    }

    /** Exact averaging: output i covers [i, i + 1) · inputs/outputs, and every input counts by the part that is covered. */
    static ResampleWeights area(int inputs, int outputs) {
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
        ResampleWeights weights = new ResampleWeights(inputs, new int[outputs], new float[outputs][]);
        for (int i = 0; i < outputs; i++) {
            double at = (i + 0.5) * inputs / outputs - 0.5;
            int first = (int) Math.floor(at);
            double t = at - first;
            weights.set(i, first, new double[] {1 - t, t});
        }
        return weights;
    }

    /** Bicubic, four weights an output of Keys' cubic convolution with a = −0.75, half-pixel centres. */
    static ResampleWeights bicubic(int inputs, int outputs) {
        ResampleWeights weights = new ResampleWeights(inputs, new int[outputs], new float[outputs][]);
        for (int i = 0; i < outputs; i++) {
            double at = (i + 0.5) * inputs / outputs - 0.5;
            int first = (int) Math.floor(at);
            double t = at - first;
            weights.set(i, first - 1, new double[] {cubic(t + 1), cubic(t), cubic(1 - t), cubic(2 - t)});
        }
        return weights;
    }

    /** Lanczos with three lobes, six weights an output, half-pixel centres. */
    static ResampleWeights lanczos(int inputs, int outputs) {
        ResampleWeights weights = new ResampleWeights(inputs, new int[outputs], new float[outputs][]);
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
        return weights;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** Gaussian of the given standard deviation, cut at three of them and normalised to sum 1. */
    static ResampleWeights gaussian(int size, double sigma) {
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
        ResampleWeights weights = new ResampleWeights(size, new int[size], new float[size][]);
        for (int i = 0; i < size; i++) {
            weights.set(i, i - radius, kernel);
        }
        return weights;
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
                // Rows first: the inner loop runs along memory.
                Arrays.fill(row, 0);
                float[] down = vertical.weights[y];
                for (int k = 0; k < down.length; k++) {
                    int at = (c * vertical.inputs + vertical.from[y] + k) * width;
                    float w = down[k];
                    for (int x = 0; x < width; x++) {
                        row[x] += w * image[at + x];
                    }
                }
                int to = (c * outHeight + y) * outWidth;
                for (int x = 0; x < outWidth; x++) {
                    float[] across = horizontal.weights[x];
                    int first = horizontal.from[x];
                    float sum = 0;
                    for (int k = 0; k < across.length; k++) {
                        sum += across[k] * row[first + k];
                    }
                    out[to + x] = sum;
                }
            }
        }
        return out;
    }

    private static double cubic(double x) {
        double a = -0.75;
        return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a;
    }

    private void set(int output, int first, double[] kernel) {
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

    private static int clamp(int at, int last) {
        return Math.min(Math.max(at, 0), last);
    }
}
