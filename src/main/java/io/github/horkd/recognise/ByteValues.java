package io.github.horkd.recognise;

/** Whole numbers −127…127 and a scale for each row. */
final class ByteValues extends BlockValues {

    private static final int LARGEST = 127;
    /** What is added to a number, so that it is none below 0. */
    private static final int BIAS = 128;
    /** The bits of 2²³, whose last bits count ones. */
    private static final int ONES = 0x4b000000;

    private static final float ORIGIN = 0x1p23f + BIAS;

    /** For each dimension: rows i, i + rows / 4, i + rows / 2 and i + 3 rows / 4 in number i, the first in its lowest eight bits. */
    private final int[][] fours;

    private final float[] scales;

    ByteValues(int width, int rows) {
        super(width, rows);
        this.fours = new int[width][rows / 4];
        this.scales = new float[rows];
    }

    @Override
    void write(int row, float[] from, int at) {
        float largest = 0;
        for (int d = 0; d < width; d++) {
            largest = Math.max(largest, Math.abs(from[at + d]));
        }
        scales[row] = largest / LARGEST;
        int place = row % (rows / 4);
        int shift = shift(row);
        for (int d = 0; d < width; d++) {
            int number = Math.round(largest == 0 ? 0 : from[at + d] * (LARGEST / largest)) + BIAS;
            fours[d][place] = fours[d][place] & ~(0xff << shift) | number << shift;
        }
    }

    private int shift(int row) {
        return row / (rows / 4) * Byte.SIZE;
    }

    @Override
    void read(int row, float[] to, int at) {
        int place = row % (rows / 4);
        int shift = shift(row);
        for (int d = 0; d < width; d++) {
            to[at + d] = ((fours[d][place] >>> shift & 0xff) - BIAS) * scales[row];
        }
    }

    @Override
    float[] dimension(int d, int count) {
        DecodingMemory memory = DecodingMemory.here();
        if (!mostlyTaken(count)) {
            float[] into = memory.dimension(d);
            for (int part = 0, first = 0; first < count; part++, first += rows / 4) {
                decode(fours[d], part * Byte.SIZE, Math.min(count - first, rows / 4), into, first);
            }
            return into;
        }
        for (int part = 0; part < 4; part++) {
            decode(fours[d], part * Byte.SIZE, memory.wholes[part]);
            memory.bits.put(part * rows / 4, memory.wholes[part], 0, rows / 4);
        }
        float[] floats = memory.floats(d, rows);
        scale(floats, scales);
        return floats;
    }

    private void decode(int[] fours, int shift, int count, float[] into, int at) {
        for (int i = 0; i < count; i++) {
            into[at + i] = ((fours[i] >>> shift & 0xff) - BIAS) * scales[at + i];
        }
    }

    private static void decode(int[] fours, int shift, int[] bits) {
        for (int i = 0; i < fours.length; i++) {
            bits[i] = fours[i] >>> shift & 0xff | ONES;
        }
    }

    /** Each difference is a whole number, and exact. */
    private static void scale(float[] floats, float[] scales) {
        for (int r = 0; r < scales.length; r++) {
            floats[r] = (floats[r] - ORIGIN) * scales[r];
        }
    }
}
