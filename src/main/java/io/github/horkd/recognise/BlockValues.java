package io.github.horkd.recognise;

import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * The values of a block of templates, dimension after dimension: one array of floats for each. So a probe is compared with a whole block by loops along memory. Each
 * loop takes four arrays from their beginnings, which the compiler makes vectors of: from places within one array it does not, nor of eight arrays, and both take two
 * to three times as long. A row is written once, before anybody reads it; others that share whole numbers with it are written before or after, never meanwhile.
 */
abstract class BlockValues {

    /** So many dimensions at a time are decoded, to stay in a near cache. */
    static final int TOGETHER = 16;

    private static final int LONG = 1024;

    final int width;
    /** A multiple of four. */
    final int rows;

    BlockValues(int width, int rows) {
        this.width = width;
        this.rows = rows;
    }

    /** Keeps a row as exactly as this kind can. */
    abstract void write(int row, float[] from, int at);

    /** The row as it is kept. */
    abstract void read(int row, float[] to, int at);

    /**
     * What probes are multiplied by before they are compared with {@link #dimension}, a power of two: nothing is rounded by it. What {@link #read} gives is for
     * probes as they are.
     */
    float probeFactor() {
        return 1;
    }

    /** One dimension of the first {@code count} rows; where it is not kept so, decoded into the calling thread's {@link DecodingMemory}. */
    abstract float[] dimension(int d, int count);

    /**
     * Whether all rows of a block are best decoded at once. Loops over fewer would do it more slowly, and the compiler, which has seen how short they are, makes no
     * vectors of them for long ones either.
     */
    boolean mostlyTaken(int count) {
        return rows >= LONG && count > rows / 2;
    }

    /**
     * Copies one dimension of all rows of a whole block to native memory.
     *
     * @param floats that memory
     * @param bits   the same memory
     */
    void copy(int d, FloatBuffer floats, IntBuffer bits, int at) {
        floats.put(at, dimension(d, rows), 0, rows);
    }

    /**
     * The inner products of some probes with the first {@code count} rows.
     *
     * @param into an array for each probe
     */
    void products(float[][] probes, int count, float[][] into) {
        for (int p = 0; p < probes.length; p++) {
            Arrays.fill(into[p], 0, count, 0);
        }
        float[][] some = new float[TOGETHER][];
        for (int first = 0; first < width; first += TOGETHER) {
            int end = Math.min(first + TOGETHER, width);
            for (int d = first; d < end; d++) {
                some[d - first] = dimension(d, count);
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
}
