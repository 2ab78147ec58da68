package io.github.horkd.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** From the bytes of an image file to its samples. The size is checked before anything is allocated for it. */
final class ImageDecoder {

    /** What a file is called when it is taken for an image. */
    static final List<String> EXTENSIONS = List.of("png", "jpg", "jpeg", "bmp", "gif", "pgm", "ppm", "pnm");

    private ImageDecoder() {}

    static boolean isImage(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** Reads the first picture of a file; whatever goes wrong with hostile bytes comes out as an IOException. */
    static Bitmap decode(byte[] file, long maxPixels) throws IOException {
        if (file.length == 0) {
            throw new IOException("is empty");
        }
        if (PortableAnymap.isOne(file)) {
            return PortableAnymap.decode(file, maxPixels);
        }
        try (MemoryCacheImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new IOException("is no image of a known format");
            }
            ImageReader reader = readers.next();
            try {
                return read(reader, in, maxPixels);
            } catch (EOFException e) {
                throw new IOException("is truncated", e);
            } catch (IIOException e) {
                throw new IOException(
                        e.getCause() instanceof EOFException
                                ? "is truncated"
                                : "cannot be decoded (" + e.getMessage() + ")",
                        e);
            } catch (RuntimeException e) {
                // The JDK's readers trip over damaged files in many ways.
                throw new IOException("cannot be decoded (" + e + ")", e);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Refuses sizes that only a damaged or hostile header would state. */
    static void checkSize(long width, long height, long maxPixels) throws IOException {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE / 4 / height || width * height > maxPixels) {
            throw new IOException("states a size of " + width + "x" + height + " pixels, wanted 1 to " + maxPixels);
        }
    }

    private static Bitmap read(ImageReader reader, MemoryCacheImageInputStream in, long maxPixels) throws IOException {
        // The JDK's JPEG reader fills up what is missing from a truncated file and only warns.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        checkSize(reader.getWidth(0), reader.getHeight(0), maxPixels);
        BufferedImage image = reader.read(0);
        for (String warning : warnings) {
            if (!warning.contains("ICC") && !warning.contains("profile") && !warning.contains("JFIF")) {
                throw new IOException("is damaged (" + warning + ")");
            }
        }
        return Bitmap.of(image);
    }
}
