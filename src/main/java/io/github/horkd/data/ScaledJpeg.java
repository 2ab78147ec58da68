package io.github.horkd.data;

import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.leptonica.PIX;
import org.bytedeco.leptonica.global.lept;

/**
 * JPEGs at a half, a quarter or an eighth of their size, by libjpeg's own scaled transforms. The JDK has the same library and does not offer them. What this has any
 * trouble with is left to the JDK, which says what is wrong.
 */
final class ScaledJpeg {

    private static final int MOST = 8;

    private ScaledJpeg() {}

    /** Only touched when the library is there. */
    private static final class Native {

        static {
            // Damaged files are told by who reads them afterwards.
            lept.setMsgSeverity(lept.L_SEVERITY_NONE);
        }

        private Native() {}

        static Optional<Bitmap> decode(byte[] file, int reduction) {
            PIX picture = null;
            try (BytePointer bytes = new BytePointer(file);
                    IntPointer warnings = new IntPointer(1)) {
                picture = lept.pixReadMemJpeg(bytes, file.length, 0, reduction, warnings, 0);
                return picture == null || picture.isNull() || warnings.get() > 0
                        ? Optional.empty()
                        : Optional.of(samples(picture));
            } finally {
                if (picture != null && !picture.isNull()) {
                    lept.pixDestroy(picture);
                }
            }
        }

        /** Rows of 32-bit words, a gray sample in each byte from the top, or red, green and blue in the upper three. */
        private static Bitmap samples(PIX picture) {
            int height = picture.h();
            int width = picture.w();
            int words = picture.wpl();
            int[] data = new int[words * height];
            try (IntPointer all = picture.data()) {
                all.get(data);
            }
            int plane = height * width;
            boolean gray = picture.d() == Byte.SIZE;
            byte[] samples = new byte[gray ? plane : 3 * plane];
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = y * width + x;
                    if (gray) {
                        samples[at] = (byte) (data[y * words + x / 4] >>> 24 - 8 * (x % 4));
                    } else {
                        int colour = data[y * words + x];
                        samples[at] = (byte) (colour >>> 24);
                        samples[plane + at] = (byte) (colour >>> 16);
                        samples[2 * plane + at] = (byte) (colour >>> 8);
                    }
                }
            }
            return new Bitmap(new ImageShape(gray ? 1 : 3, height, width), samples);
        }
    }

    /** Says what is missing. */
    static void require() {
        try {
            Native.decode(new byte[0], 1);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "scaled decoding: wanted org.bytedeco:leptonica and its jar for this platform on the class path; add them, or leave scaledDecoding out",
                    e);
        }
    }

    /**
     * Decodes at the smallest size that is enough.
     *
     * @param file  a whole JPEG, gray or in colour
     * @param least rows and columns that it must keep
     * @return empty when its full size is wanted, or it cannot be decoded without a warning
     */
    static Optional<Bitmap> decode(byte[] file, int least) {
        int[] size = JpegSegments.size(file);
        int side = Math.min(size[0], size[1]);
        int reduction = 1;
        while (reduction < MOST && (long) least * 2 * reduction <= side) {
            reduction *= 2;
        }
        return reduction == 1 ? Optional.empty() : Native.decode(file, reduction);
    }
}
