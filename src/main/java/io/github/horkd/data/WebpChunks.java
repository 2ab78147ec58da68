package io.github.horkd.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A WebP file's chunks: "RIFF", length, "WEBP", then each four bytes of type, four of length (little endian), the data, a
 * pad to an even place. Kept is the first picture: VP8 or VP8L, and ALPH with VP8. The size is taken from the picture's own
 * header and not from the container's.
 */
final class WebpChunks {

    private final byte[] file;
    private final ByteBuffer in;
    private int orientation = 1;
    private byte[] alpha;
    private byte[] picture;
    private boolean lossless;
    private boolean moving;
    private int canvasWidth;
    private int canvasHeight;
    private int x;
    private int y;
    private int width;
    private int height;

    private WebpChunks(byte[] file) {
        this.file = file;
        this.in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }

    static boolean isOne(byte[] file) {
        return file.length >= 12
                && type(file, 0).equals("RIFF")
                && type(file, 8).equals("WEBP");
    }

    static StrippedFile strip(byte[] file, long maxPixels) throws IOException {
        WebpChunks chunks = new WebpChunks(file);
        chunks.walk(12, file.length);
        if (chunks.picture == null) {
            throw new IOException("is truncated");
        }
        byte[] still = chunks.still(maxPixels);
        return new StrippedFile(still, chunks.orientation, StrippedFile.Colours.PLAIN, chunks.canvas(maxPixels));
    }

    private void walk(int from, int to) throws IOException {
        int at = from;
        while (at + 8 <= to) {
            String type = type(file, at);
            long length = in.getInt(at + 4) & 0xffffffffL;
            if (length > to - at - 8) {
                throw new IOException("is truncated");
            }
            int data = at + 8;
            int end = data + (int) length;
            switch (type) {
                case "EXIF" -> {
                    boolean named = length > 6 && type(file, data).equals("Exif");
                    orientation = TiffTags.orientation(file, named ? data + 6 : data, end - data - (named ? 6 : 0));
                }
                case "VP8X" -> {
                    if (length >= 10) {
                        canvasWidth = number(data + 4) + 1;
                        canvasHeight = number(data + 7) + 1;
                    }
                }
                case "ALPH" -> alpha = picture == null ? Arrays.copyOfRange(file, data, end) : alpha;
                case "VP8 ", "VP8L" -> {
                    if (picture == null) {
                        picture = Arrays.copyOfRange(file, data, end);
                        lossless = type.equals("VP8L");
                    }
                }
                // A frame of a moving picture: 16 bytes of place and time, then chunks as in a still one.
                case "ANMF" -> {
                    if (picture == null && length > 16) {
                        moving = true;
                        x = 2 * number(data);
                        y = 2 * number(data + 3);
                        walk(data + 16, end);
                    }
                }
                default -> {
                    // names, profiles and whatever is to come
                }
            }
            at = end + (int) (length & 1);
        }
    }

    private byte[] still(long maxPixels) throws IOException {
        if (picture.length < 10) {
            throw new IOException("is truncated");
        }
        ByteBuffer head = ByteBuffer.wrap(picture).order(ByteOrder.LITTLE_ENDIAN);
        width = lossless ? (head.getInt(1) & 0x3fff) + 1 : head.getShort(6) & 0x3fff;
        height = lossless ? (head.getInt(1) >> 14 & 0x3fff) + 1 : head.getShort(8) & 0x3fff;
        ImageDecoder.checkSize(width, height, maxPixels);
        ByteArrayOutputStream body = new ByteArrayOutputStream(picture.length + 64);
        body.writeBytes("WEBP".getBytes(StandardCharsets.US_ASCII));
        if (alpha != null && !lossless) {
            ByteBuffer extended = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
            extended.putInt(0x10).putShort((short) (width - 1)).put((byte) 0);
            extended.putShort((short) (height - 1)).put((byte) 0);
            chunk(body, "VP8X", extended.array());
            chunk(body, "ALPH", alpha);
        }
        chunk(body, lossless ? "VP8L" : "VP8 ", picture);
        ByteArrayOutputStream whole = new ByteArrayOutputStream(body.size() + 8);
        chunk(whole, "RIFF", body.toByteArray());
        return whole.toByteArray();
    }

    /** Where the frame of a moving picture lies. */
    private Canvas canvas(long maxPixels) throws IOException {
        return moving ? Canvas.of(canvasWidth, canvasHeight, x, y, width, height, maxPixels) : Canvas.NONE;
    }

    /** Three bytes. */
    private int number(int at) {
        return file[at] & 0xff | (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff) << 16;
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        out.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(data.length)
                .array());
        out.writeBytes(data);
        if (data.length % 2 == 1) {
            out.write(0);
        }
    }

    private static String type(byte[] file, int at) {
        return new String(file, at, 4, StandardCharsets.ISO_8859_1);
    }
}
