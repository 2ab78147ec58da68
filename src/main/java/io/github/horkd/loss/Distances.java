package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

import java.util.Arrays;

/**
 * One side of a batch: its rows, centred, and what lies between them, B×B squared distances and distances. Relations of every
 * order are functions of these alone, so their gradient is too: with C = ∂L/∂d² (symmetric), ∂L/∂x_i = 2 Σ_j C_ij (x_i − x_j).
 *
 * <p>Squared distances come from the Gram matrix, d²_ij = G_ii + G_jj − 2 G_ij, in O(B²D) time and O(B²) memory. Where that
 * difference would lose more than two digits, rows are close, and the pair is taken from the rows themselves.
 */
final class Distances {

    /** A squared distance below this share of G_ii + G_jj is computed, and its gradient applied, from the difference of the rows. */
    private static final double CLOSE = 1e-2;

    private double[] raw = {};
    private double[] centred = {};
    private double[] squares = {};
    private double[] lengths = {};
    private int[] close = {};
    private int closeCount;
    private int rows = -1;
    private int width;
    private double mean;
    private int distinct;

    /** Takes on a batch; does nothing when it holds the very same numbers already. */
    void hold(INDArray batch) {
        int count = (int) batch.size(0);
        int columns = (int) batch.size(1);
        double[] values = Scratch.of(Distances.class).doubles(0, count * columns);
        Rows.read(batch, values);
        if (count == rows && columns == width && Arrays.equals(values, 0, count * columns, raw, 0, count * columns)) {
            return;
        }
        rows = count;
        width = columns;
        raw = atLeast(raw, rows * width);
        centred = atLeast(centred, rows * width);
        squares = atLeast(squares, rows * rows);
        lengths = atLeast(lengths, rows * rows);
        System.arraycopy(values, 0, raw, 0, rows * width);
        centre();
        measure();
    }

    int rows() {
        return rows;
    }

    int width() {
        return width;
    }

    /** d²_ij at i·rows + j. */
    double[] squares() {
        return squares;
    }

    /** d_ij at i·rows + j. */
    double[] lengths() {
        return lengths;
    }

    /** The mean of the distances above 0; 0 when there are none. */
    double mean() {
        return mean;
    }

    /** How many unordered pairs are apart. */
    int distinct() {
        return distinct;
    }

    private static double[] atLeast(double[] array, int length) {
        return array.length < length ? new double[length] : array;
    }

    private void centre() {
        double[] middle = Scratch.of(Distances.class).doubles(1, width);
        Arrays.fill(middle, 0, width, 0);
        for (int i = 0; i < rows; i++) {
            for (int d = 0; d < width; d++) {
                middle[d] += raw[i * width + d];
            }
        }
        for (int i = 0; i < rows; i++) {
            for (int d = 0; d < width; d++) {
                centred[i * width + d] = raw[i * width + d] - middle[d] / rows;
            }
        }
    }

    private void measure() {
        closeCount = 0;
        distinct = 0;
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            squares[i * rows + i] = dot(i, i);
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < i; j++) {
                double both = squares[i * rows + i] + squares[j * rows + j];
                double square = both - 2 * dot(i, j);
                if (square < CLOSE * both) {
                    square = squareOfDifference(i, j);
                    noteClose(i * rows + j);
                }
                double length = Math.sqrt(square);
                squares[i * rows + j] = square;
                squares[j * rows + i] = square;
                lengths[i * rows + j] = length;
                lengths[j * rows + i] = length;
                sum += length;
                distinct += length > 0 ? 1 : 0;
            }
        }
        for (int i = 0; i < rows; i++) {
            squares[i * rows + i] = 0;
            lengths[i * rows + i] = 0;
        }
        mean = sum == 0 ? 0 : sum / distinct;   // NaN stays NaN
    }

    private double dot(int i, int j) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += centred[i * width + d] * centred[j * width + d];
        }
        return sum;
    }

    private double squareOfDifference(int i, int j) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            double difference = raw[i * width + d] - raw[j * width + d];
            sum += difference * difference;
        }
        return sum;
    }

    private void noteClose(int pair) {
        if (closeCount == close.length) {
            close = Arrays.copyOf(close, Math.max(16, 2 * closeCount));
        }
        close[closeCount++] = pair;
    }

    /** ∂L/∂rows from ∂L/∂d²; only the half j &lt; i of {@code slopes} is read, and it is used up. */
    void pull(double[] slopes, double[] gradient) {
        Arrays.fill(gradient, 0, rows * width, 0);
        for (int c = 0; c < closeCount; c++) {
            int i = close[c] / rows;
            int j = close[c] % rows;
            for (int d = 0; d < width; d++) {
                double pull = 2 * slopes[close[c]] * (raw[i * width + d] - raw[j * width + d]);
                gradient[i * width + d] += pull;
                gradient[j * width + d] -= pull;
            }
            slopes[close[c]] = 0;
        }
        for (int i = 0; i < rows; i++) {
            slopes[i * rows + i] = 0;
            for (int j = 0; j < i; j++) {
                slopes[j * rows + i] = slopes[i * rows + j];
            }
        }
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < rows; j++) {
                double slope = -2 * slopes[i * rows + j];
                sum -= slope;
                for (int d = 0; d < width; d++) {
                    gradient[i * width + d] += slope * centred[j * width + d];
                }
            }
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += sum * centred[i * width + d];
            }
        }
    }
}
