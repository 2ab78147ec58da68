package io.github.horkd.data;

/**
 * What JPEG does to samples, without the bits in between: entropy coding loses nothing, so that encoding and decoding is the discrete cosine transform of 8×8
 * blocks, rounding to multiples of the quantisation table, and the transform back. All whole numbers, step by step those of the Independent JPEG Group's library
 * (accurate integer transforms after Loeffler, Ligtenberg and Moschytz; smooth upsampling of the colours), which is the JDK's: the results are equal to the bit.
 */
final class JpegBlocks {

    private static final int[] LUMINANCE = {
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29,
        51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121,
        120, 101, 72, 92, 95, 98, 112, 100, 103, 99
    };
    private static final int[] CHROMINANCE = {
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99,
                99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
                99,
        99, 99, 99, 99, 99, 99
    };

    private static final int SIDE = 8;
    private static final int CONST_BITS = 13;
    private static final int PASS1_BITS = 2;
    private static final int F_0_298 = 2446;
    private static final int F_0_390 = 3196;
    private static final int F_0_541 = 4433;
    private static final int F_0_765 = 6270;
    private static final int F_0_899 = 7373;
    private static final int F_1_175 = 9633;
    private static final int F_1_501 = 12299;
    private static final int F_1_847 = 15137;
    private static final int F_1_961 = 16069;
    private static final int F_2_053 = 16819;
    private static final int F_2_562 = 20995;
    private static final int F_3_072 = 25172;

    private final int[] luminance;
    private final int[] chrominance;

    private JpegBlocks(int[] luminance, int[] chrominance) {
        this.luminance = luminance;
        this.chrominance = chrominance;
    }

    /** With the standard's tables scaled for a quality of 1…100 as the JDK does. */
    static JpegBlocks of(int quality) {
        float q = quality / 100f;
        float scale = q < 0.5f ? 0.5f / q : 2 - q * 2;
        return new JpegBlocks(scaled(LUMINANCE, scale), scaled(CHROMINANCE, scale));
    }

    private static int[] scaled(int[] table, float scale) {
        int[] scaled = new int[table.length];
        for (int i = 0; i < table.length; i++) {
            scaled[i] = Math.min(Math.max((int) (table[i] * scale + 0.5f), 1), 255);
        }
        return scaled;
    }

    /** What is left of an image, gray or in colour. */
    Bitmap apply(Bitmap image) {
        ImageShape shape = image.shape();
        int height = shape.height();
        int width = shape.width();
        byte[] out = new byte[shape.size()];
        int[] block = new int[SIDE * SIDE];
        if (shape.channels() == 1) {
            int rows = padded(height, SIDE);
            int columns = padded(width, SIDE);
            int[] plane = new int[rows * columns];
            for (int y = 0; y < rows; y++) {
                for (int x = 0; x < columns; x++) {
                    plane[y * columns + x] =
                            image.samples()[Math.min(y, height - 1) * width + Math.min(x, width - 1)] & 0xff;
                }
            }
            quantise(plane, rows, columns, luminance, block);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    out[y * width + x] = (byte) plane[y * columns + x];
                }
            }
            return new Bitmap(shape, out);
        }
        colour(image.samples(), height, width, block, out);
        return new Bitmap(shape, out);
    }

    private void colour(byte[] samples, int height, int width, int[] block, byte[] out) {
        int rows = padded(height, 2 * SIDE);
        int columns = padded(width, 2 * SIDE);
        int[][] planes = new int[3][rows * columns];
        int plane = height * width;
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int at = Math.min(y, height - 1) * width + Math.min(x, width - 1);
                int r = samples[at] & 0xff;
                int g = samples[plane + at] & 0xff;
                int b = samples[2 * plane + at] & 0xff;
                int to = y * columns + x;
                planes[0][to] = 19595 * r + 38470 * g + 7471 * b + 32768 >> 16;
                planes[1][to] = -11059 * r - 21709 * g + 32768 * b + (128 << 16) + 32767 >> 16;
                planes[2][to] = 32768 * r - 27439 * g - 5329 * b + (128 << 16) + 32767 >> 16;
            }
        }
        quantise(planes[0], rows, columns, luminance, block);
        int[] cb = smooth(halved(planes[1], rows, columns, height), rows / 2, columns / 2, height, width, block);
        int[] cr = smooth(halved(planes[2], rows, columns, height), rows / 2, columns / 2, height, width, block);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int luma = planes[0][y * columns + x];
                int blue = cb[y * width + x] - 128;
                int red = cr[y * width + x] - 128;
                int at = y * width + x;
                out[at] = limited(luma + (91881 * red + 32768 >> 16));
                out[plane + at] = limited(luma + (-22554 * blue + 32768 - 46802 * red >> 16));
                out[2 * plane + at] = limited(luma + (116130 * blue + 32768 >> 16));
            }
        }
    }

    private static byte limited(int value) {
        return (byte) Math.min(Math.max(value, 0), 255);
    }

    private static int padded(int size, int to) {
        return (size + to - 1) / to * to;
    }

    /** Means of 2×2 samples; halves are rounded down and up in turn. Below the image the last row goes on. */
    private static int[] halved(int[] plane, int rows, int columns, int height) {
        int[] half = new int[rows / 2 * (columns / 2)];
        int last = (height - 1) / 2;
        for (int y = 0; y <= last; y++) {
            int bias = 1;
            for (int x = 0; x < columns / 2; x++) {
                int at = 2 * y * columns + 2 * x;
                half[y * (columns / 2) + x] =
                        plane[at] + plane[at + 1] + plane[at + columns] + plane[at + columns + 1] + bias >> 2;
                bias ^= 3;
            }
        }
        for (int y = last + 1; y < rows / 2; y++) {
            System.arraycopy(half, last * (columns / 2), half, y * (columns / 2), columns / 2);
        }
        return half;
    }

    /** A quantised plane of colour at full size: each sample three parts the nearest one and one part the next, on both axes. */
    private int[] smooth(int[] half, int rows, int columns, int height, int width, int[] block) {
        quantise(half, rows, columns, chrominance, block);
        int halfHeight = (height + 1) / 2;
        int halfWidth = (width + 1) / 2;
        int[] full = new int[height * width];
        int[] sums = new int[halfWidth];
        for (int y = 0; y < height; y++) {
            int near = y / 2;
            int next = Math.min(Math.max(y % 2 == 0 ? near - 1 : near + 1, 0), halfHeight - 1);
            for (int x = 0; x < halfWidth; x++) {
                sums[x] = 3 * half[near * columns + x] + half[next * columns + x];
            }
            for (int x = 0; x < width; x++) {
                int at = x / 2;
                int value;
                if (halfWidth <= 2) {
                    value = half[near * columns + at];
                } else if (x % 2 == 0) {
                    value = at == 0 ? sums[0] * 4 + 8 >> 4 : sums[at] * 3 + sums[at - 1] + 8 >> 4;
                } else {
                    value = at == halfWidth - 1 ? sums[at] * 4 + 7 >> 4 : sums[at] * 3 + sums[at + 1] + 7 >> 4;
                }
                full[y * width + x] = value;
            }
        }
        return full;
    }

    /** Every block of a plane there and back. */
    private static void quantise(int[] plane, int rows, int columns, int[] table, int[] block) {
        for (int top = 0; top < rows; top += SIDE) {
            for (int left = 0; left < columns; left += SIDE) {
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        block[y * SIDE + x] = plane[(top + y) * columns + left + x] - 128;
                    }
                }
                forward(block);
                for (int k = 0; k < block.length; k++) {
                    int divisor = table[k] << 3;
                    int size = Math.abs(block[k]) + (divisor >> 1);
                    int quotient = size / divisor;
                    block[k] = (block[k] < 0 ? -quotient : quotient) * table[k];
                }
                inverse(block);
                for (int y = 0; y < SIDE; y++) {
                    for (int x = 0; x < SIDE; x++) {
                        plane[(top + y) * columns + left + x] = Math.min(Math.max(block[y * SIDE + x] + 128, 0), 255);
                    }
                }
            }
        }
    }

    private static int descaled(int value, int bits) {
        return value + (1 << bits - 1) >> bits;
    }

    /** Eight times the transform. */
    private static void forward(int[] d) {
        for (int pass = 0; pass < 2; pass++) {
            boolean along = pass == 0;
            int step = along ? 1 : SIDE;
            int odd = along ? CONST_BITS - PASS1_BITS : CONST_BITS + PASS1_BITS;
            for (int i = 0; i < SIDE; i++) {
                int at = along ? i * SIDE : i;
                int t0 = d[at] + d[at + 7 * step];
                int t7 = d[at] - d[at + 7 * step];
                int t1 = d[at + step] + d[at + 6 * step];
                int t6 = d[at + step] - d[at + 6 * step];
                int t2 = d[at + 2 * step] + d[at + 5 * step];
                int t5 = d[at + 2 * step] - d[at + 5 * step];
                int t3 = d[at + 3 * step] + d[at + 4 * step];
                int t4 = d[at + 3 * step] - d[at + 4 * step];
                int t10 = t0 + t3;
                int t13 = t0 - t3;
                int t11 = t1 + t2;
                int t12 = t1 - t2;
                d[at] = along ? t10 + t11 << PASS1_BITS : descaled(t10 + t11, PASS1_BITS);
                d[at + 4 * step] = along ? t10 - t11 << PASS1_BITS : descaled(t10 - t11, PASS1_BITS);
                int z1 = (t12 + t13) * F_0_541;
                d[at + 2 * step] = descaled(z1 + t13 * F_0_765, odd);
                d[at + 6 * step] = descaled(z1 - t12 * F_1_847, odd);
                int z5 = (t4 + t6 + t5 + t7) * F_1_175;
                z1 = -(t4 + t7) * F_0_899;
                int z2 = -(t5 + t6) * F_2_562;
                int z3 = -(t4 + t6) * F_1_961 + z5;
                int z4 = -(t5 + t7) * F_0_390 + z5;
                d[at + 7 * step] = descaled(t4 * F_0_298 + z1 + z3, odd);
                d[at + 5 * step] = descaled(t5 * F_2_053 + z2 + z4, odd);
                d[at + 3 * step] = descaled(t6 * F_3_072 + z2 + z3, odd);
                d[at + step] = descaled(t7 * F_1_501 + z1 + z4, odd);
            }
        }
    }

    private static void inverse(int[] d) {
        for (int pass = 0; pass < 2; pass++) {
            boolean down = pass == 0;
            int step = down ? SIDE : 1;
            int bits = down ? CONST_BITS - PASS1_BITS : CONST_BITS + PASS1_BITS + 3;
            for (int i = 0; i < SIDE; i++) {
                int at = down ? i : i * SIDE;
                int z2 = d[at + 2 * step];
                int z3 = d[at + 6 * step];
                int z1 = (z2 + z3) * F_0_541;
                int t2 = z1 - z3 * F_1_847;
                int t3 = z1 + z2 * F_0_765;
                int t0 = d[at] + d[at + 4 * step] << CONST_BITS;
                int t1 = d[at] - d[at + 4 * step] << CONST_BITS;
                int t10 = t0 + t3;
                int t13 = t0 - t3;
                int t11 = t1 + t2;
                int t12 = t1 - t2;
                t0 = d[at + 7 * step];
                t1 = d[at + 5 * step];
                t2 = d[at + 3 * step];
                t3 = d[at + step];
                int z5 = (t0 + t2 + t1 + t3) * F_1_175;
                z1 = -(t0 + t3) * F_0_899;
                z2 = -(t1 + t2) * F_2_562;
                z3 = -(t0 + t2) * F_1_961 + z5;
                int z4 = -(t1 + t3) * F_0_390 + z5;
                t0 = t0 * F_0_298 + z1 + z3;
                t1 = t1 * F_2_053 + z2 + z4;
                t2 = t2 * F_3_072 + z2 + z3;
                t3 = t3 * F_1_501 + z1 + z4;
                d[at] = descaled(t10 + t3, bits);
                d[at + 7 * step] = descaled(t10 - t3, bits);
                d[at + step] = descaled(t11 + t2, bits);
                d[at + 6 * step] = descaled(t11 - t2, bits);
                d[at + 2 * step] = descaled(t12 + t1, bits);
                d[at + 5 * step] = descaled(t12 - t1, bits);
                d[at + 3 * step] = descaled(t13 + t0, bits);
                d[at + 4 * step] = descaled(t13 - t0, bits);
            }
        }
    }
}
