package io.github.horkd.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A BMP file's header: what it states is held against the file, and profiles, which may be links to other files, are forgotten. */
final class BmpHeader {

    private static final int PLAIN_HEADER = 40;
    private static final int COLOUR_SPACE = 70;
    private static final int SRGB = 0x73524742;

    private BmpHeader() {}

    static StrippedFile strip(byte[] file, long maxPixels) throws IOException {
        if (file.length < 26) {
            throw new IOException("is truncated");
        }
        byte[] stripped = file.clone();
        ByteBuffer head = ByteBuffer.wrap(stripped).order(ByteOrder.LITTLE_ENDIAN);
        long samples = head.getInt(10) & 0xffffffffL;
        long size = head.getInt(14) & 0xffffffffL;
        if (samples > file.length || size + 14 > file.length) {
            throw new IOException("is truncated");
        }
        if (size >= PLAIN_HEADER) {
            ImageDecoder.checkSize(head.getInt(18), Math.abs((long) head.getInt(22)), maxPixels);
            int packing = head.getInt(30);
            if (packing < 0 || packing > 3) {
                throw new IOException(
                        "is a BMP with another format inside (compression " + packing + "); save it as PNG");
            }
        }
        if (size > COLOUR_SPACE - 14 + 4) {
            head.putInt(COLOUR_SPACE, SRGB);
        }
        return new StrippedFile(stripped, 1, StrippedFile.Colours.PLAIN);
    }
}
