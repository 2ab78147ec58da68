package io.github.horkd.recognise;

import io.github.horkd.internal.rows.Float16;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * Values rounded to binary16, in 16 bits of another kind that whole arrays are decoded from by shifting: sign, exponent and fraction of the float, the exponent
 * lower by {@value #LOWER}. Binary16's subnormal numbers are ordinary ones here; there is room for their exponents because no value of a unit row is above 1.
 */
final class HalfValues extends BlockValues {

    /** 2⁻²⁴, the smallest value of binary16, gets the exponent 1, and 0 stays 0. */
    private static final int LOWER = 102;

    private static final float FACTOR = 0x1p102f;
    private static final int FRACTION = 10;
    /** Bits of a float's fraction that are not kept, and that are 0. */
    private static final int LESS = 23 - FRACTION;

    private static final int SIGN = 0x8000;
    /** Where sign, exponent and fraction stand after a shift to the right by three places. */
    private static final int PLACES = 0x8fffe000;

    /** For each dimension: row i in the lower half of number i, row i + rows / 2 in the upper. */
    private final int[][] pairs;

    HalfValues(int width, int rows) {
        super(width, rows);
        this.pairs = new int[width][rows / 2];
    }

    @Override
    void write(int row, float[] from, int at) {
        int place = row % (rows / 2);
        int shift = row < rows / 2 ? 0 : Short.SIZE;
        for (int d = 0; d < width; d++) {
            pairs[d][place] = pairs[d][place] & ~(0xffff << shift) | code(from[at + d]) << shift;
        }
    }

    private static int code(float value) {
        int bits = Float.floatToRawIntBits(Float16.toFloat(Float16.of(value)));
        int magnitude = bits & Integer.MAX_VALUE;
        return bits >>> Short.SIZE & SIGN | (magnitude == 0 ? 0 : (magnitude >>> LESS) - (LOWER << FRACTION));
    }

    @Override
    void read(int row, float[] to, int at) {
        int place = row % (rows / 2);
        int shift = row < rows / 2 ? Short.SIZE : 0;
        for (int d = 0; d < width; d++) {
            to[at + d] = Float.intBitsToFloat(pairs[d][place] << shift >> 3 & PLACES) * FACTOR;
        }
    }

    @Override
    float probeFactor() {
        return FACTOR;
    }

    @Override
    float[] dimension(int d, int count) {
        DecodingMemory memory = DecodingMemory.here();
        if (!mostlyTaken(count)) {
            float[] into = memory.dimension(d);
            int lower = Math.min(count, rows / 2);
            decode(pairs[d], Short.SIZE, lower, into, 0);
            decode(pairs[d], 0, count - lower, into, lower);
            return into;
        }
        decode(pairs[d], memory.wholes[0], memory.wholes[1]);
        memory.bits.put(0, memory.wholes[0], 0, rows / 2);
        memory.bits.put(rows / 2, memory.wholes[1], 0, rows / 2);
        return memory.floats(d, rows);
    }

    private static void decode(int[] pairs, int shift, int count, float[] into, int at) {
        for (int i = 0; i < count; i++) {
            into[at + i] = Float.intBitsToFloat(pairs[i] << shift >> 3 & PLACES);
        }
    }

    @Override
    void copy(int d, FloatBuffer floats, IntBuffer bits, int at) {
        DecodingMemory memory = DecodingMemory.here();
        decode(pairs[d], memory.wholes[0], memory.wholes[1]);
        bits.put(at, memory.wholes[0], 0, rows / 2);
        bits.put(at + rows / 2, memory.wholes[1], 0, rows / 2);
    }

    private static void decode(int[] pairs, int[] lower, int[] upper) {
        for (int i = 0; i < pairs.length; i++) {
            lower[i] = pairs[i] << Short.SIZE >> 3 & PLACES;
        }
        for (int i = 0; i < pairs.length; i++) {
            upper[i] = pairs[i] >> 3 & PLACES;
        }
    }
}
