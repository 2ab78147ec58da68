package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One side's rows, as they are or brought to length 1, and their inner products, in double. For losses that look at
 * similarities rather than distances.
 */
final class Similarities {

    private double[][] x = {};
    private double[][] transposed = {};
    private double[][] products = {};
    private double[][] slopes = {};
    private double[] lengths = {};
    private boolean unit;
    private int rows;
    private int width;

    /** Takes on a batch; a row of zeros stays one. */
    void hold(INDArray batch, boolean toUnitLength) {
        unit = toUnitLength;
        rows = (int) batch.size(0);
        width = (int) batch.size(1);
        if (products.length < rows) {
            products = new double[rows][rows];
            slopes = new double[rows][rows];
            lengths = new double[rows];
        }
        if (x.length < rows || x[0].length < width) {
            x = new double[rows][width];
        }
        if (transposed.length < width || transposed[0].length < rows) {
            transposed = new double[width][rows];
        }
        double[] values = ThreadBuffers.of(Similarities.class).doubles(0, rows * width);
        ArrayCopy.read(batch, values);
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int d = 0; d < width; d++) {
                sum += values[i * width + d] * values[i * width + d];
            }
            lengths[i] = Math.sqrt(sum);
            double scale = unit && sum != 0 ? lengths[i] : 1;
            for (int d = 0; d < width; d++) {
                double value = values[i * width + d] / scale;
                x[i][d] = value;
                transposed[d][i] = value;
            }
        }
        JavaProducts.products(x, 0, rows, transposed, width, rows, products);
    }

    int rows() {
        return rows;
    }

    /** ⟨x_i, x_j⟩. */
    double[][] products() {
        return products;
    }

    /** Room for ∂L/∂⟨x_i, x_j⟩, each entry for itself. */
    double[][] slopes() {
        return slopes;
    }

    /** ∂L/∂batch from {@link #slopes()}, which are used up. */
    INDArray pull(DataType type) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j <= i; j++) {
                double both = slopes[i][j] + slopes[j][i];
                slopes[i][j] = both;
                slopes[j][i] = both;
            }
        }
        double[] gradient = ThreadBuffers.of(Similarities.class).doubles(0, rows * width);
        double[][] pulls = ThreadBuffers.of(Similarities.class).doubleRows(0, rows, width);
        JavaProducts.products(slopes, 0, rows, x, rows, width, pulls);
        double least = ShortRows.leastLength(lengths, rows);
        for (int i = 0; i < rows; i++) {
            double[] row = pulls[i];
            double along = 0;
            for (int d = 0; d < width && unit; d++) {
                along += row[d] * x[i][d];
            }
            double scale = !unit ? 1 : lengths[i] == 0 ? 0 : 1 / Math.max(lengths[i], least);
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] = scale * (row[d] - along * x[i][d]);
            }
        }
        return ArrayCopy.result(gradient, rows, width, type);
    }
}
