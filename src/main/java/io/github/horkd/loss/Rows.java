package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The way between ND4J's memory and Java arrays, by one bulk copy each way. In Java a matrix lies row after row, whatever
 * the layout of the array it came from.
 */
final class Rows {

    private Rows() {
    }

    static void read(INDArray array, double[] into) {
        int length = Math.toIntExact(array.length());
        if (array.dataType() == DataType.DOUBLE) {
            inRowOrder(array).data().asNioDouble().get(into, 0, length);
        } else {
            float[] narrow = Scratch.of(Rows.class).floats(0, length);
            read(array, narrow);
            for (int i = 0; i < length; i++) {
                into[i] = narrow[i];
            }
        }
    }

    static void read(INDArray array, float[] into) {
        INDArray floats = array.dataType() == DataType.FLOAT ? array : array.castTo(DataType.FLOAT);
        inRowOrder(floats).data().asNioFloat().get(into, 0, Math.toIntExact(array.length()));
    }

    static INDArray write(double[] values, int rows, int columns, DataType type) {
        if (type == DataType.DOUBLE) {
            INDArray array = Nd4j.createUninitialized(DataType.DOUBLE, new long[] {rows, columns}, 'c');
            array.data().asNioDouble().put(values, 0, rows * columns);
            Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
            return array;
        }
        float[] narrow = Scratch.of(Rows.class).floats(0, rows * columns);
        for (int i = 0; i < rows * columns; i++) {
            narrow[i] = (float) values[i];
        }
        return write(narrow, rows, columns, type);
    }

    static INDArray write(float[] values, int rows, int columns, DataType type) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns}, 'c');
        array.data().asNioFloat().put(values, 0, rows * columns);
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
        return type == DataType.FLOAT ? array : array.castTo(type);
    }

    private static INDArray inRowOrder(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, AffinityManager.Location.HOST);
        boolean plain = array.size(0) == 1 || array.stride(0) == array.size(1);
        return plain && (array.size(1) == 1 || array.stride(1) == 1) ? array : array.dup('c');
    }
}
