package io.github.horkd.internal.graph;

import org.deeplearning4j.nn.conf.ConvolutionMode;

/**
 * How a convolution or a pooling moves over its map, as DL4J says it. The axes are height and width.
 *
 * @param isSame whether DL4J's padding mode is Same, in which {@code padY} and {@code padX} do not count
 */
public record Window(
        int kernelHeight,
        int kernelWidth,
        int strideY,
        int strideX,
        int padY,
        int padX,
        int dilateY,
        int dilateX,
        boolean isSame) {

    /** From DL4J's settings, each for height and width. */
    public static Window of(int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
        return new Window(
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
    public static Window whole(Extent map) {
        return new Window(map.height(), map.width(), 1, 1, 0, 0, 1, 1, false);
    }

    /** How high the map is that comes out. */
    public int outHeight(long height) {
        return out(height, kernelHeight, strideY, padY, dilateY);
    }

    /** How wide the map is that comes out. */
    public int outWidth(long width) {
        return out(width, kernelWidth, strideX, padX, dilateX);
    }

    private int out(long in, int kernel, int stride, int pad, int dilation) {
        return Math.toIntExact(
                isSame
                        ? (in + stride - 1) / stride
                        : Math.floorDiv(in + 2L * pad - (kernel - 1L) * dilation - 1, stride) + 1);
    }

    public long[] kernel() {
        return new long[] {kernelHeight, kernelWidth};
    }

    public long[] strides() {
        return new long[] {strideY, strideX};
    }

    public long[] dilations() {
        return new long[] {dilateY, dilateX};
    }

    /** oneDNN counts the gaps between the places a dilated kernel looks at. */
    public long[] gaps() {
        return new long[] {dilateY - 1, dilateX - 1};
    }

    /** What the first output reads above and to the left of the map. In mode Same the odd pixel comes after. */
    public long[] paddingBefore(long height, long width) {
        return isSame
                ? new long[] {
                    beyond(height, kernelHeight, strideY, 0, dilateY) / 2,
                    beyond(width, kernelWidth, strideX, 0, dilateX) / 2
                }
                : new long[] {padY, padX};
    }

    /** What the last output reads below and to the right of the map; in mode Truncate possibly nothing. */
    public long[] paddingAfter(long height, long width) {
        long[] before = paddingBefore(height, width);
        return new long[] {
            Math.max(0, beyond(height, kernelHeight, strideY, padY, dilateY) - before[0]),
            Math.max(0, beyond(width, kernelWidth, strideX, padX, dilateX) - before[1])
        };
    }

    /** How far the windows reach beyond the map, both ends together. */
    private long beyond(long in, int kernel, int stride, int pad, int dilation) {
        return Math.max(0, (out(in, kernel, stride, pad, dilation) - 1L) * stride + (kernel - 1L) * dilation + 1 - in);
    }

    /** Whether a map keeps its sides, and if not how they change: equal texts change equal sides equally. */
    public String change() {
        return change('y', strideY, padY, dilateY, kernelHeight) + change('x', strideX, padX, dilateX, kernelWidth);
    }

    /** out = ⌊(in + offset − 1) / stride⌋ + 1. */
    private String change(char axis, int stride, int pad, int dilation, int kernel) {
        int offset = isSame ? 0 : 2 * pad - dilation * (kernel - 1);
        return offset == 0 && stride == 1 ? "" : axis + Integer.toString(offset) + '/' + stride;
    }
}
