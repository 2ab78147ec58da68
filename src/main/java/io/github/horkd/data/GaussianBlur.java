package io.github.horkd.data;

record GaussianBlur(double sigma) implements Degradation {

    GaussianBlur {
        if (!(sigma > 0 && sigma <= 100)) {
            throw new IllegalArgumentException("blur: wanted 0 < sigma <= 100 pixels, got " + sigma);
        }
    }

    @Override
    public ImageShape shape(ImageShape image) {
        return image;
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        ImageShape shape = image.shape();
        return new Pixels(
                shape,
                ResampleWeights.filter(
                        image.values(),
                        shape.channels(),
                        ResampleWeights.gaussian(shape.height(), sigma),
                        ResampleWeights.gaussian(shape.width(), sigma)));
    }

    @Override
    public String toString() {
        return "blurred by " + sigma + " px";
    }
}
