package io.github.horkd.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/**
 * Images in IDX files, the form of MNIST and its descendants: unsigned bytes of [N, rows, columns] for images, of [N] for
 * labels, big-endian dimensions, gzipped or not (told by content). Gray; the high-resolution view has the file's own size.
 * Images are named {@code 0}, {@code 1}, …, in the order of the file.
 *
 * <p>All methods throw {@link UncheckedIOException} for files that are missing, truncated, longer than they state or of
 * another kind, and {@link IllegalArgumentException} when images, labels, classes and degradation do not go together.
 */
public final class IdxImages {

    /** No byte of a gzip stands for more. */
    private static final long MOST_PACKED = 1032;

    private IdxImages() {}

    /**
     * Opens labelled images; classes are named by their numbers.
     *
     * @param images      an IDX file of images
     * @param labels      an IDX file of as many labels
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path images, Path labels, Degradation degradation) {
        int[] read = labels(labels);
        int classes = Arrays.stream(read).max().orElse(-1) + 1;
        return open(
                images,
                labels,
                read,
                IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
                degradation);
    }

    /**
     * Opens labelled images.
     *
     * @param images      an IDX file of images
     * @param labels      an IDX file of as many labels
     * @param classes     the names of the classes, in the order of their numbers
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path images, Path labels, List<String> classes, Degradation degradation) {
        return open(images, labels, labels(labels), classes, degradation);
    }

    /**
     * Opens images without labels.
     *
     * @param images      an IDX file of images
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path images, Degradation degradation) {
        Read read = images(images);
        int[] none = new int[read.images.size()];
        Arrays.fill(none, PairedImages.UNLABELLED);
        return pairs(images, read, none, List.of(), degradation);
    }

    private static PairedImages open(
            Path images, Path labels, int[] read, List<String> classes, Degradation degradation) {
        Read pictures = images(images);
        if (pictures.images.size() != read.length) {
            throw new IllegalArgumentException(labels + ": wanted a label for each of the " + pictures.images.size()
                    + " images of " + images + ", got " + read.length);
        }
        for (int i = 0; i < read.length; i++) {
            if (read[i] >= classes.size()) {
                throw new IllegalArgumentException(labels + ": wanted labels below " + classes.size()
                        + ", as many as there are classes, got " + read[i] + " for image " + i);
            }
        }
        return pairs(images, pictures, read, classes, degradation);
    }

    private static PairedImages pairs(
            Path file, Read read, int[] labels, List<String> classes, Degradation degradation) {
        ImageShape shape = new ImageShape(1, read.height, read.width);
        List<String> names =
                IntStream.range(0, labels.length).mapToObj(Integer::toString).toList();
        LowView low = LowView.Derived.from(file, shape, degradation);
        return new MemoryImages(shape, read.images, labels, classes, names, low, LeftOut.NOTHING);
    }

    private record Read(int height, int width, List<byte[]> images) {}

    private static Read images(Path path) {
        return read(path, (in, most) -> {
            int[] dimensions = header(in, 3, most);
            ImageDecoder.checkSize(
                    dimensions[2], dimensions[1], Limits.defaults().maxPixels());
            // One by one: a header that promises too much ends in an EOF and not in a huge allocation.
            List<byte[]> images = new ArrayList<>();
            for (int i = 0; i < dimensions[0]; i++) {
                byte[] image = new byte[dimensions[1] * dimensions[2]];
                in.readFully(image);
                images.add(image);
            }
            return new Read(dimensions[1], dimensions[2], images);
        });
    }

    private static int[] labels(Path path) {
        return read(path, (in, most) -> {
            int count = header(in, 1, most)[0];
            byte[] bytes = in.readNBytes(count);
            if (bytes.length < count) {
                throw new EOFException();
            }
            return IntStream.range(0, count).map(i -> bytes[i] & 0xff).toArray();
        });
    }

    private static int[] header(DataInputStream in, int wanted, long most) throws IOException {
        int magic = in.readInt();
        if (magic != (0x08 << 8 | wanted)) {
            throw new IOException(String.format(
                    "wanted an IDX file of unsigned bytes with %d dimension%s (it begins with %08x), got %08x",
                    wanted, wanted == 1 ? "" : "s", 0x08 << 8 | wanted, magic));
        }
        int[] dimensions = new int[wanted];
        double bytes = 1;
        for (int d = 0; d < wanted; d++) {
            dimensions[d] = in.readInt();
            if (dimensions[d] < 1) {
                throw new IOException("wanted dimensions of at least 1, got " + dimensions[d]);
            }
            bytes *= dimensions[d];
        }
        if (bytes > most) {
            throw new IOException(String.format(
                    "is truncated, or states more than it can hold: %.0f bytes of samples, wanted at most %d",
                    bytes, most));
        }
        if (dimensions[0] > Limits.defaults().maxFiles()) {
            throw new IOException("states " + dimensions[0] + " images, wanted at most "
                    + Limits.defaults().maxFiles());
        }
        return dimensions;
    }

    private interface Body<T> {
        T read(DataInputStream in, long most) throws IOException;
    }

    private static <T> T read(Path path, Body<T> body) {
        try (FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
                InputStream file = new BufferedInputStream(Channels.newInputStream(opened), 1 << 16)) {
            boolean gzipped = isGzip(file);
            long most = gzipped ? MOST_PACKED * opened.size() : opened.size();
            DataInputStream in = new DataInputStream(
                    gzipped ? new BufferedInputStream(new GZIPInputStream(file, 1 << 16), 1 << 16) : file);
            T result = body.read(in, Math.min(most, Runtime.getRuntime().maxMemory()));
            if (in.read() >= 0) {
                throw new IOException("is longer than its dimensions say");
            }
            return result;
        } catch (EOFException e) {
            throw new UncheckedIOException(path + ": is truncated", e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    path + ": " + (e instanceof NoSuchFileException ? "there is no such file" : e.getMessage()), e);
        }
    }

    private static boolean isGzip(InputStream file) throws IOException {
        file.mark(2);
        boolean gzipped = file.read() == 0x1f && file.read() == 0x8b;
        file.reset();
        return gzipped;
    }
}
