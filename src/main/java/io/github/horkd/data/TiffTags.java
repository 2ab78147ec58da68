package io.github.horkd.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/**
 * The first directory of a TIFF file, which is also the form of Exif.
 * <pre>  "II" or "MM", 42, offset of the directory; there: count, entries of 12 bytes (tag, type, count, value or offset)</pre>
 *
 * <p>Nothing is followed or allocated by what the file states before it is held against what the file has.
 */
final class TiffTags {

    private static final int ORIENTATION = 274;
    /** What kind of picture a directory describes; the lowest bit says a smaller copy of another one. */
    private static final int REDUCED = 254;

    private static final int ENTRY = 12;

    /** Bytes of a value of each type, by the type's number; 0 where there is no such type. */
    private static final int[] SIZES = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

    /** What says where the samples are and how they are packed. Profiles, notes and further directories are not among it. */
    private static final Set<Integer> KEPT = Set.of(
            254, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323, 324, 325, 338,
            339);

    /** What a picture's tags may say without the reader being wrong about it: values allowed for a tag. */
    private static final Map<Integer, Set<Long>> READ = Map.of(
            259, Set.of(1L, 2L, 3L, 4L, 5L, 8L, 32773L, 32946L), // compression: none, CCITT, LZW, Deflate, PackBits
            262, Set.of(0L, 1L, 2L, 3L, 5L), // gray, colour, palette, inks
            339, Set.of(1L)); // whole numbers without sign

    private final ByteBuffer file;
    private final int at;
    private final int count;

    private TiffTags(byte[] file, int from, int length) throws IOException {
        this.file = ByteBuffer.wrap(file, from, length).slice();
        if (length < 14) {
            throw new IOException("is truncated");
        }
        this.file.order(file[from] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (this.file.getShort(2) != 42) {
            throw new IOException("is a TIFF of version " + this.file.getShort(2) + ", wanted 42");
        }
        long stated = this.file.getInt(4) & 0xffffffffL;
        if (stated < 8 || stated > length - 2) {
            throw new IOException("is truncated");
        }
        this.at = (int) stated;
        this.count = this.file.getShort(at) & 0xffff;
        if (at + 2L + (long) ENTRY * count > length) {
            throw new IOException("is truncated");
        }
    }

    static boolean isOne(byte[] file) {
        return file.length > 4
                && (file[0] == 'I' && file[1] == 'I' && file[2] == 42 && file[3] == 0
                        || file[0] == 'M' && file[1] == 'M' && file[2] == 0 && file[3] == 42);
    }

    /** How the camera was held, 1 to 8, as Exif says in some bytes; 1 when it does not say or is damaged. */
    static int orientation(byte[] file, int from, int length) {
        try {
            TiffTags tags = new TiffTags(file, from, length);
            long said = tags.value(ORIENTATION, 1);
            return said >= 1 && said <= 8 ? (int) said : 1;
        } catch (IOException e) {
            return 1;
        }
    }

    /**
     * A TIFF file with nothing in its first directory but what is needed for its samples, checked against the file's
     * length, and without further directories.
     */
    static StrippedFile strip(byte[] whole, long maxPixels) throws IOException {
        TiffTags tags = new TiffTags(whole.clone(), 0, whole.length);
        if ((tags.value(REDUCED, 0) & 1) == 1) {
            throw new IOException(
                    "begins with a reduced copy of its picture, as a camera's raw files do; save it as PNG");
        }
        long width = tags.value(256, 0);
        long height = tags.value(257, 0);
        ImageDecoder.checkSize(width, height, maxPixels);
        for (Map.Entry<Integer, Set<Long>> each : READ.entrySet()) {
            long value = tags.value(each.getKey(), 1);
            if (!each.getValue().contains(value)) {
                throw new IOException("is a TIFF of a kind that is not read (tag " + each.getKey() + " is " + value
                        + "); save it as PNG");
            }
        }
        long tile = Math.max(tags.value(322, 1), 1) * Math.max(tags.value(323, 1), 1);
        if (tile > Math.max(1 << 20, 4 * width * height)) {
            throw new IOException("states tiles of " + tile + " pixels for " + width + "x" + height);
        }
        long samples = tags.value(277, 1);
        if (samples > 5 || tags.value(258, 1) > 16) {
            throw new IOException("has " + samples + " samples of " + tags.value(258, 1)
                    + " bits a pixel, wanted at most 5 of 16; save it as PNG");
        }
        int inks = tags.value(262, 1) == 5 ? 1 : 0;
        int orientation = orientation(whole, 0, whole.length);
        return new StrippedFile(
                tags.compact(), orientation, inks == 1 ? StrippedFile.Colours.INKS : StrippedFile.Colours.PLAIN);
    }

    /** Moves the entries that are kept together; the rest of the file stays where it is, since entries point into it. */
    private byte[] compact() throws IOException {
        int kept = 0;
        for (int k = 0; k < count; k++) {
            int entry = at + 2 + ENTRY * k;
            if (!KEPT.contains(file.getShort(entry) & 0xffff)) {
                continue;
            }
            int type = file.getShort(entry + 2) & 0xffff;
            long bytes = (file.getInt(entry + 4) & 0xffffffffL) * (type < SIZES.length ? SIZES[type] : 0);
            long offset = file.getInt(entry + 8) & 0xffffffffL;
            if (bytes == 0 || bytes > 4 && offset + bytes > file.capacity()) {
                throw new IOException("is truncated");
            }
            for (int b = 0; b < ENTRY; b++) {
                file.put(at + 2 + ENTRY * kept + b, file.get(entry + b));
            }
            kept++;
        }
        file.putShort(at, (short) kept);
        if (at + 6L + (long) ENTRY * kept <= file.capacity()) {
            file.putInt(at + 2 + ENTRY * kept, 0);
        }
        return file.array();
    }

    /** The first number of a tag. */
    private long value(int tag, long otherwise) throws IOException {
        for (int k = 0; k < count; k++) {
            int entry = at + 2 + ENTRY * k;
            if ((file.getShort(entry) & 0xffff) != tag) {
                continue;
            }
            int type = file.getShort(entry + 2) & 0xffff;
            long values = file.getInt(entry + 4) & 0xffffffffL;
            int size = type == 3 ? 2 : type == 4 ? 4 : type == 1 ? 1 : 0;
            if (size == 0 || values == 0) {
                throw new IOException("has no whole number in its tag " + tag);
            }
            long place = values * size <= 4 ? entry + 8 : file.getInt(entry + 8) & 0xffffffffL;
            if (place + size > file.capacity()) {
                throw new IOException("is truncated");
            }
            int p = (int) place;
            return size == 2
                    ? file.getShort(p) & 0xffff
                    : size == 4 ? file.getInt(p) & 0xffffffffL : file.get(p) & 0xff;
        }
        return otherwise;
    }
}
