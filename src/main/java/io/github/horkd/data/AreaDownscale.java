package io.github.horkd.data;

record AreaDownscale(int height, int width) implements Degradation {

    AreaDownscale {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("downscaleTo: wanted at least 1x1 pixels, got " + height + "x" + width);
        }
    }

    @Override
    public ImageShape shape(ImageShape image) {
        if (height > image.height() || width > image.width()) {
            throw new IllegalArgumentException("downscaleTo: wanted at most the image's " + image.height() + "x"
                    + image.width() + " pixels, got " + height + "x" + width);
        }
        return new ImageShape(image.channels(), height, width);
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        ImageShape from = image.shape();
        return new Pixels(
                shape(from),
                ResampleWeights.filter(
                        image.values(),
                        from.channels(),
                        ResampleWeights.area(from.height(), height),
                        ResampleWeights.area(from.width(), width)));
    }

    @Override
    public String toString() {
        return "downscaled to " + height + "x" + width;
    }
}
