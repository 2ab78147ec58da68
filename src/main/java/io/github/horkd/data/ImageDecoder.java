package io.github.horkd.data;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/**
 * From the bytes of an image file to its samples. The kind is told by content; what a decoder does not need is stripped
 * first; the size is checked before anything is allocated for it.
 */
final class ImageDecoder {

    /** What a file is called when it is taken for an image. */
    static final List<String> EXTENSIONS =
            List.of("png", "jpg", "jpeg", "jpe", "jfif", "webp", "tif", "tiff", "bmp", "gif", "pgm", "ppm", "pnm");

    /** Bytes behind the last sample that a careless program may leave; more of them mean that the samples went wrong. */
    private static final int EXTRANEOUS = 16;

    private static final Pattern EXTRANEOUS_BYTES = Pattern.compile("Corrupt JPEG data: (\\d+) extraneous bytes.*");

    /** How files begin that are pictures of other kinds, or taken for some. */
    private static final Map<String, String> OTHERS = Map.ofEntries(
            Map.entry("P1", "a PBM picture"),
            Map.entry("P4", "a PBM picture"),
            Map.entry("P7", "a PAM picture"),
            Map.entry("Pf", "a PFM picture"),
            Map.entry("PF", "a PFM picture"),
            Map.entry("II+\0", "a BigTIFF picture"),
            Map.entry("MM\0+", "a BigTIFF picture"),
            Map.entry("\u00ff\n", "a JPEG XL picture"),
            Map.entry("\0\0\0\fJXL ", "a JPEG XL picture"),
            Map.entry("\0\0\0\fjP  ", "a JPEG 2000 picture"),
            Map.entry("\u00ffO\u00ffQ", "a JPEG 2000 picture"),
            Map.entry("8BPS", "a Photoshop file"),
            Map.entry("%PDF", "a PDF"),
            Map.entry("<svg", "an SVG drawing"),
            Map.entry("<?xml", "an XML text or SVG drawing"),
            Map.entry("\0\0\1\0", "an icon"));

    private ImageDecoder() {}

    static boolean isImage(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }

    /** Reads the first picture of a file; whatever goes wrong with hostile bytes comes out as an IOException. */
    static Bitmap decode(byte[] file, ImageOptions options) throws IOException {
        return decode(file, options, Integer.MAX_VALUE);
    }

    /**
     * The same, for somebody who wants it smaller.
     *
     * @param least rows and columns that are enough, where options ask for scaled decoding
     */
    static Bitmap decode(byte[] file, ImageOptions options, int least) throws IOException {
        if (file.length == 0) {
            throw new IOException("is empty");
        }
        try {
            return read(file, options, least);
        } catch (EOFException e) {
            throw new IOException("is truncated", e);
        } catch (IIOException e) {
            throw new IOException(
                    e.getCause() instanceof EOFException
                            ? "is truncated"
                            : "cannot be decoded (" + e.getMessage() + ")",
                    e);
        } catch (OutOfMemoryError e) {
            throw new IOException("needs more memory than there is; lower Limits.maxPixels or raise -Xmx", e);
        } catch (RuntimeException | StackOverflowError e) {
            // Readers trip over damaged files in many ways.
            throw new IOException("cannot be decoded (" + e + ")", e);
        }
    }

    /** Refuses sizes that only a damaged or hostile header would state. */
    static void checkSize(long width, long height, long maxPixels) throws IOException {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE / 4 / height || width * height > maxPixels) {
            throw new IOException("states a size of " + width + "x" + height + " pixels, wanted 1 to " + maxPixels);
        }
    }

    private static Bitmap read(byte[] file, ImageOptions options, int least) throws IOException {
        long maxPixels = options.limits().maxPixels();
        if (PortableAnymap.isOne(file)) {
            return PortableAnymap.decode(file, maxPixels);
        }
        StrippedFile stripped;
        ImageReader reader;
        if (JpegSegments.isOne(file)) {
            stripped = JpegSegments.strip(file, maxPixels);
            if (options.scaled() && stripped.colours() == StrippedFile.Colours.PLAIN) {
                Optional<Bitmap> scaled = ScaledJpeg.decode(stripped.file(), least);
                if (scaled.isPresent()) {
                    return options.upright() ? scaled.get().turned(stripped.orientation()) : scaled.get();
                }
            }
            reader = jdkReader("jpeg");
        } else if (PngChunks.isOne(file)) {
            stripped = PngChunks.strip(file, maxPixels);
            reader = jdkReader("png");
        } else if (WebpChunks.isOne(file)) {
            stripped = WebpChunks.strip(file, maxPixels);
            reader = new WebPImageReaderSpi().createReaderInstance(null);
        } else if (TiffTags.isOne(file)) {
            stripped = TiffTags.strip(file, maxPixels);
            reader = jdkReader("tiff");
        } else if (begins(file, "GIF8")) {
            stripped = GifBlocks.strip(file, maxPixels);
            reader = jdkReader("gif");
        } else if (begins(file, "BM")) {
            stripped = BmpHeader.strip(file, maxPixels, options.background());
            reader = jdkReader("bmp");
        } else {
            throw new IOException(whatElse(file));
        }
        try (FiniteImageStream in = new FiniteImageStream(stripped.file())) {
            Bitmap image =
                    stripped.canvas().holding(read(reader, in, stripped.colours(), options), options.background());
            return options.upright() ? image.turned(stripped.orientation()) : image;
        } finally {
            reader.dispose();
        }
    }

    private static Bitmap read(
            ImageReader reader, FiniteImageStream in, StrippedFile.Colours colours, ImageOptions options)
            throws IOException {
        // The JDK's JPEG reader fills up what is missing from a truncated file and only warns.
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(in, true, true);
        checkSize(reader.getWidth(0), reader.getHeight(0), options.limits().maxPixels());
        Bitmap image;
        if (colours == StrippedFile.Colours.PLAIN) {
            BufferedImage read = reader.read(0);
            image = Bitmap.of(read, options.background());
        } else {
            image = Inks.toColour(
                    reader.canReadRaster()
                            ? reader.readRaster(0, null)
                            : reader.read(0).getRaster(),
                    colours);
        }
        for (String warning : warnings) {
            if (isDamage(warning)) {
                throw new IOException(
                        warning.contains("premature end") ? "is truncated" : "is damaged (" + warning + ")");
            }
        }
        return image;
    }

    private static boolean isDamage(String warning) {
        Matcher extraneous = EXTRANEOUS_BYTES.matcher(warning);
        if (extraneous.matches()) {
            return extraneous.group(1).length() > 2 || Integer.parseInt(extraneous.group(1)) > EXTRANEOUS;
        }
        return !warning.startsWith("Invalid SOS parameters");
    }

    /** The JDK's own reader, so that a plug-in somewhere on the class path does not change what samples are read. */
    private static ImageReader jdkReader(String format) throws IOException {
        for (Iterator<ImageReader> each = ImageIO.getImageReadersByFormatName(format); each.hasNext(); ) {
            ImageReader reader = each.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
        }
        throw new IOException("cannot be decoded (this Java has no reader for " + format + ")");
    }

    private static String whatElse(byte[] file) {
        if (begins(file, "version https://git-lfs")) {
            return "is a pointer of Git LFS and not the picture; fetch it with git lfs pull";
        }
        String start = new String(file, 0, Math.min(file.length, 64), StandardCharsets.ISO_8859_1)
                .strip()
                .toLowerCase(Locale.ROOT);
        if (start.startsWith("<!doctype") || start.startsWith("<html")) {
            return "is a web page and no image";
        }
        if (file.length > 12 && start.substring(Math.min(4, start.length())).startsWith("ftyp")) {
            return "is a HEIF or AVIF picture, which is not read; save it as JPEG or PNG";
        }
        for (Map.Entry<String, String> other : OTHERS.entrySet()) {
            if (begins(file, other.getKey())) {
                return "is " + other.getValue() + ", which is not read; save it as JPEG or PNG";
            }
        }
        return "is no image of a known format";
    }

    private static boolean begins(byte[] file, String text) {
        return new String(file, 0, Math.min(file.length, text.length()), StandardCharsets.ISO_8859_1).equals(text);
    }
}
