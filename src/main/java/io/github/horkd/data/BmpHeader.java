package io.github.horkd.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A BMP file's header: what it states is held against the file, and profiles, which may be links to other files, are forgotten. */
final class BmpHeader {

    private static final int PLAIN_HEADER = 40;
    private static final int COLOUR_SPACE = 70;
    private static final int SRGB = 0x73524742;

    private static final int BY_MASKS = 3;
    private static final int ALPHA_MASK = 66;

    private BmpHeader() {}

    static StrippedFile strip(byte[] file, long maxPixels, int background) throws IOException {
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
        if (size > ALPHA_MASK - 14 && head.getInt(30) == BY_MASKS && head.getShort(28) == 32) {
            blend(head, (int) samples, background);
        }
        if (size > COLOUR_SPACE - 14 + 4) {
            head.putInt(COLOUR_SPACE, SRGB);
        }
        return new StrippedFile(stripped, 1, StrippedFile.Colours.PLAIN);
    }

    /** Lays pixels with an alpha of their own on a gray: the JDK reads their colours and not their alpha. */
    private static void blend(ByteBuffer head, int from, int background) throws IOException {
        int mask = head.getInt(ALPHA_MASK);
        if (mask == 0) {
            return;
        }
        int alphaAt = Integer.numberOfTrailingZeros(mask) / 8;
        if (mask != 0xff << 8 * alphaAt) {
            throw new IOException("is a BMP of odd masks; save it as PNG");
        }
        for (int at = from; at + 4 <= head.capacity(); at += 4) {
            int alpha = head.get(at + alphaAt) & 0xff;
            for (int k = 0; k < 4; k++) {
                if (k != alphaAt) {
                    int own = head.get(at + k) & 0xff;
                    head.put(at + k, (byte) ((own * alpha + background * (255 - alpha) + 127) / 255));
                }
            }
        }
        head.putInt(ALPHA_MASK, 0);
    }
}
