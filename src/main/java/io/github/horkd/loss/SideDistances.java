package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One side of a batch: its rows, centred, and what lies between them, B×B squared distances and distances. Relations of every
 * order are functions of these alone, so their gradient is too: with C = ∂L/∂d² (symmetric), ∂L/∂x_i = 2 Σ_j C_ij (x_i − x_j).
 *
 * <p>Squared distances come from the Gram matrix, d²_ij = G_ii + G_jj − 2 G_ij, in O(B²D) time and O(B²) memory; products are
 * in the precision of the rows, all that follows from them in double. Where the difference would lose more than two digits,
 * rows are close, and the pair is taken from the rows themselves, in the value as in the gradient.
 */
public final class SideDistances {

    /** A squared distance below this share of G_ii + G_jj belongs to rows that are close. */
    private static final double CLOSE = 1e-2;

    /** So many doubles are fetched from memory together. */
    private static final int LINE = 8;

    /** The way back to the rows is cut into so many parts where it is shared: small ones, for one thread comes late to it. */
    private static final int PULL_PARTS = 16;

    private final CentredRows wide = new CentredRows.Wide();
    private final CentredRows narrow = new CentredRows.Narrow();
    private CentredRows x = wide;
    private double[] squares = {};
    private double[] lengths = {};
    private double[] norms = {};
    private double[] sums = {};
    private int[] distincts = {};
    private int rows = -1;
    private double mean;
    /** Below 0: not asked for yet. */
    private double typical;

    private int distinct;

    /** Takes on a batch; false when it holds the very same numbers already. Otherwise {@link #measure(List)} must follow. */
    boolean read(INDArray batch, boolean inDouble) {
        CentredRows matrix = batch.dataType() == DataType.FLOAT && !inDouble ? narrow : wide;
        boolean sameKind = matrix == x;
        x = matrix;
        if (!x.read(batch) && sameKind && rows == x.rows()) {
            return false;
        }
        begin();
        return true;
    }

    private void begin() {
        typical = -1;
        rows = x.rows();
        squares = atLeast(squares, rows * rows);
        lengths = atLeast(lengths, rows * rows);
        norms = atLeast(norms, rows);
        sums = atLeast(sums, rows);
        if (distincts.length < rows) {
            distincts = new int[rows];
        }
        x.beginCentring();
    }

    /** Measures sides of equally many rows, together, so that there is more to share. */
    static void measure(List<SideDistances> sides) {
        inParts(sides, SideDistances::centre);
        inParts(sides, SideDistances::measureRows);
        inParts(sides, SideDistances::measurePairs);
        inParts(sides, SideDistances::mirror);
        sides.forEach(SideDistances::sumUp);
    }

    /** One step of the work on a side, done in parts. */
    private interface Step {
        void take(SideDistances side, int part, int parts);
    }

    private static void inParts(List<SideDistances> sides, Step step) {
        int parts = sides.isEmpty() ? 1 : LargeBatch.parts(sides.get(0).rows);
        if (parts == 1) {
            sides.forEach(side -> step.take(side, 0, 1));
        } else {
            ForkJoin.share(parts * sides.size(), at -> step.take(sides.get(at / parts), at % parts, parts));
        }
    }

    private void centre(int part, int parts) {
        x.centre(x.width() * part / parts, x.width() * (part + 1) / parts);
    }

    private void measureRows(int part, int parts) {
        for (int i = rows * part / parts; i < rows * (part + 1) / parts; i++) {
            norms[i] = x.squaredNorm(i);
        }
    }

    private void measurePairs(int part, int parts) {
        int from = Triangle.from(part, parts, rows);
        int to = Triangle.from(part + 1, parts, rows);
        x.products(from, to, squares);
        for (int i = from; i < to; i++) {
            measure(i);
        }
    }

    private void sumUp() {
        double sum = 0;
        distinct = 0;
        for (int i = 0; i < rows; i++) {
            sum += sums[i];
            distinct += distincts[i];
        }
        mean = sum == 0 ? 0 : sum / distinct; // NaN stays NaN
    }

    /**
     * How many rows.
     *
     * @return N
     */
    public int rows() {
        return rows;
    }

    /**
     * How wide a row is.
     *
     * @return D
     */
    public int width() {
        return x.width();
    }

    /** Whether the rows came in single precision. */
    boolean single() {
        return x == narrow;
    }

    /**
     * The squared distances; the array may be longer.
     *
     * @return d²_ij at i · N + j
     */
    public double[] squares() {
        return squares;
    }

    /**
     * The distances; the array may be longer.
     *
     * @return d_ij at i · N + j
     */
    public double[] lengths() {
        return lengths;
    }

    /**
     * The mean of the distances above 0.
     *
     * @return μ; 0 when there are none
     */
    public double mean() {
        return mean;
    }

    /** How many unordered pairs are apart. */
    int distinct() {
        return distinct;
    }

    /** See {@link TypicalDistance}. */
    double typical() {
        if (typical < 0) {
            typical = TypicalDistance.among(rows, (i, j) -> squares[i * rows + j]);
        }
        return typical;
    }

    /** Takes on another side's rows in double precision, and measures them. */
    void measureWide(SideDistances other) {
        x = wide;
        ((CentredRows.Wide) wide).take(other.x);
        begin();
        measure(List.of(this));
    }

    private static double[] atLeast(double[] array, int length) {
        return array.length < length ? new double[length] : array;
    }

    /** Row i against the rows before it, from the products with them. */
    private void measure(int i) {
        double sum = 0;
        int apart = 0;
        int at = i * rows;
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

    /** Copies the half below the diagonal to the one above, {@value #LINE} rows at a time: what lies side by side there is one column here. */
    private void mirror(int part, int parts) {
        int to = rows * (part + 1) / parts;
        for (int first = rows * part / parts; first < to; first += LINE) {
            int end = Math.min(first + LINE, to);
            for (int j = first + 1; j < rows; j++) {
                for (int i = first; i < Math.min(end, j); i++) {
                    squares[i * rows + j] = squares[j * rows + i];
                    lengths[i * rows + j] = lengths[j * rows + i];
                }
            }
        }
    }

    private boolean close(int i, int j) {
        return squares[i * rows + j] < CLOSE * (norms[i] + norms[j]);
    }

    /** ∂L/∂rows from ∂L/∂d², of which only the half j &lt; i is read. */
    INDArray pull(double[] slopes, DataType type) {
        x.beginGradient();
        int parts = LargeBatch.parts(rows) == 1 ? 1 : PULL_PARTS;
        int tiles = (rows + CentredRows.TILE - 1) / CentredRows.TILE;
        INDArray room = ForkJoin.share(
                parts,
                part -> {
                    double[][] factors = ThreadBuffers.of(SideDistances.class).doubleRows(0, CentredRows.TILE, rows);
                    int to = Math.min(tiles * (part + 1) / parts * CentredRows.TILE, rows);
                    for (int first = tiles * part / parts * CentredRows.TILE; first < to; first += CentredRows.TILE) {
                        pull(first, Math.min(first + CentredRows.TILE, to), slopes, factors);
                    }
                },
                () -> ArrayCopy.uninitialised(rows, width(), type));
        return x.gradient(room, type);
    }

    /** The same for rows {@code from} to {@code to}. */
    private void pull(int from, int to, double[] slopes, double[][] factors) {
        for (int j = 0; j < rows; j++) {
            for (int i = from; i < to; i++) {
                factors[i - from][j] = i == j ? 0 : -slope(slopes, i, j);
            }
        }
        int withClose = 0; // a bit for every row
        for (int i = from; i < to; i++) {
            double[] row = factors[i - from];
            double sum = 0;
            for (int j = 0; j < rows; j++) {
                if (row[j] != 0 && close(i, j)) {
                    row[j] = 0;
                    withClose |= 1 << i - from;
                }
                sum -= row[j];
            }
            row[i] = sum;
        }
        x.combine(from, to, factors);
        for (int i = from; i < to; i++) {
            for (int j = 0; j < rows && (withClose >> i - from & 1) == 1; j++) {
                double slope = i == j ? 0 : slope(slopes, i, j);
                if (slope != 0 && close(i, j)) {
                    x.addDifference(i, j, slope);
                }
            }
        }
    }

    private double slope(double[] slopes, int i, int j) {
        return 2 * slopes[j < i ? i * rows + j : j * rows + i];
    }
}
