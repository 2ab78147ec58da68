package io.github.horkd.loss;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Rows as they are kept in a checkpoint: how many values, then the values. */
final class RowState {

    /** More values than any loss keeps; what is read is bounded by the file as well. */
    private static final int MOST = 1 << 28;
    /** Values that are made room for on the word of a file alone. */
    private static final int AT_ONCE = 1 << 16;

    private RowState() {}

    static void write(DataOutput out, float[] values, int count) throws IOException {
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            out.writeFloat(values[i]);
        }
    }

    static void write(DataOutput out, double[] values, int count) throws IOException {
        out.writeInt(count);
        for (int i = 0; i < count; i++) {
            out.writeDouble(values[i]);
        }
    }

    static int count(DataInput in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("it states " + count + " values");
        }
        return count;
    }

    private static void finite(double value) throws IOException {
        if (!Double.isFinite(value)) {
            throw new IOException("it states a value of " + value);
        }
    }

    static float[] floats(DataInput in) throws IOException {
        int count = count(in);
        float[] values = new float[Math.min(count, AT_ONCE)];
        for (int i = 0; i < count; i++) {
            if (i == values.length) {
                values = java.util.Arrays.copyOf(values, (int) Math.min(count, 2L * i));
            }
            values[i] = in.readFloat();
            finite(values[i]);
        }
        return values;
    }

    static double[] doubles(DataInput in) throws IOException {
        int count = count(in);
        double[] values = new double[Math.min(count, AT_ONCE)];
        for (int i = 0; i < count; i++) {
            if (i == values.length) {
                values = java.util.Arrays.copyOf(values, (int) Math.min(count, 2L * i));
            }
            values[i] = in.readDouble();
            finite(values[i]);
        }
        return values;
    }
}
