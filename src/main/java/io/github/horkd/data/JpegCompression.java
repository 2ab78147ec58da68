package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

record JpegCompression(int quality) implements Degradation {

    /** The pictures are this class's own, of any size. */
    private static final ImageOptions OWN =
            ImageOptions.defaults().withLimits(Limits.defaults().withMaxPixels(Integer.MAX_VALUE));

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
        try {
            Bitmap decoded = ImageDecoder.decode(encode(Bitmap.of(image).toBufferedImage()), OWN);
            return decoded.as(image.shape().channels()).toPixels();
        } catch (IOException e) {
            throw new UncheckedIOException("jpeg: the JDK's encoder failed", e);
        }
    }

    private byte[] encode(BufferedImage image) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(quality / 100f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    @Override
    public String toString() {
        return "JPEG of quality " + quality;
    }
}
