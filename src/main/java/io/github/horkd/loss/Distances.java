package io.github.horkd.loss;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.util.Arrays;

/**
 * One side of a batch: its rows, centred, and what lies between them, B×B squared distances and distances. Relations of every
 * order are functions of these alone, so their gradient is too: with C = ∂L/∂d² (symmetric), ∂L/∂x_i = 2 Σ_j C_ij (x_i − x_j).
 *
 * <p>Squared distances come from the Gram matrix, d²_ij = G_ii + G_jj − 2 G_ij, in O(B²D) time and O(B²) memory; products are
 * in the precision of the rows, all that follows from them in double. Where the difference would lose more than two digits,
 * rows are close, and the pair is taken from the rows themselves, in the value as in the gradient.
 */
final class Distances {

    /** A squared distance below this share of G_ii + G_jj belongs to rows that are close. */
    private static final double CLOSE = 1e-2;

    private final Matrix wide = new Matrix.Wide();
    private final Matrix narrow = new Matrix.Narrow();
    private Matrix x = wide;
    private double[] squares = {};
    private double[] lengths = {};
    private double[] norms = {};
    private double[] sums = {};
    private int[] distincts = {};
    private int rows = -1;
    private double mean;
    private int distinct;

    /** Takes on a batch; does nothing when it holds the very same numbers already. */
    void hold(INDArray batch, boolean inDouble) {
        Matrix matrix = batch.dataType() == DataType.FLOAT && !inDouble ? narrow : wide;
        boolean sameKind = matrix == x;
        x = matrix;
        if (!x.read(batch) && sameKind && rows == x.rows()) {
            return;
        }
        rows = x.rows();
        squares = atLeast(squares, rows * rows);
        lengths = atLeast(lengths, rows * rows);
        norms = atLeast(norms, rows);
        sums = atLeast(sums, rows);
        if (distincts.length < rows) {
            distincts = new int[rows];
        }
        x.centre();
        for (int i = 0; i < rows; i++) {
            norms[i] = x.squaredNorm(i);
        }
        int parts = LossThreads.partsFor(rows);
        LossThreads.share(parts, part -> {
            for (int i = Triangle.from(part, parts, rows); i < Triangle.from(part + 1, parts, rows); i++) {
                measure(i);
            }
        });
        LossThreads.share(parts, part -> {
            for (int i = rows * part / parts; i < rows * (part + 1) / parts; i++) {
                mirror(i);
            }
        });
        double sum = 0;
        distinct = 0;
        for (int i = 0; i < rows; i++) {
            sum += sums[i];
            distinct += distincts[i];
        }
        mean = sum == 0 ? 0 : sum / distinct;   // NaN stays NaN
    }

    int rows() {
        return rows;
    }

    int width() {
        return x.width();
    }

    /** Whether the rows came in single precision. */
    boolean single() {
        return x == narrow;
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

    /** The root of the mean squared distance over all pairs. */
    double typical() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += norms[i];
        }
        return Math.sqrt(sum / Math.max(1, rows - 1) * 2);
    }

    private static double[] atLeast(double[] array, int length) {
        return array.length < length ? new double[length] : array;
    }

    /** Row i against the rows before it. */
    private void measure(int i) {
        double sum = 0;
        int apart = 0;
        int at = i * rows;
        x.products(i, i, squares, at);
        for (int j = 0; j < i; j++) {
            double both = norms[i] + norms[j];
            double square = both - 2 * squares[at + j];
            if (square < CLOSE * both) {
                square = x.squareOfDifference(i, j);
            }
            double length = Math.sqrt(square);
            squares[at + j] = square;
            lengths[at + j] = length;
            sum += length;
            apart += length > 0 ? 1 : 0;
        }
        squares[at + i] = 0;
        lengths[at + i] = 0;
        sums[i] = sum;
        distincts[i] = apart;
    }

    private void mirror(int i) {
        for (int j = i + 1; j < rows; j++) {
            squares[i * rows + j] = squares[j * rows + i];
            lengths[i * rows + j] = lengths[j * rows + i];
        }
    }

    private boolean close(int i, int j) {
        return squares[i * rows + j] < CLOSE * (norms[i] + norms[j]);
    }

    /** ∂L/∂rows from ∂L/∂d², of which only the half j &lt; i is read. */
    INDArray pull(double[] slopes, DataType type) {
        x.beginGradient();
        int parts = LossThreads.partsFor(rows);
        LossThreads.share(parts, part -> {
            double[] factors = Scratch.of(Distances.class).doubles(0, rows);
            for (int i = rows * part / parts; i < rows * (part + 1) / parts; i++) {
                double sum = 0;
                boolean anyClose = false;
                for (int j = 0; j < rows; j++) {
                    double slope = j == i ? 0 : 2 * slopes[j < i ? i * rows + j : j * rows + i];
                    boolean close = j != i && slope != 0 && close(i, j);
                    anyClose |= close;
                    factors[j] = close ? 0 : -slope;
                    sum -= factors[j];
                }
                factors[i] = sum;
                x.combine(i, factors);
                for (int j = 0; anyClose && j < rows; j++) {
                    double slope = j == i ? 0 : 2 * slopes[j < i ? i * rows + j : j * rows + i];
                    if (slope != 0 && close(i, j)) {
                        x.addDifference(i, j, slope);
                    }
                }
            }
        });
        return x.gradient(type);
    }
}
