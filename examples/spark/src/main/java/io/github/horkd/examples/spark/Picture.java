package io.github.horkd.examples.spark;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.io.Serializable;

/**
 * One pair of images as it travels between machines.
 *
 * @param index which image of its source
 * @param label its class
 * @param high  intensities 0…1 of the high-resolution view
 * @param low   intensities 0…1 of the low-resolution view
 */
record Picture(int index, int label, float[] high, float[] low) implements Serializable {

    static Picture of(PairedImages images, int index) {
        float[] high = new float[images.shape(Resolution.HIGH).size()];
        float[] low = new float[images.shape(Resolution.LOW).size()];
        images.read(index, Pose.IDENTITY, high, 0, low, 0);
        return new Picture(index, images.label(index), high, low);
    }
}
