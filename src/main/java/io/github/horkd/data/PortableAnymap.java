package io.github.horkd.data;

import java.io.IOException;

/** Reads PGM and PPM, text (P2, P3) and binary (P5, P6), 8 or 16 bits a sample; 16 bits are rounded to 8. */
final class PortableAnymap {

    private final byte[] file;
    private int at = 2;

    private PortableAnymap(byte[] file) {
        this.file = file;
    }

    static boolean isOne(byte[] file) {
        return file.length > 2
                && file[0] == 'P'
                && (file[1] == '2' || file[1] == '3' || file[1] == '5' || file[1] == '6')
                && (isSpace(file[2]) || file[2] == '#');
    }

    static Bitmap decode(byte[] file, long maxPixels) throws IOException {
        return new PortableAnymap(file).decode(maxPixels);
    }

    private Bitmap decode(long maxPixels) throws IOException {
        boolean text = file[1] == '2' || file[1] == '3';
        int channels = file[1] == '2' || file[1] == '5' ? 1 : 3;
        int width = number();
        int height = number();
        int top = number();
        ImageDecoder.checkSize(width, height, maxPixels);
        if (top < 1 || top > 65535) {
            throw new IOException("states a maximum of " + top + ", wanted 1 to 65535");
        }
        int sampleBytes = top > 255 ? 2 : 1;
        if (!text) {
            at++; // exactly one white space between header and samples
        }
        long wanted = (long) width * height * channels * (text ? 2 : sampleBytes) - (text ? 1 : 0);
        if (wanted > file.length - at) {
            throw new IOException("is truncated: wanted at least " + wanted + " bytes of samples, got "
                    + Math.max(0, file.length - at));
        }
        int plane = width * height;
        byte[] samples = new byte[channels * plane];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < channels; c++) {
                int sample = text ? number() : file[at++] & 0xff;
                if (!text && sampleBytes == 2) {
                    sample = sample << 8 | file[at++] & 0xff;
                }
                if (sample > top) {
                    throw new IOException("has a sample of " + sample + " above its maximum of " + top);
                }
                samples[c * plane + i] = (byte) ((sample * 255L + top / 2) / top);
            }
        }
        return new Bitmap(new ImageShape(channels, height, width), samples);
    }

    /** The next decimal number, after white space and comments. */
    private int number() throws IOException {
        while (at < file.length && (isSpace(file[at]) || file[at] == '#')) {
            if (file[at] == '#') {
                while (at < file.length && file[at] != '\n' && file[at] != '\r') {
                    at++;
                }
            } else {
                at++;
            }
        }
        int begin = at;
        long value = 0;
        while (at < file.length && file[at] >= '0' && file[at] <= '9' && value <= Integer.MAX_VALUE) {
            value = 10 * value + file[at++] - '0';
        }
        if (at == begin || value > Integer.MAX_VALUE) {
            throw new IOException(
                    at >= file.length ? "is truncated" : "has no number where one belongs (byte " + at + ")");
        }
        return (int) value;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b >= '\t' && b <= '\r';
    }
}
