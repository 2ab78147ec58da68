package io.github.horkd.model;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The parameters of a graph as ND4J writes them, read without ND4J: its own reader takes lengths, shapes and strides as a file states them.
 * <pre>
 *   allocation mode   text
 *   length            8 bytes: 2·rank + 4
 *   type              text, LONG
 *   rank, shape, strides, flags, stride of elements, order     8 bytes each
 *   allocation mode   text
 *   length            8 bytes: the number of parameters
 *   type              text, FLOAT or DOUBLE
 *   values            big-endian
 * </pre>
 */
final class Coefficients {

    private static final int BLOCK = 1 << 16;

    private Coefficients() {}

    static void write(INDArray params, OutputStream to) throws IOException {
        DataOutputStream out = new DataOutputStream(to);
        Nd4j.write(params, out);
        out.flush();
    }

    /** Reads [1, count], all of them finite, and no byte more. */
    static INDArray read(InputStream from, long count, DataType type) throws IOException {
        try {
            return read(new DataInputStream(new BufferedInputStream(from, BLOCK)), count, type);
        } catch (EOFException e) {
            throw new IOException("its parameters end early", e);
        }
    }

    private static INDArray read(DataInputStream in, long count, DataType type) throws IOException {
        in.readUTF();
        long described = in.readLong();
        want(in.readUTF().equals(DataType.INT64.name()), "a shape of whole numbers");
        long rank = in.readLong();
        want((rank == 1 || rank == 2) && described == 2 * rank + 4, "a row of parameters");
        long[] shape = {1, 1};
        for (int axis = 0; axis < rank; axis++) {
            shape[axis] = in.readLong();
        }
        want(Math.min(shape[0], shape[1]) == 1 && Math.max(shape[0], shape[1]) == count, "a row of " + count);
        for (int axis = 0; axis < rank; axis++) {
            long stride = in.readLong();
            want(shape[axis] == 1 || stride == 1, "parameters side by side, stride 1");
        }
        for (int i = 0; i < 3; i++) {
            in.readLong(); // Flags, stride of elements, order: a row has but one.
        }
        in.readUTF();
        want(in.readLong() == count, count + " values");
        want(in.readUTF().equals(type.name()), "values of type " + type);
        INDArray params = type == DataType.DOUBLE ? doubles(in, count) : floats(in, count);
        want(in.read() < 0, "nothing behind the last parameter");
        return params;
    }

    private static INDArray floats(DataInputStream in, long count) throws IOException {
        float[] values = new float[Math.toIntExact(count)];
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (int at = 0; at < values.length; ) {
            int now = Math.min(BLOCK / Float.BYTES, values.length - at);
            in.readFully(block.array(), 0, now * Float.BYTES);
            block.asFloatBuffer().get(values, at, now);
            for (int i = at; i < at + now; i++) {
                want(Float.isFinite(values[i]), "finite parameters, got " + values[i]);
            }
            at += now;
        }
        return Nd4j.create(values, new long[] {1, count}, 'c');
    }

    private static INDArray doubles(DataInputStream in, long count) throws IOException {
        double[] values = new double[Math.toIntExact(count)];
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        for (int at = 0; at < values.length; ) {
            int now = Math.min(BLOCK / Double.BYTES, values.length - at);
            in.readFully(block.array(), 0, now * Double.BYTES);
            block.asDoubleBuffer().get(values, at, now);
            for (int i = at; i < at + now; i++) {
                want(Double.isFinite(values[i]), "finite parameters, got " + values[i]);
            }
            at += now;
        }
        return Nd4j.create(values, new long[] {1, count}, 'c');
    }

    private static void want(boolean fits, String wanted) throws IOException {
        if (!fits) {
            throw new IOException("coefficients.bin: wanted " + wanted);
        }
    }
}
