package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * A PNG file's chunks: four bytes of length, four of type, the data, four of checksum. Kept are IHDR, PLTE, IDAT, IEND, and
 * tRNS where it may stand; checksums of what is kept are checked.
 */
final class PngChunks {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** Where the header says the colour type, and its value for a palette. */
    private static final int COLOUR_TYPE = 25;

    private static final byte PALETTE = 3;

    private PngChunks() {}

    static boolean isOne(byte[] file) {
        return file.length > 4 && file[0] == SIGNATURE[0] && file[1] == 'P' && file[2] == 'N' && file[3] == 'G';
    }

    static StrippedFile strip(byte[] file, long maxPixels) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(file);
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length);
        out.write(SIGNATURE);
        int orientation = 1;
        int colourType = -1;
        int depth = 0;
        boolean grayIsPalette = false;
        int at = SIGNATURE.length;
        boolean hasSamples = false;
        while (at + 12 <= file.length) {
            long length = in.getInt(at) & 0xffffffffL;
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (length > file.length - at - 12) {
                throw new IOException("is truncated");
            }
            int size = (int) length;
            if (colourType < 0 && (!type.equals("IHDR") || size != 13)) {
                throw new IOException("is damaged (it begins with " + type + " and not with its header)");
            }
            boolean kept = switch (type) {
                case "IHDR" -> colourType < 0;
                case "PLTE", "IDAT", "IEND" -> true;
                // Beside an alpha channel the standard forbids it, and programs write it all the same.
                case "tRNS" -> colourType < 4;
                default -> false;
            };
            if (kept) {
                CRC32 crc = new CRC32();
                crc.update(file, at + 4, size + 4);
                if ((int) crc.getValue() != in.getInt(at + 8 + size)) {
                    throw new IOException("is damaged (the checksum of its " + type + " is wrong)");
                }
                if (type.equals("tRNS") && colourType == 0 && depth < 8) {
                    asPalette(out, depth, size < 2 ? -1 : in.getShort(at + 8));
                    grayIsPalette = true;
                } else {
                    out.write(file, at, size + 12);
                }
            }
            if (type.equals("IHDR") && kept) {
                ImageDecoder.checkSize(in.getInt(at + 8) & 0xffffffffL, in.getInt(at + 12) & 0xffffffffL, maxPixels);
                depth = file[at + 16];
                colourType = file[at + 17];
            } else if (type.equals("eXIf")) {
                orientation = TiffTags.orientation(file, at + 8, size);
            }
            hasSamples |= type.equals("IDAT");
            at += size + 12;
            if (type.equals("IEND")) {
                break;
            }
        }
        if (!hasSamples) {
            throw new IOException("is truncated");
        }
        byte[] stripped = out.toByteArray();
        if (grayIsPalette) {
            stripped[COLOUR_TYPE] = PALETTE;
        }
        return new StrippedFile(stripped, orientation, StrippedFile.Colours.PLAIN);
    }

    /** A palette of grays of which one is transparent: the JDK does not see it in grays of fewer than 8 bits. */
    private static void asPalette(ByteArrayOutputStream out, int depth, int clear) {
        int entries = 1 << depth;
        byte[] grays = new byte[3 * entries];
        byte[] alpha = new byte[entries];
        for (int k = 0; k < entries; k++) {
            Arrays.fill(grays, 3 * k, 3 * k + 3, (byte) (k * 255 / (entries - 1)));
            alpha[k] = (byte) (k == clear ? 0 : 255);
        }
        chunk(out, "PLTE", grays);
        chunk(out, "tRNS", alpha);
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] named = new byte[data.length + 4];
        System.arraycopy(type.getBytes(StandardCharsets.US_ASCII), 0, named, 0, 4);
        System.arraycopy(data, 0, named, 4, data.length);
        CRC32 crc = new CRC32();
        crc.update(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(named);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
