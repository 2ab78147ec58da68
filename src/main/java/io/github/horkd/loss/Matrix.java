package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.util.Arrays;

/**
 * The rows of one side in their own precision: as they came, centred (which costs nothing and saves the digits that
 * cancellation would eat), and transposed; and the gradient that comes back to them.
 */
abstract sealed class Matrix {

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

    abstract void centre();

    abstract double squaredNorm(int i);

    abstract double squareOfDifference(int i, int j);

    /** ⟨x_i, x_j⟩ for j &lt; count. */
    abstract void products(int i, int count, double[] into, int at);

    abstract void beginGradient();

    /** Sets row i of the gradient to Σ_j factors_j x_j. */
    abstract void combine(int i, double[] factors);

    /** Adds factor · (x_i − x_j) to row i of the gradient. */
    abstract void addDifference(int i, int j, double factor);

    abstract INDArray gradient(DataType type);

    /** Rows in double precision. */
    static final class Wide extends Matrix {
        private double[] raw = {};
        private double[][] centred = {};
        private double[][] transposed = {};
        private double[] gradient = {};

        @Override
        boolean read(INDArray batch) {
            int count = (int) batch.size(0);
            int columns = (int) batch.size(1);
            double[] now = Scratch.of(Wide.class).doubles(0, count * columns);
            Rows.read(batch, now);
            if (count == rows && columns == width && Arrays.equals(now, 0, count * columns, raw, 0, count * columns)) {
                return false;
            }
            rows = count;
            width = columns;
            if (raw.length < rows * width) {
                raw = new double[rows * width];
            }
            System.arraycopy(now, 0, raw, 0, rows * width);
            return true;
        }

        @Override
        void centre() {
            if (centred.length < rows || centred[0].length < width) {
                centred = new double[rows][width];
            }
            if (transposed.length < width || transposed[0].length < rows) {
                transposed = new double[width][rows];
            }
            double[] middle = Scratch.of(Wide.class).doubles(1, width);
            Arrays.fill(middle, 0, width, 0);
            for (int i = 0; i < rows; i++) {
                for (int d = 0; d < width; d++) {
                    middle[d] += raw[i * width + d];
                }
            }
            for (int i = 0; i < rows; i++) {
                for (int d = 0; d < width; d++) {
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
        void products(int i, int count, double[] into, int at) {
            double[] row = Scratch.of(Wide.class).doubles(2, rows);
            Gram.products(centred[i], transposed, width, count, row);
            System.arraycopy(row, 0, into, at, count);
        }

        @Override
        void beginGradient() {
            if (gradient.length < rows * width) {
                gradient = new double[rows * width];
            }
        }

        @Override
        void combine(int i, double[] factors) {
            double[] row = Scratch.of(Wide.class).doubles(3, width);
            Gram.products(factors, centred, rows, width, row);
            System.arraycopy(row, 0, gradient, i * width, width);
        }

        @Override
        void addDifference(int i, int j, double factor) {
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += factor * (raw[i * width + d] - raw[j * width + d]);
            }
        }

        @Override
        INDArray gradient(DataType type) {
            return Rows.write(gradient, rows, width, type);
        }
    }

    /** Rows in single precision. */
    static final class Narrow extends Matrix {
        private float[] raw = {};
        private float[][] centred = {};
        private float[][] transposed = {};
        private float[] gradient = {};

        @Override
        boolean read(INDArray batch) {
            int count = (int) batch.size(0);
            int columns = (int) batch.size(1);
            float[] now = Scratch.of(Narrow.class).floats(0, count * columns);
            Rows.read(batch, now);
            if (count == rows && columns == width && Arrays.equals(now, 0, count * columns, raw, 0, count * columns)) {
                return false;
            }
            rows = count;
            width = columns;
            if (raw.length < rows * width) {
                raw = new float[rows * width];
            }
            System.arraycopy(now, 0, raw, 0, rows * width);
            return true;
        }

        @Override
        void centre() {
            if (centred.length < rows || centred[0].length < width) {
                centred = new float[rows][width];
            }
            if (transposed.length < width || transposed[0].length < rows) {
                transposed = new float[width][rows];
            }
            double[] middle = Scratch.of(Narrow.class).doubles(0, width);
            Arrays.fill(middle, 0, width, 0);
            for (int i = 0; i < rows; i++) {
                for (int d = 0; d < width; d++) {
                    middle[d] += raw[i * width + d];
                }
            }
            for (int d = 0; d < width; d++) {
                middle[d] /= rows;
            }
            for (int i = 0; i < rows; i++) {
                for (int d = 0; d < width; d++) {
                    centred[i][d] = (float) (raw[i * width + d] - middle[d]);
                }
            }
            for (int d = 0; d < width; d++) {
                float[] column = transposed[d];
                for (int i = 0; i < rows; i++) {
                    column[i] = centred[i][d];
                }
            }
        }

        @Override
        double squaredNorm(int i) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                sum += (double) centred[i][d] * centred[i][d];
            }
            return sum;
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
        void products(int i, int count, double[] into, int at) {
            float[] row = Scratch.of(Narrow.class).floats(1, rows);
            Gram.products(centred[i], transposed, width, count, row);
            for (int j = 0; j < count; j++) {
                into[at + j] = row[j];
            }
        }

        @Override
        void beginGradient() {
            if (gradient.length < rows * width) {
                gradient = new float[rows * width];
            }
        }

        @Override
        void combine(int i, double[] factors) {
            float[] narrow = Scratch.of(Narrow.class).floats(2, rows);
            for (int j = 0; j < rows; j++) {
                narrow[j] = (float) factors[j];
            }
            float[] row = Scratch.of(Narrow.class).floats(3, width);
            Gram.products(narrow, centred, rows, width, row);
            System.arraycopy(row, 0, gradient, i * width, width);
        }

        @Override
        void addDifference(int i, int j, double factor) {
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += (float) (factor * ((double) raw[i * width + d] - raw[j * width + d]));
            }
        }

        @Override
        INDArray gradient(DataType type) {
            return Rows.write(gradient, rows, width, type);
        }
    }
}
