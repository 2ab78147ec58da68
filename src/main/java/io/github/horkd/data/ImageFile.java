package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One picture of any size that came by itself, a file, an upload or what a camera sent, rather than in a folder. It is read exactly as those
 * of {@link ImageFolder} are, so that what is enrolled and probed looks to a network as what it was trained on.
 *
 * <p>Bytes and the pixels that the header states are checked before anything is decoded. Immutable.
 */
public final class ImageFile {

    private final Bitmap image;

    private ImageFile(Bitmap image) {
        this.image = image;
    }

    /**
     * Reads a file: its first picture, upright and on white.
     *
     * @param file of any kind that {@link ImageFolder} reads
     * @return the picture
     * @throws UncheckedIOException when there is no such file, or it is too large, no image, truncated or damaged; the message names it and says which
     */
    public static ImageFile load(Path file) {
        return load(file, ImageOptions.defaults());
    }

    /**
     * Reads a file: its first picture.
     *
     * @param file    of any kind that {@link ImageFolder} reads
     * @param options orientation, background and limits; what is said of folders has no meaning here
     * @return the picture
     * @throws UncheckedIOException when there is no such file, or it is too large, no image, truncated or damaged; the message names it and says which
     */
    public static ImageFile load(Path file, ImageOptions options) {
        long most = options.limits().maxFileBytes();
        try (InputStream in = Files.newInputStream(file)) {
            return decode(file.toString(), in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8)), options);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": "
                            + (e instanceof NoSuchFileException ? "no such file" : "cannot be read, " + e.getMessage()),
                    e);
        }
    }

    /**
     * A picture of the JDK, for instance a frame that a program cut itself. Samples are taken as stored, transparent ones on white.
     *
     * @param image copied
     * @return the picture
     */
    public static ImageFile of(BufferedImage image) {
        return new ImageFile(Bitmap.of(image));
    }

    /**
     * Pictures as an array that networks take.
     *
     * @param pictures at least one, of any sizes
     * @param shape    what each becomes
     * @param fit      how proportions are kept when a size differs
     * @return intensities 0…1, FLOAT [N, channels, height, width]
     */
    public static INDArray batch(List<ImageFile> pictures, ImageShape shape, Fit fit) {
        if (pictures.isEmpty()) {
            throw new IllegalArgumentException("pictures: wanted at least one, got none");
        }
        float[] values = new float[Math.multiplyExact(pictures.size(), shape.size())];
        for (int i = 0; i < pictures.size(); i++) {
            System.arraycopy(pictures.get(i).pixels(shape, fit).values(), 0, values, i * shape.size(), shape.size());
        }
        return PairedBatch.array(values, pictures.size(), shape.channels(), shape.height(), shape.width());
    }

    /**
     * Decodes the first picture of a file, upright and on white, as {@link #decode(String, byte[], ImageOptions)} does.
     *
     * @param name    what messages call it
     * @param content the bytes of the file; not changed and not kept
     * @param limits  bytes of the file and pixels of the picture; its other limits have no meaning here
     * @return the picture
     * @throws UncheckedIOException when the file is too large, no image, truncated or damaged; the message names it and says which
     */
    public static ImageFile decode(String name, byte[] content, Limits limits) {
        return decode(name, content, ImageOptions.defaults().withLimits(limits));
    }

    /**
     * Decodes the first picture of a file of any kind that {@link ImageFolder} reads, recognised by its contents.
     *
     * @param name    what messages call it
     * @param content the bytes of the file; not changed and not kept
     * @param options orientation, background and limits; what is said of folders has no meaning here
     * @return the picture
     * @throws UncheckedIOException when the file is too large, no image, truncated or damaged; the message names it and says which
     */
    public static ImageFile decode(String name, byte[] content, ImageOptions options) {
        try {
            if (content.length > options.limits().maxFileBytes()) {
                throw new IOException("has " + content.length + " bytes, wanted at most "
                        + options.limits().maxFileBytes());
            }
            return new ImageFile(ImageDecoder.decode(content, options));
        } catch (IOException e) {
            throw new UncheckedIOException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * The picture as it is in the file, upright.
     *
     * @return 1 channel for gray, 3 for colour; rows and columns
     */
    public ImageShape shape() {
        return image.shape();
    }

    /**
     * The picture as a network takes it.
     *
     * @param wanted the shape; colour becomes gray and gray colour where it says so
     * @param fit    how proportions are kept when the size differs
     * @return intensities 0…1 of that shape, in steps of 1/255
     */
    public Pixels pixels(ImageShape wanted, Fit fit) {
        return fit.apply(image.as(wanted.channels()), wanted.height(), wanted.width())
                .toPixels();
    }

    /**
     * The picture in the JDK's form, samples as they are, for whoever cuts or draws.
     *
     * @return a copy, gray or colour
     */
    public BufferedImage toBufferedImage() {
        return image.toBufferedImage();
    }
}
