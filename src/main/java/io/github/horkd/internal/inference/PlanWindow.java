package io.github.horkd.internal.inference;

import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * How a convolution or a pooling moves over its map, as DL4J says it. The axes are height and width.
 *
 * @param same whether DL4J's padding mode is Same, in which {@code padding} does not count
 */
record PlanWindow(
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int padY,
        int padX,
        int dilateY,
        int dilateX,
        boolean same) {

    static PlanWindow of(int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
        return new PlanWindow(
                kernel[0],
                kernel[1],
                stride[0],
                stride[1],
                padding[0],
                padding[1],
                dilation[0],
                dilation[1],
                mode == ConvolutionMode.Same);
    }

    /** One that sees all of a map at once. */
    static PlanWindow whole(PlanSides map) {
        return new PlanWindow(map.height(), map.width(), 1, 1, 0, 0, 1, 1, false);
    }

    /** The map that comes out. */
    PlanSides over(PlanSides in, int channels) {
        return PlanSides.map(
                channels,
                out(in.height(), kernelHeight, strideY, padY, dilateY),
                out(in.width(), kernelWidth, strideX, padX, dilateX));
    }

    private int out(int in, int kernel, int stride, int pad, int dilation) {
        return same ? (in + stride - 1) / stride : (in + 2 * pad - (kernel - 1) * dilation - 1) / stride + 1;
    }

    long[] kernel() {
        return new long[] {kernelHeight, kernelWidth};
    }

    long[] strides() {
        return new long[] {strideY, strideX};
    }

    /** oneDNN counts the gaps between the places a dilated kernel looks at. */
    long[] gaps() {
        return new long[] {dilateY - 1, dilateX - 1};
    }

    long[] paddingBefore(PlanSides in) {
        return same
                ? new long[] {
                    beyond(in.height(), kernelHeight, strideY, 0, dilateY) / 2,
                    beyond(in.width(), kernelWidth, strideX, 0, dilateX) / 2
                }
                : new long[] {padY, padX};
    }

    /** What the last output reads beyond the map. */
    long[] paddingAfter(PlanSides in) {
        long[] before = paddingBefore(in);
        return new long[] {
            Math.max(0, beyond(in.height(), kernelHeight, strideY, padY, dilateY) - before[0]),
            Math.max(0, beyond(in.width(), kernelWidth, strideX, padX, dilateX) - before[1])
        };
    }

    /** How far the windows reach beyond the map, both ends together. */
    private long beyond(int in, int kernel, int stride, int pad, int dilation) {
        return Math.max(0, (out(in, kernel, stride, pad, dilation) - 1L) * stride + (kernel - 1L) * dilation + 1 - in);
    }
}
