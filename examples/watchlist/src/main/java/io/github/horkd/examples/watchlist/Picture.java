package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Pixels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * A picture as a network saw it, to be shown: its own pixels and nothing else of the file that was sent.
 *
 * @param width  columns
 * @param height rows
 * @param png    the bytes of a PNG file
 */
record Picture(int width, int height, byte[] png) {

    static Picture of(Pixels pixels) {
        BufferedImage image = image(pixels);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return new Picture(image.getWidth(), image.getHeight(), out.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("nothing was written anywhere", e);
        }
    }

    /** Gray becomes colour. */
    static BufferedImage image(Pixels pixels) {
        ImageShape shape = pixels.shape();
        int plane = shape.height() * shape.width();
        BufferedImage image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < plane; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                rgb = rgb << 8 | Math.round(255 * pixels.values()[(shape.channels() == 3 ? c * plane : 0) + i]);
            }
            image.setRGB(i % shape.width(), i / shape.width(), rgb);
        }
        return image;
    }
}
