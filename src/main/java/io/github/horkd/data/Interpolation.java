package io.github.horkd.data;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How an image is brought to another size by sampling between its pixels. All kinds take pixel centres at half
 * coordinates and clamp at the edges, as PyTorch's {@code interpolate(align_corners=False)} does; neither smooths before
 * shrinking, so shrink with {@link Degradation#downscaleTo(int)}.
 */
public enum Interpolation {
    /** Between the 2 × 2 nearest pixels. Never leaves the range of the input. */
    BILINEAR,
    /** Keys' cubic convolution over 4 × 4 pixels, a = −0.75. May overshoot the range of the input a little at edges. */
    BICUBIC,
    /** Lanczos' windowed sinc over 6 × 6 pixels, weights of sum 1. The sharpest; may overshoot the range of the input at edges. */
    LANCZOS;

    /**
     * Resizes a batch, for instance low-resolution images for a teacher that wants larger ones.
     *
     * @param nchw   images, [N, C, h, w]; left untouched
     * @param height rows wanted
     * @param width  columns wanted
     * @return a new FLOAT array [N, C, height, width] in order c; not clamped to 0…1
     */
    public INDArray resize(INDArray nchw, int height, int width) {
        if (nchw.rank() != 4 || nchw.isEmpty() || height < 1 || width < 1) {
            throw new IllegalArgumentException("resize: wanted images [N, C, h, w] and at least 1x1 pixels, got "
                    + nchw.shapeInfoToString() + " and " + height + "x" + width);
        }
        int planes = Math.toIntExact(nchw.size(0) * nchw.size(1));
        int fromHeight = (int) nchw.size(2);
        int fromWidth = (int) nchw.size(3);
        float[] values = new float[Math.toIntExact(nchw.length())];
        INDArray dense = nchw.castTo(DataType.FLOAT).dup('c');
        new FloatPointer(dense.data().pointer()).position(0).get(values);
        float[] resized =
                ResampleWeights.filter(values, planes, weights(fromHeight, height), weights(fromWidth, width));
        return PairedBatch.array(resized, nchw.size(0), nchw.size(1), height, width);
    }

    Pixels resize(Pixels image, int height, int width) {
        ImageShape from = image.shape();
        return new Pixels(
                new ImageShape(from.channels(), height, width),
                ResampleWeights.filter(
                        image.values(), from.channels(), weights(from.height(), height), weights(from.width(), width)));
    }

    private ResampleWeights weights(int inputs, int outputs) {
        return switch (this) {
            case BILINEAR -> ResampleWeights.bilinear(inputs, outputs);
            case BICUBIC -> ResampleWeights.bicubic(inputs, outputs);
            case LANCZOS -> ResampleWeights.lanczos(inputs, outputs);
        };
    }
}
