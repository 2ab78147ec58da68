package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One image file that came by itself, an upload or what a camera sent, rather than in a folder. It is read exactly as those
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
}
