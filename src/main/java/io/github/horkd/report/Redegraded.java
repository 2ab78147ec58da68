package io.github.horkd.report;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pixels;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.WrappedImages;

/** The same pictures, their low-resolution views made by another degradation of the high-resolution ones. */
record Redegraded(PairedImages source, Degradation degradation) implements WrappedImages {

    @Override
    public ImageShape shape(Resolution resolution) {
        ImageShape high = source.shape(Resolution.HIGH);
        return resolution == Resolution.HIGH ? high : degradation.shape(high);
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        ImageShape shape = source.shape(Resolution.HIGH);
        float[] sharp = high == null ? new float[shape.size()] : high;
        int at = high == null ? 0 : highAt;
        source.read(index, pose, sharp, at, null, 0);
        if (low != null) {
            float[] own = java.util.Arrays.copyOfRange(sharp, at, at + shape.size());
            float[] view = degradation.apply(new Pixels(shape, own), index).values();
            System.arraycopy(view, 0, low, lowAt, view.length);
        }
    }
}
