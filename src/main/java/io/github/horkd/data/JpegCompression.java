package io.github.horkd.data;

record JpegCompression(int quality) implements Degradation {

    JpegCompression {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("jpeg: wanted a quality of 1 to 100, got " + quality);
        }
    }

    @Override
    public ImageShape shape(ImageShape image) {
        return image;
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        return JpegBlocks.of(quality).apply(Bitmap.of(image)).toPixels();
    }

    @Override
    public String toString() {
        return "JPEG of quality " + quality;
    }
}
