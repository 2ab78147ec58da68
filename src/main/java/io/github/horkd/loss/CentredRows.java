package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of one side in their own precision: as they came, centred (which costs nothing and saves the digits that
 * cancellation would eat), and transposed; and the gradient that comes back to them. Work comes in ranges of rows or columns, which
 * several threads may do at once.
 */
abstract sealed class CentredRows {

    /** How many rows of a product are made together. */
    static final int TILE = 4;

    int rows = -1;
    int width;

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }

    /** Copies a batch in; false when it is the one held already. */
    abstract boolean read(INDArray batch);

    /** Copies the rows as they came. */
    abstract void copyRaw(double[] into);

    /** Makes room for the centred rows. */
    abstract void beginCentring();

    /** Centres a range of columns. */
    abstract void centre(int from, int to);

    abstract double squaredNorm(int i);

    abstract double squareOfDifference(int i, int j);

    /** ⟨x_i, x_j⟩ at i · rows + j for a range of rows i, j &lt; i. */
    abstract void products(int from, int to, double[] into);

    abstract void beginGradient();

    /** Sets rows i of the gradient, at most {@value #TILE}, to Σ_j factors_(i − from)j x_j. */
    abstract void combine(int from, int to, double[][] factors);

    /** Adds factor · (x_i − x_j) to row i of the gradient. */
    abstract void addDifference(int i, int j, double factor);

    /** Fills what {@link Rows#room} gave with the gradient. */
    abstract INDArray gradient(INDArray room, DataType type);

    /** Rows in double precision. */
    static final class Wide extends CentredRows {
        private double[] raw = {};
        private double[] next = {};
        private double[][] centred = {};
        private double[][] transposed = {};
        private double[] gradient = {};

        /** Takes on the rows of another. */
        void take(CentredRows other) {
            rows = other.rows;
            width = other.width;
            if (raw.length < rows * width) {
                raw = new double[rows * width];
            }
            other.copyRaw(raw);
        }

        @Override
        void copyRaw(double[] into) {
            System.arraycopy(raw, 0, into, 0, rows * width);
        }

        @Override
        boolean read(INDArray batch) {
            int count = (int) batch.size(0);
            int columns = (int) batch.size(1);
            if (next.length < count * columns) {
                next = new double[count * columns];
            }
            ArrayCopy.read(batch, next);
            if (count == rows && columns == width && Arrays.equals(next, 0, count * columns, raw, 0, count * columns)) {
                return false;
            }
            rows = count;
            width = columns;
            double[] last = raw;
            raw = next;
            next = last;
            return true;
        }

        @Override
        void beginCentring() {
            if (centred.length < rows || centred[0].length < width) {
                centred = new double[rows][width];
            }
            if (transposed.length < width || transposed[0].length < rows) {
                transposed = new double[width][rows];
            }
        }

        @Override
        void centre(int from, int to) {
            double[] middle = ThreadBuffers.of(Wide.class).doubles(0, width);
            Arrays.fill(middle, from, to, 0);
            for (int i = 0; i < rows; i++) {
                for (int d = from; d < to; d++) {
                    middle[d] += raw[i * width + d];
                }
            }
            for (int i = 0; i < rows; i++) {
                for (int d = from; d < to; d++) {
                    double value = raw[i * width + d] - middle[d] / rows;
                    centred[i][d] = value;
                    transposed[d][i] = value;
                }
            }
        }

        @Override
        double squaredNorm(int i) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                sum += centred[i][d] * centred[i][d];
            }
            return sum;
        }

        @Override
        double squareOfDifference(int i, int j) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                double difference = raw[i * width + d] - raw[j * width + d];
                sum += difference * difference;
            }
            return sum;
        }

        @Override
        void products(int from, int to, double[] into) {
            double[][] tile = ThreadBuffers.of(Wide.class).doubleRows(0, TILE, rows);
            for (int first = from; first < to; first += TILE) {
                int end = Math.min(first + TILE, to);
                JavaProducts.products(centred, first, end, transposed, width, end, tile);
                for (int i = first; i < end; i++) {
                    System.arraycopy(tile[i - first], 0, into, i * rows, i);
                }
            }
        }

        @Override
        void beginGradient() {
            if (gradient.length < rows * width) {
                gradient = new double[rows * width];
            }
        }

        @Override
        void combine(int from, int to, double[][] factors) {
            double[][] tile = ThreadBuffers.of(Wide.class).doubleRows(1, TILE, width);
            JavaProducts.products(factors, 0, to - from, centred, rows, width, tile);
            for (int i = from; i < to; i++) {
                System.arraycopy(tile[i - from], 0, gradient, i * width, width);
            }
        }

        @Override
        void addDifference(int i, int j, double factor) {
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += factor * (raw[i * width + d] - raw[j * width + d]);
            }
        }

        @Override
        INDArray gradient(INDArray room, DataType type) {
            return ArrayCopy.write(gradient, room).castTo(type);
        }
    }

    /** Rows in single precision. */
    static final class Narrow extends CentredRows {
        private float[] raw = {};
        private float[] next = {};
        private float[][] centred = {};
        private float[][] transposed = {};
        private float[] gradient = {};

        @Override
        void copyRaw(double[] into) {
            for (int d = 0; d < rows * width; d++) {
                into[d] = raw[d];
            }
        }

        @Override
        boolean read(INDArray batch) {
            int count = (int) batch.size(0);
            int columns = (int) batch.size(1);
            if (next.length < count * columns) {
                next = new float[count * columns];
            }
            ArrayCopy.read(batch, next);
            if (count == rows && columns == width && Arrays.equals(next, 0, count * columns, raw, 0, count * columns)) {
                return false;
            }
            rows = count;
            width = columns;
            float[] last = raw;
            raw = next;
            next = last;
            return true;
        }

        @Override
        void beginCentring() {
            if (centred.length < rows || centred[0].length < width) {
                centred = new float[rows][width];
            }
            if (transposed.length < width || transposed[0].length < rows) {
                transposed = new float[width][rows];
            }
        }

        @Override
        void centre(int from, int to) {
            double[] middle = ThreadBuffers.of(Narrow.class).doubles(0, width);
            Arrays.fill(middle, from, to, 0);
            for (int i = 0; i < rows; i++) {
                for (int d = from; d < to; d++) {
                    middle[d] += raw[i * width + d];
                }
            }
            for (int d = from; d < to; d++) {
                middle[d] /= rows;
            }
            for (int i = 0; i < rows; i++) {
                for (int d = from; d < to; d++) {
                    centred[i][d] = (float) (raw[i * width + d] - middle[d]);
                }
            }
            for (int d = from; d < to; d++) {
                float[] column = transposed[d];
                for (int i = 0; i < rows; i++) {
                    column[i] = centred[i][d];
                }
            }
        }

        @Override
        double squaredNorm(int i) {
            float[] x = centred[i];
            double a = 0; // two sums side by side: one would wait for every single addition
            double b = 0;
            int d = 0;
            for (; d + 1 < width; d += 2) {
                a += (double) x[d] * x[d];
                b += (double) x[d + 1] * x[d + 1];
            }
            return d < width ? a + b + (double) x[d] * x[d] : a + b;
        }

        @Override
        double squareOfDifference(int i, int j) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                double difference = (double) raw[i * width + d] - raw[j * width + d];
                sum += difference * difference;
            }
            return sum;
        }

        @Override
        void products(int from, int to, double[] into) {
            float[][] tile = ThreadBuffers.of(Narrow.class).floatRows(0, TILE, rows);
            for (int first = from; first < to; first += TILE) {
                int end = Math.min(first + TILE, to);
                JavaProducts.products(centred, first, end, transposed, width, end, tile);
                for (int i = first; i < end; i++) {
                    float[] row = tile[i - first];
                    for (int j = 0; j < i; j++) {
                        into[i * rows + j] = row[j];
                    }
                }
            }
        }

        @Override
        void beginGradient() {
            if (gradient.length < rows * width) {
                gradient = new float[rows * width];
            }
        }

        @Override
        void combine(int from, int to, double[][] factors) {
            float[][] narrow = ThreadBuffers.of(Narrow.class).floatRows(1, TILE, rows);
            for (int i = 0; i < to - from; i++) {
                for (int j = 0; j < rows; j++) {
                    narrow[i][j] = (float) factors[i][j];
                }
            }
            float[][] tile = ThreadBuffers.of(Narrow.class).floatRows(2, TILE, width);
            JavaProducts.products(narrow, 0, to - from, centred, rows, width, tile);
            for (int i = from; i < to; i++) {
                System.arraycopy(tile[i - from], 0, gradient, i * width, width);
            }
        }

        @Override
        void addDifference(int i, int j, double factor) {
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += (float) (factor * ((double) raw[i * width + d] - raw[j * width + d]));
            }
        }

        @Override
        INDArray gradient(INDArray room, DataType type) {
            return ArrayCopy.write(gradient, room).castTo(type);
        }
    }
}
