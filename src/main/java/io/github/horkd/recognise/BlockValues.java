package io.github.horkd.recognise;

import io.github.horkd.internal.rows.Float16;
import java.util.Arrays;

/**
 * The values of a block of templates, dimension after dimension: one array of floats for each. So a probe is compared with a whole block by loops along memory. Each
 * loop takes four arrays from their beginnings, which the compiler makes vectors of: from places within one array it does not, nor of eight arrays, and both take two
 * to three times as long. A row is written once, before anybody reads it.
 */
abstract class BlockValues {

    /** So many dimensions at a time are decoded, to stay in a near cache. */
    static final int TOGETHER = 16;

    final int width;
    final int rows;

    private BlockValues(int width, int rows) {
        this.width = width;
        this.rows = rows;
    }

    /** Keeps a row as exactly as this kind can. */
    abstract void write(int row, float[] from, int at);

    /** The row as it is kept. */
    abstract void read(int row, float[] to, int at);

    /** One dimension of the first {@code count} rows; where it is not kept so, decoded into {@code scratch}. */
    abstract float[] dimension(int d, int count, float[] scratch);

    /**
     * The inner products of some probes with the first {@code count} rows.
     *
     * @param scratch {@link #TOGETHER} arrays of {@link #rows} floats
     * @param into    an array for each probe
     */
    void products(float[][] probes, int count, float[][] scratch, float[][] into) {
        for (int p = 0; p < probes.length; p++) {
            Arrays.fill(into[p], 0, count, 0);
        }
        float[][] some = new float[TOGETHER][];
        for (int first = 0; first < width; first += TOGETHER) {
            int end = Math.min(first + TOGETHER, width);
            for (int d = first; d < end; d++) {
                some[d - first] = dimension(d, count, scratch[d - first]);
            }
            for (int p = 0; p < probes.length; p++) {
                add(probes[p], first, end, some, count, into[p]);
            }
        }
    }

    private static void add(float[] probe, int first, int end, float[][] some, int count, float[] into) {
        int d = first;
        for (; d + 3 < end; d += 4) {
            int k = d - first;
            addFour(
                    into,
                    probe[d],
                    some[k],
                    probe[d + 1],
                    some[k + 1],
                    probe[d + 2],
                    some[k + 2],
                    probe[d + 3],
                    some[k + 3],
                    count);
        }
        for (; d < end; d++) {
            addOne(into, probe[d], some[d - first], count);
        }
    }

    private static void addFour(
            float[] into, float a, float[] x, float b, float[] y, float c, float[] z, float d, float[] w, int count) {
        for (int r = 0; r < count; r++) {
            into[r] += a * x[r] + b * y[r] + (c * z[r] + d * w[r]);
        }
    }

    private static void addOne(float[] into, float a, float[] x, int count) {
        for (int r = 0; r < count; r++) {
            into[r] += a * x[r];
        }
    }

    static final class Floats extends BlockValues {

        private final float[][] values;

        Floats(int width, int rows) {
            super(width, rows);
            this.values = new float[width][rows];
        }

        @Override
        void write(int row, float[] from, int at) {
            for (int d = 0; d < width; d++) {
                values[d][row] = from[at + d];
            }
        }

        @Override
        void read(int row, float[] to, int at) {
            for (int d = 0; d < width; d++) {
                to[at + d] = values[d][row];
            }
        }

        @Override
        float[] dimension(int d, int count, float[] scratch) {
            return values[d];
        }
    }

    static final class Halves extends BlockValues {

        private final short[] values;

        Halves(int width, int rows) {
            super(width, rows);
            this.values = new short[Math.multiplyExact(width, rows)];
        }

        @Override
        void write(int row, float[] from, int at) {
            for (int d = 0; d < width; d++) {
                values[d * rows + row] = Float16.of(from[at + d]);
            }
        }

        @Override
        void read(int row, float[] to, int at) {
            for (int d = 0; d < width; d++) {
                to[at + d] = Float16.toFloat(values[d * rows + row]);
            }
        }

        /** Every value there is: 256 KiB, to look one up takes a third of the time that shifting its bits does. */
        private static final class Table {

            private static final float[] VALUES = new float[1 << 16];

            static {
                for (int half = 0; half < VALUES.length; half++) {
                    VALUES[half] = Float16.toFloat((short) half);
                }
            }
        }

        @Override
        float[] dimension(int d, int count, float[] scratch) {
            float[] table = Table.VALUES;
            int from = d * rows;
            for (int r = 0; r < count; r++) {
                scratch[r] = table[values[from + r] & 0xffff];
            }
            return scratch;
        }
    }

    static final class Bytes extends BlockValues {

        private static final int LARGEST = 127;

        private final byte[] values;
        private final float[] scales;

        Bytes(int width, int rows) {
            super(width, rows);
            this.values = new byte[Math.multiplyExact(width, rows)];
            this.scales = new float[rows];
        }

        @Override
        void write(int row, float[] from, int at) {
            float largest = 0;
            for (int d = 0; d < width; d++) {
                largest = Math.max(largest, Math.abs(from[at + d]));
            }
            scales[row] = largest / LARGEST;
            for (int d = 0; d < width; d++) {
                values[d * rows + row] = (byte) Math.round(largest == 0 ? 0 : from[at + d] * (LARGEST / largest));
            }
        }

        @Override
        void read(int row, float[] to, int at) {
            for (int d = 0; d < width; d++) {
                to[at + d] = values[d * rows + row] * scales[row];
            }
        }

        @Override
        float[] dimension(int d, int count, float[] scratch) {
            int from = d * rows;
            for (int r = 0; r < count; r++) {
                scratch[r] = values[from + r] * scales[r];
            }
            return scratch;
        }
    }
}
