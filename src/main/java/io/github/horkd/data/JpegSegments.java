package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JPEG file's segments: FF, a marker, two bytes of length, the data; behind each SOS the coded samples. Kept are tables,
 * frame and scans. What the application segments say of colour is said anew in one Adobe segment, the orientation is
 * noted, the end marker is put where there is none.
 *
 * <p>Scans are counted: each goes over all pixels again, however few bytes it has.
 */
final class JpegSegments {

    /** A picture of a camera has 1, of the web about 10; each is one pass over the pixels. */
    private static final int MOST_SCANS = 100;

    /** Passes over the pixels of a picture of the largest size allowed. */
    private static final int MOST_PASSES = 12;

    private static final int COEFFICIENTS = 64;

    private final byte[] file;
    private final long maxPixels;
    private final ByteArrayOutputStream out;
    private int orientation = 1;
    private boolean jfif;
    private int adobe = -1;
    private byte[] frame;
    private long pixels;
    private int scans;

    /** For each component, which coefficients are known to their last bit. */
    private long[] complete = {};

    private JpegSegments(byte[] file, long maxPixels) {
        this.file = file;
        this.maxPixels = maxPixels;
        this.out = new ByteArrayOutputStream(file.length + 32);
    }

    static boolean isOne(byte[] file) {
        return file.length > 2 && (file[0] & 0xff) == 0xff && (file[1] & 0xff) == 0xd8 && (file[2] & 0xff) == 0xff;
    }

    /** Rows and columns that the frame of a stripped file states; zeros when it has none. */
    static int[] size(byte[] stripped) {
        JpegSegments segments = new JpegSegments(stripped, Long.MAX_VALUE);
        for (int at = segments.marker(2); at < stripped.length - 8; ) {
            int marker = stripped[at + 1] & 0xff;
            if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                return new int[] {
                    (stripped[at + 5] & 0xff) << 8 | stripped[at + 6] & 0xff,
                    (stripped[at + 7] & 0xff) << 8 | stripped[at + 8] & 0xff
                };
            }
            at = segments.marker(at + 2 + ((stripped[at + 2] & 0xff) << 8 | stripped[at + 3] & 0xff));
        }
        return new int[2];
    }

    static StrippedFile strip(byte[] file, long maxPixels) throws IOException {
        return new JpegSegments(file, maxPixels).strip();
    }

    private StrippedFile strip() throws IOException {
        boolean ended = false;
        for (int at = marker(2); at < file.length - 1 && !ended; at = marker(at)) {
            int marker = file[at + 1] & 0xff;
            ended = marker == 0xd9;
            if (ended || marker == 1 || marker >= 0xd0 && marker <= 0xd8) {
                at += 2;
                continue;
            }
            int length = at + 4 > file.length ? 0 : (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
            int end = at + 2 + length;
            if (length < 2 || end > file.length) {
                throw new IOException(
                        end > file.length || length == 0 ? "is truncated" : "is damaged (an empty segment)");
            }
            if (marker == 0xda) {
                end = entropyEnd(end);
                scan(at);
            } else {
                segment(marker, at + 4, end);
            }
            if (marker < 0xe0 || marker > 0xef && marker < 0xfe) {
                out.write(file, at, end - at);
            }
            at = end;
        }
        if (scans == 0) {
            throw new IOException("is truncated");
        }
        if (!ended && !isComplete()) {
            throw new IOException("is truncated (scans are missing)");
        }
        out.write(0xff);
        out.write(0xd9);
        return new StrippedFile(withHead(out.toByteArray()), orientation, colours());
    }

    /** The next marker at or behind a place; junk between segments is passed over. */
    private int marker(int from) {
        int at = from;
        while (at < file.length - 1
                && !((file[at] & 0xff) == 0xff && file[at + 1] != 0 && (file[at + 1] & 0xff) != 0xff)) {
            at++;
        }
        return at;
    }

    /** The end of coded samples: the next marker that is neither a stuffed FF nor a restart. */
    private int entropyEnd(int from) {
        int at = from;
        while (at < file.length) {
            at = marker(at);
            if (at >= file.length - 1) {
                return file.length;
            }
            int marker = file[at + 1] & 0xff;
            if (marker < 0xd0 || marker > 0xd7) {
                return at;
            }
            at += 2;
        }
        return file.length;
    }

    private void segment(int marker, int from, int to) throws IOException {
        if (marker == 0xe0 && begins(from, to, "JFIF\0")) {
            jfif = true;
        } else if (marker == 0xe1 && begins(from, to, "Exif\0\0")) {
            orientation = TiffTags.orientation(file, from + 6, to - from - 6);
        } else if (marker == 0xee && begins(from, to, "Adobe") && to - from >= 12) {
            adobe = file[from + 11] & 0xff;
        } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
            frame(marker, from, to);
        }
    }

    private void frame(int marker, int from, int to) throws IOException {
        if (frame != null || to - from < 6) {
            throw new IOException("is damaged (two frames)");
        }
        if (marker > 0xc2) {
            throw new IOException(
                    "is a JPEG of a kind that is not read (lossless, hierarchical or arithmetic); save it anew");
        }
        frame = Arrays.copyOfRange(file, from, to);
        int components = frame[5] & 0xff;
        if (components != 1 && components != 3 && components != 4 || frame.length < 6 + 3 * components) {
            throw new IOException("is a JPEG of " + components + " components, wanted 1, 3 or 4");
        }
        long height = (frame[1] & 0xffL) << 8 | frame[2] & 0xff;
        long width = (frame[3] & 0xffL) << 8 | frame[4] & 0xff;
        ImageDecoder.checkSize(width, height, maxPixels);
        pixels = width * height;
        complete = new long[components];
    }

    private void scan(int at) throws IOException {
        if (frame == null) {
            throw new IOException("is damaged (samples without a frame)");
        }
        scans++;
        if (scans > MOST_SCANS || scans > 1 && scans * pixels > MOST_PASSES * maxPixels) {
            throw new IOException("has more than " + (scans - 1) + " scans of its " + pixels
                    + " pixels, which no picture needs; save it anew");
        }
        int components = file[at + 4] & 0xff;
        int spectrum = at + 5 + 2 * components;
        if (spectrum + 2 >= file.length || components > complete.length) {
            throw new IOException("is damaged (a scan of " + components + " components)");
        }
        int first = file[spectrum] & 0xff;
        int last = Math.min(file[spectrum + 1] & 0xff, COEFFICIENTS - 1);
        boolean lastBit = (file[spectrum + 2] & 0xf) == 0;
        for (int c = 0; c < components && lastBit; c++) {
            int which = component(file[at + 5 + 2 * c]);
            for (int k = first; k <= last && which >= 0; k++) {
                complete[which] |= 1L << k;
            }
        }
    }

    private int component(byte id) {
        for (int c = 0; c < complete.length; c++) {
            if (frame[6 + 3 * c] == id) {
                return c;
            }
        }
        return -1;
    }

    /** Whether every coefficient came to its last bit: then only the end marker is missing. */
    private boolean isComplete() {
        for (long known : complete) {
            if (known != -1L) {
                return false;
            }
        }
        return true;
    }

    private StrippedFile.Colours colours() {
        if (complete.length < 4) {
            return StrippedFile.Colours.PLAIN;
        }
        return adobe == 2
                ? StrippedFile.Colours.INVERTED_LUMA_INKS
                : adobe >= 0 ? StrippedFile.Colours.INVERTED_INKS : StrippedFile.Colours.INKS;
    }

    /** Three components are luma and chroma unless something says they are not, in the order that libjpeg asks. */
    private boolean isLuma() {
        if (jfif || adobe >= 0) {
            return jfif || adobe != 0;
        }
        return !(frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B');
    }

    /** The start of a file, with one Adobe segment that says how three or four components are coded. */
    private byte[] withHead(byte[] body) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(body.length + 18);
        whole.write(0xff);
        whole.write(0xd8);
        if (complete.length > 1) {
            byte transform = (byte) (complete.length == 3 && isLuma() ? 1 : 0);
            whole.writeBytes(
                    new byte[] {(byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, transform
                    });
        }
        whole.writeBytes(body);
        return whole.toByteArray();
    }

    private boolean begins(int from, int to, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.US_ASCII);
        return to - from >= wanted.length && Arrays.equals(file, from, from + wanted.length, wanted, 0, wanted.length);
    }
}
