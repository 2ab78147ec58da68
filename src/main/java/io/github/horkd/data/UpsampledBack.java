package io.github.horkd.data;

import java.util.Locale;

record UpsampledBack(Degradation degradation, Interpolation interpolation) implements Degradation {

    @Override
    public ImageShape shape(ImageShape image) {
        degradation.shape(image);
        return image;
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        Pixels large = interpolation.resize(
                degradation.apply(image, seed),
                image.shape().height(),
                image.shape().width());
        // Only a cubic overshoots; the array is ours.
        float[] values = large.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.min(Math.max(values[i], 0), 1);
        }
        return large;
    }

    @Override
    public String toString() {
        return degradation + ", enlarged back (" + interpolation.name().toLowerCase(Locale.ROOT) + ")";
    }
}
