package io.github.horkd.data;

import java.util.function.IntFunction;

/**
 * Views of stored samples: what images in memory and images on disk have in common, so that they are read alike to the bit.
 *
 * @param highShape the high-resolution view
 * @param high      the samples of an image
 * @param low       where the low-resolution view comes from
 */
record StoredViews(ImageShape highShape, IntFunction<byte[]> high, LowView low) {

    ImageShape shape(Resolution resolution) {
        return resolution == Resolution.HIGH ? highShape : low.shape();
    }

    void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (high != null) {
            Warp.apply(this.high.apply(index), highShape, pose, high, highAt);
        }
        if (low != null) {
            this.low.read(index, pose, () -> moved(index, pose, high, highAt), low, lowAt);
        }
    }

    private Pixels moved(int index, Pose pose, float[] read, int readAt) {
        float[] values = new float[highShape.size()];
        if (read != null) {
            System.arraycopy(read, readAt, values, 0, values.length);
        } else {
            Warp.apply(high.apply(index), highShape, pose, values, 0);
        }
        return new Pixels(highShape, values);
    }
}
