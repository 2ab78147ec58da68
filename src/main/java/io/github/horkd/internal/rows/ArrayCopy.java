package io.github.horkd.internal.rows;

import java.lang.ref.Reference;
import java.util.function.Consumer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies between ND4J's memory and Java arrays, in bulk. In Java the values lie in C order, for a matrix row after row, whatever the layout
 * of the array they came from: views, strides, {@code 'f'} order and offsets are allowed, and so is every data type.
 *
 * <p>ND4J's own {@code data().asFloat()} asks for one value at a time: 14 ms for 128 rows of 512, against 20 µs here.
 */
public final class ArrayCopy {

    /** So many values of another precision are converted at a time. */
    private static final int CHUNK = 1 << 12;

    private static final ThreadLocal<float[]> CONVERTED = ThreadLocal.withInitial(() -> new float[CHUNK]);

    private ArrayCopy() {}

    /** All values of an array as a new {@code float[]}; none for an empty array. */
    public static float[] floats(INDArray array) {
        float[] values = new float[length(array)];
        read(array, values);
        return values;
    }

    /** All values of an array as a new {@code double[]}; none for an empty array. */
    public static double[] doubles(INDArray array) {
        double[] values = new double[length(array)];
        read(array, values);
        return values;
    }

    /** Copies all values of an array to the beginning of {@code into}, which may be longer. */
    public static void read(INDArray array, float[] into) {
        int length = length(array);
        if (length > 0) {
            inRowOrder(array, DataType.FLOAT, plain -> floatsOf(plain).get(into, 0, length));
        }
    }

    /** The same in double precision; whole numbers stay what they are. */
    public static void read(INDArray array, double[] into) {
        int length = length(array);
        if (length == 0) {
            return;
        }
        if (array.dataType() == DataType.FLOAT) {
            inRowOrder(array, DataType.FLOAT, plain -> widen(floatsOf(plain), into, length));
        } else {
            inRowOrder(array, DataType.DOUBLE, plain -> doublesOf(plain).get(into, 0, length));
        }
    }

    /** The values of an array that is no view, as they lie in memory, in whatever order. */
    static void readMemory(INDArray whole, float[] into) {
        show(whole, plain -> floatsOf(plain).get(into, 0, length(plain)));
    }

    private static void widen(FloatPointer values, double[] into, int length) {
        float[] chunk = CONVERTED.get();
        long first = values.position();
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            values.position(first + from).get(chunk, 0, count);
            for (int i = 0; i < count; i++) {
                into[from + i] = chunk[i];
            }
        }
    }

    /** A new array [rows, columns] of floats, outside all workspaces, with the beginning of {@code values}. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    public static INDArray matrix(float[] values, int rows, int columns) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return write(values, uninitialised(rows, columns, DataType.FLOAT));
        }
    }

    /** A new array [rows, columns] of any floating type in the current workspace, if there is one, with the beginning of {@code values}. */
    public static INDArray result(double[] values, int rows, int columns, DataType type) {
        return write(values, uninitialised(rows, columns, type)).castTo(type);
    }

    /** A new array [rows, columns], DOUBLE if that is the type and otherwise FLOAT, in the current workspace, if there is one. To make it can take longer than to fill it: its memory is new. */
    public static INDArray uninitialised(int rows, int columns, DataType type) {
        DataType written = type == DataType.DOUBLE ? type : DataType.FLOAT;
        return rows == 0 || columns == 0
                ? Nd4j.create(written, rows, columns)
                : Nd4j.createUninitialized(written, new long[] {rows, columns}, 'c');
    }

    /** Fills an array of type FLOAT that is in C order and no view with the beginning of {@code values}; returns it. */
    public static INDArray write(float[] values, INDArray into) {
        int length = length(into);
        if (length > 0) {
            floatsOf(into).put(values, 0, length);
            written(into);
        }
        return into;
    }

    /** The same for an array of type FLOAT or DOUBLE, rounded to its precision. */
    public static INDArray write(double[] values, INDArray into) {
        int length = length(into);
        if (length == 0) {
            return into;
        }
        if (into.dataType() == DataType.DOUBLE) {
            doublesOf(into).put(values, 0, length);
        } else {
            narrow(values, floatsOf(into), length);
        }
        written(into);
        return into;
    }

    private static void narrow(double[] values, FloatPointer into, int length) {
        float[] chunk = CONVERTED.get();
        long first = into.position();
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            for (int i = 0; i < count; i++) {
                chunk[i] = (float) values[from + i];
            }
            into.position(first + from).put(chunk, 0, count);
        }
    }

    private static void written(INDArray array) {
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
        Reference.reachabilityFence(array);
    }

    private static int length(INDArray array) {
        return array.isEmpty() ? 0 : Math.toIntExact(array.length());
    }

    /** Shows an array's values in C order without gaps: the array itself if it is like that, otherwise a copy that is gone afterwards. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    private static void inRowOrder(INDArray array, DataType type, Consumer<INDArray> reader) {
        if (array.dataType() == type && isInRowOrder(array)) {
            show(array, reader);
            return;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray cast = array.castTo(type); // the array itself if it has this type
            INDArray plain = cast != array && isInRowOrder(cast) ? cast : cast.dup('c');
            show(plain, reader);
            plain.close();
            if (cast != array && cast != plain) {
                cast.close();
            }
        }
    }

    private static void show(INDArray plain, Consumer<INDArray> reader) {
        Nd4j.getAffinityManager().ensureLocation(plain, AffinityManager.Location.HOST);
        reader.accept(plain);
        Reference.reachabilityFence(plain); // the pointer does not keep its memory
    }

    private static boolean isInRowOrder(INDArray array) {
        long step = 1;
        for (int d = array.rank() - 1; d >= 0; d--) {
            if (array.size(d) != 1 && array.stride(d) != step) {
                return false;
            }
            step *= array.size(d);
        }
        return true;
    }

    /** At an array's first value, also when it is a view. */
    private static FloatPointer floatsOf(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }

    private static DoublePointer doublesOf(INDArray array) {
        return new DoublePointer(array.data().addressPointer());
    }
}
