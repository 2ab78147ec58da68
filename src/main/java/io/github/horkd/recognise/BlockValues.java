package io.github.horkd.recognise;

import io.github.horkd.internal.rows.Float16;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The values of a block of templates, dimension after dimension: value d of row r stands at {@code d · rows + r}. So a probe is compared with a whole block by
 * loops along memory, which the compiler vectorises, and the block is a column-major matrix for gemm. A row is written once, before anybody reads it.
 */
abstract class BlockValues {

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

    /** The inner products of a probe with the first {@code count} rows. */
    abstract void products(float[] probe, int at, int count, float[] into, int intoAt);

    /** Copies all values, in the order of the block. */
    abstract void copy(FloatPointer to);

    static final class Floats extends BlockValues {

        private final float[] values;

        Floats(int width, int rows) {
            super(width, rows);
            this.values = new float[Math.multiplyExact(width, rows)];
        }

        @Override
        void write(int row, float[] from, int at) {
            for (int d = 0; d < width; d++) {
                values[d * rows + row] = from[at + d];
            }
        }

        @Override
        void read(int row, float[] to, int at) {
            for (int d = 0; d < width; d++) {
                to[at + d] = values[d * rows + row];
            }
        }

        @Override
        void products(float[] probe, int at, int count, float[] into, int intoAt) {
            Arrays.fill(into, intoAt, intoAt + count, 0);
            int d = 0;
            for (; d + 7 < width; d += 8) {
                addEight(probe, at + d, d * rows, count, into, intoAt);
            }
            for (; d < width; d++) {
                addOne(probe[at + d], d * rows, count, into, intoAt);
            }
        }

        /**
         * Eight at a time: the sums are read and written an eighth as often. One core read 19 GB/s this way, 14 with four at a time and 16 with sixteen, where plain
         * copying reads 28.
         */
        private void addEight(float[] probe, int at, int from, int count, float[] into, int intoAt) {
            float a = probe[at];
            float b = probe[at + 1];
            float c = probe[at + 2];
            float d = probe[at + 3];
            float e = probe[at + 4];
            float f = probe[at + 5];
            float g = probe[at + 6];
            float h = probe[at + 7];
            int second = from + rows;
            int third = second + rows;
            int fourth = third + rows;
            int fifth = fourth + rows;
            int sixth = fifth + rows;
            int seventh = sixth + rows;
            int eighth = seventh + rows;
            for (int r = 0; r < count; r++) {
                into[intoAt + r] += a * values[from + r]
                        + b * values[second + r]
                        + c * values[third + r]
                        + d * values[fourth + r]
                        + e * values[fifth + r]
                        + f * values[sixth + r]
                        + g * values[seventh + r]
                        + h * values[eighth + r];
            }
        }

        private void addOne(float factor, int from, int count, float[] into, int intoAt) {
            for (int r = 0; r < count; r++) {
                into[intoAt + r] += factor * values[from + r];
            }
        }

        @Override
        void copy(FloatPointer to) {
            to.put(values);
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
        void products(float[] probe, int at, int count, float[] into, int intoAt) {
            Arrays.fill(into, intoAt, intoAt + count, 0);
            float[] table = Table.VALUES;
            for (int d = 0; d < width; d++) {
                float factor = probe[at + d];
                int from = d * rows;
                for (int r = 0; r < count; r++) {
                    into[intoAt + r] += factor * table[values[from + r] & 0xffff];
                }
            }
        }

        @Override
        void copy(FloatPointer to) {
            float[] table = Table.VALUES;
            float[] some = new float[rows];
            for (int d = 0; d < width; d++) {
                int from = d * rows;
                for (int r = 0; r < rows; r++) {
                    some[r] = table[values[from + r] & 0xffff];
                }
                to.position(from).put(some);
            }
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
        void products(float[] probe, int at, int count, float[] into, int intoAt) {
            Arrays.fill(into, intoAt, intoAt + count, 0);
            for (int d = 0; d < width; d++) {
                float factor = probe[at + d];
                int from = d * rows;
                for (int r = 0; r < count; r++) {
                    into[intoAt + r] += factor * values[from + r];
                }
            }
            for (int r = 0; r < count; r++) {
                into[intoAt + r] *= scales[r];
            }
        }

        @Override
        void copy(FloatPointer to) {
            float[] some = new float[rows];
            for (int d = 0; d < width; d++) {
                int from = d * rows;
                for (int r = 0; r < rows; r++) {
                    some[r] = values[from + r] * scales[r];
                }
                to.position(from).put(some);
            }
        }
    }
}
