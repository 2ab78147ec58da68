package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageFile;
import io.github.horkd.data.Limits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** A file that somebody sent, until it is a picture. Whatever is wrong with it comes out as {@link Refused}. */
final class Upload {

    private static final Set<String> FORMATS = Set.of("png", "jpeg", "jpg", "bmp", "gif");
    private static final int LONGEST_NAME = 80;

    private Upload() {}

    /**
     * Checks bytes, format and the pixels that the header states, in that order, and decodes only then.
     *
     * @param name what the sender calls the file; for messages
     */
    static ImageFile decode(String name, byte[] content, Limits limits) {
        String called = name == null || name.isBlank() ? "The file" : "“" + shortened(Names.shown(name.strip())) + "”";
        checkFormat(called, content);
        try {
            return ImageFile.decode(called, content, limits);
        } catch (UncheckedIOException e) {
            throw new Refused(422, called + " " + e.getCause().getMessage() + ".");
        }
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME) + "…";
    }

    /** The JDK would also read TIFF, whose tiles may be of any size, and show one picture of many. */
    private static void checkFormat(String called, byte[] content) {
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(content))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                return; // PGM and PPM, which the library reads by itself, or no picture at all, as it will say
            }
            ImageReader reader = readers.next();
            try {
                String format = reader.getFormatName().toLowerCase(Locale.ROOT);
                if (!FORMATS.contains(format)) {
                    throw new Refused(
                            415, called + " is of the format " + format + "; send PNG, JPEG, BMP, GIF, PGM or PPM.");
                }
                reader.setInput(in, false, true);
                if (format.equals("gif") && reader.getNumImages(true) > 1) {
                    throw new Refused(
                            422,
                            called + " is animated, " + reader.getNumImages(true)
                                    + " pictures in one; send a single one.");
                }
            } finally {
                reader.dispose();
            }
        } catch (Refused e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new Refused(422, called + " is damaged and cannot be read.");
        }
    }
}
