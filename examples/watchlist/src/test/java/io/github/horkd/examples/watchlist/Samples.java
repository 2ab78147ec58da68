package io.github.horkd.examples.watchlist;

import io.github.horkd.examples.DrawnFaces;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Files to send: drawn faces, and what a server must refuse. */
final class Samples {

    private static final DrawnFaces FACES = new DrawnFaces(64, false, 3);

    private Samples() {}

    static byte[] sharp(int person) {
        return file(FACES.image(person, 0), "png");
    }

    /** The same picture, small. */
    static byte[] small(int person) {
        return file(shrunk(FACES.image(person, 0), 16), "png");
    }

    /** No face at all. */
    static byte[] stripes(int side) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < side * side; i++) {
            image.getRaster().setSample(i % side, i / side, 0, i % side % 4 < 2 ? 0 : 255);
        }
        return file(image, "png");
    }

    static byte[] plain(int width, int height, String format) {
        return file(new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY), format);
    }

    /** A header of a few bytes that states a size of 20,000 by 20,000 pixels. */
    static byte[] huge() {
        return "P5 20000 20000 255\n".getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] animated(int pictures) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < pictures; i++) {
                writer.writeToSequence(new IIOImage(shrunk(FACES.image(i, 0), 48), null, null), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    static byte[] file(BufferedImage image, String format) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalArgumentException("no writer of " + format);
            }
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BufferedImage shrunk(BufferedImage image, int side) {
        BufferedImage small = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = small.createGraphics();
        g.drawImage(image.getScaledInstance(side, side, Image.SCALE_AREA_AVERAGING), 0, 0, null);
        g.dispose();
        return small;
    }
}
