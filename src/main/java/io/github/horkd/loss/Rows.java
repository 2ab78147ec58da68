package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import java.lang.ref.Reference;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The way between ND4J's memory and Java arrays, by one bulk copy each way. In Java a matrix lies row after row, whatever
 * the layout of the array it came from.
 */
final class Rows {

    /** From this length on a copy takes longer than to share it out. */
    private static final int WORTH_SHARING = 1 << 15;

    /** A stretch of a copy. */
    private interface Stretch {
        void copy(int from, int count);
    }

    private Rows() {}

    static void read(INDArray array, double[] into) {
        int length = Math.toIntExact(array.length());
        if (array.dataType() == DataType.DOUBLE) {
            INDArray source = inRowOrder(array);
            DoubleBuffer values = doubles(source);
            inStretches(source, (from, count) -> values.get(from, into, from, count));
        } else {
            float[] narrow = Scratch.of(Rows.class).floats(0, length);
            read(array, narrow);
            for (int i = 0; i < length; i++) {
                into[i] = narrow[i];
            }
        }
    }

    static void read(INDArray array, float[] into) {
        INDArray source = inRowOrder(array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT));
        FloatBuffer values = floats(source);
        inStretches(source, (from, count) -> values.get(from, into, from, count));
    }

    static INDArray write(double[] values, int rows, int columns, DataType type) {
        return write(values, room(rows, columns, type), type);
    }

    /** An array to write results of this type to. That takes longer than the writing: all its memory is new. */
    static INDArray room(int rows, int columns, DataType type) {
        return Nd4j.createUninitialized(
                type == DataType.DOUBLE ? type : DataType.FLOAT, new long[] {rows, columns}, 'c');
    }

    /** Fills what {@link #room} gave. */
    static INDArray write(double[] values, INDArray room, DataType type) {
        if (type != DataType.DOUBLE) {
            int length = Math.toIntExact(room.length());
            float[] narrow = Scratch.of(Rows.class).floats(0, length);
            for (int i = 0; i < length; i++) {
                narrow[i] = (float) values[i];
            }
            return write(narrow, room, type);
        }
        DoubleBuffer into = doubles(room);
        inStretches(room, (from, count) -> into.put(from, values, from, count));
        Nd4j.getAffinityManager().tagLocation(room, AffinityManager.Location.HOST);
        return room;
    }

    /** Fills what {@link #room} gave, for a type other than double. */
    static INDArray write(float[] values, INDArray room, DataType type) {
        FloatBuffer into = floats(room);
        inStretches(room, (from, count) -> into.put(from, values, from, count));
        Nd4j.getAffinityManager().tagLocation(room, AffinityManager.Location.HOST);
        return type == DataType.FLOAT ? room : room.castTo(type);
    }

    // Of a view, ND4J gives the whole memory with the position at the view's first value; places in a slice count from
    // there.

    private static DoubleBuffer doubles(INDArray array) {
        return array.data().asNioDouble().slice();
    }

    private static FloatBuffer floats(INDArray array) {
        return array.data().asNioFloat().slice();
    }

    /** Copies all of an array's memory. */
    private static void inStretches(INDArray array, Stretch stretch) {
        int length = Math.toIntExact(array.length());
        int parts = length < WORTH_SHARING ? 1 : LargeBatch.parts((int) array.size(0));
        int each = (length + parts - 1) / parts;
        ForkJoin.share(parts, part -> stretch.copy(part * each, Math.min(each, length - part * each)));
        Reference.reachabilityFence(array); // the buffer does not keep its memory
    }

    private static INDArray inRowOrder(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        boolean plain = array.size(0) == 1 || array.stride(0) == array.size(1);
        return plain && (array.size(1) == 1 || array.stride(1) == 1) ? array : array.dup('c');
    }
}
