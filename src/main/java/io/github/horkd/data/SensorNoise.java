package io.github.horkd.data;

import java.util.SplittableRandom;

record SensorNoise(double sigma) implements Degradation {

    SensorNoise {
        if (!(sigma > 0 && sigma <= 1)) {
            throw new IllegalArgumentException("noise: wanted 0 < sigma <= 1 of the full range, got " + sigma);
        }
    }

    @Override
    public ImageShape shape(ImageShape image) {
        return image;
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] noisy = new float[image.values().length];
        for (int i = 0; i < noisy.length; i++) {
            double value = image.values()[i] + sigma * random.nextGaussian();
            noisy[i] = (float) Math.min(Math.max(value, 0), 1);
        }
        return new Pixels(image.shape(), noisy);
    }

    @Override
    public String toString() {
        return "noise of " + sigma;
    }
}
