package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * A GIF file's blocks. Kept are the header, the palette, the first picture and what says which of its colours is transparent;
 * comments, of which the JDK's reader copies every byte again for each 255 that follow, are not.
 */
final class GifBlocks {

    private static final int HEADER = 13;
    private static final int DESCRIPTOR = 10;
    private static final int CONTROL = 0xf9;

    private GifBlocks() {}

    static StrippedFile strip(byte[] file, long maxPixels) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        int at = HEADER + palette(file, 10);
        copy(file, 0, at, out);
        while (at < file.length) {
            int kind = file[at] & 0xff;
            if (kind == '!' && at + 1 < file.length) {
                int end = blocksEnd(file, at + 2);
                if ((file[at + 1] & 0xff) == CONTROL) {
                    copy(file, at, end, out);
                }
                at = end;
            } else if (kind == ',') {
                int data = at + DESCRIPTOR + palette(file, at + 9);
                if (data + 1 >= file.length) {
                    throw new IOException("is truncated");
                }
                ImageDecoder.checkSize(number(file, at + 5), number(file, at + 7), maxPixels);
                copy(file, at, blocksEnd(file, data + 1), out);
                out.write(';');
                Canvas canvas = Canvas.of(
                        number(file, 6),
                        number(file, 8),
                        number(file, at + 1),
                        number(file, at + 3),
                        number(file, at + 5),
                        number(file, at + 7),
                        maxPixels);
                return new StrippedFile(out.toByteArray(), 1, StrippedFile.Colours.PLAIN, canvas);
            } else {
                throw new IOException(kind == ';' ? "has no picture" : "is damaged (an unknown block)");
            }
        }
        throw new IOException("is truncated");
    }

    /** Bytes of the palette that the flags at a place announce. */
    private static int palette(byte[] file, int at) throws IOException {
        if (at >= file.length) {
            throw new IOException("is truncated");
        }
        return (file[at] & 0x80) == 0 ? 0 : 3 << (file[at] & 7) + 1;
    }

    /** Behind the blocks of up to 255 bytes, each after its length, that end with an empty one. */
    private static int blocksEnd(byte[] file, int from) throws IOException {
        int at = from;
        while (at < file.length && file[at] != 0) {
            at += 1 + (file[at] & 0xff);
        }
        if (at >= file.length) {
            throw new IOException("is truncated");
        }
        return at + 1;
    }

    private static int number(byte[] file, int at) {
        return file[at] & 0xff | (file[at + 1] & 0xff) << 8;
    }

    private static void copy(byte[] file, int from, int to, ByteArrayOutputStream out) throws IOException {
        if (to > file.length) {
            throw new IOException("is truncated");
        }
        out.write(file, from, to - from);
    }
}
