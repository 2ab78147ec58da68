package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;
import java.util.List;

/**
 * The standard deviation of one side's cosines over all triplets, without a pass over these: mean and mean square come from products of
 * B×B matrices, two multiplications a triplet. Lengths d in units of their mean; r = 1/d, or 0 where an edge does not count; E = −D²/2.
 * At an anchor, with c_ik = (E_ik − E_i − E_k) r_i r_k, a = r² and E_i a_i = −½ for each of the m edges that count (v = 1, otherwise 0),
 * <pre>  Σ_ik c  = rᵀE r + Σd Σr
 *   Σ_ik c² = aᵀ(E∘E) a + ½ Σd² Σa + 2 vᵀE a + m²/2</pre>
 * which include c_ii = 1, m times. Where an edge is short, large terms cancel: then all is in double. Otherwise the two products are in single
 * precision, each of a few hundred terms of one sign, and their roundings are independent of each other, so that they vanish in sums over a whole batch.
 */
final class CosineSpread {

    /** How many anchors are worked on together: four rows of them and four of what they are made of stay in the nearest cache. */
    private static final int ANCHORS = 256;

    private static final int TILE = 4;

    /** Single precision ends where aᵀ(E∘E)a is so many times the number of triplets; it is about a quarter of it where no edge is short. */
    private static final double LARGEST_SINGLE = 2;

    private final int n;
    private final double unit;
    private final double toE;
    private final double[] squares;
    private final double[] lengths;
    private final double[] inverses;

    private CosineSpread(SideDistances side, double[] inverses) {
        this.n = side.rows();
        this.unit = side.mean();
        this.toE = -0.5 / (unit * unit);
        this.squares = side.squares();
        this.lengths = side.lengths();
        this.inverses = inverses;
    }

    /** The standard deviation over {@code count} ordered triplets, given 1/d_ij at i·rows + j, or 0 where that edge does not count. */
    static double of(SideDistances side, double[] inverses, double count) {
        CosineSpread spread = new CosineSpread(side, inverses);
        double[] farSides = spread.farSides(true);
        return farSides[1] <= LARGEST_SINGLE * count
                ? spread.over(count, farSides[0], farSides[1])
                : inDouble(side, inverses, count);
    }

    /** The same with all in double. */
    static double inDouble(SideDistances side, double[] inverses, double count) {
        CosineSpread spread = new CosineSpread(side, inverses);
        double[] farSides = spread.farSides(false);
        return spread.over(count, farSides[0], farSides[1]);
    }

    private double over(double count, double farSides, double squaredFarSides) {
        Sums sums = new Sums(ThreadBuffers.of(CosineSpread.class), n);
        int parts = LargeBatch.parts(n);
        ForkJoin.share(parts, part -> sums.add(this, n * part / parts, n * (part + 1) / parts));
        double sum = farSides;
        double squareSum = squaredFarSides;
        for (int j = 0; j < n; j++) {
            double m = Math.rint(sums.edges[j]);
            double far = sums.inverseSquares[j] * sums.allSquares[j] - m;
            if (m < n - 1) {
                far -= shorts(j);
            }
            sum += sums.lengths[j] * sums.inverses[j] - m;
            squareSum += sums.squares[j] * sums.inverseSquares[j] / 2 - far + m * m / 2 - m;
        }
        double mean = sum / count;
        return Math.sqrt(Math.max(0, squareSum / count - mean * mean));
    }

    /** Σ_i Σ_k r_k² d_ik² over the edges i of anchor j that do not count, without j itself: {@code allSquares} have them, and v has not. */
    private double shorts(int j) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            if (i == j || inverses[j * n + i] != 0) {
                continue;
            }
            for (int k = 0; k < n; k++) {
                double r = inverses[j * n + k];
                total += r * r * squares[i * n + k];
            }
        }
        return total;
    }

    /**
     * Sums over the edges of every anchor. The matrices are symmetric, so that rows are added up, many anchors side by side, which C2 makes
     * vectors of; it makes none of a sum along a row. An edge that counts has r d = 1, others 0.
     */
    private record Sums(
            double[] edges,
            double[] lengths,
            double[] squares,
            double[] allSquares,
            double[] inverses,
            double[] inverseSquares) {

        Sums(ThreadBuffers scratch, int n) {
            this(
                    scratch.doubles(0, n),
                    scratch.doubles(1, n),
                    scratch.doubles(2, n),
                    scratch.doubles(3, n),
                    scratch.doubles(4, n),
                    scratch.doubles(5, n));
        }

        /** Of the anchors of a range. */
        void add(CosineSpread side, int from, int to) {
            for (double[] sums : List.of(edges, lengths, squares, allSquares, inverses, inverseSquares)) {
                Arrays.fill(sums, from, to, 0);
            }
            for (int i = 0; i < side.n; i++) {
                int row = i * side.n;
                addInverses(side.inverses, row, from, to, inverses, inverseSquares);
                addEdges(side.inverses, side.lengths, row, from, to, edges, lengths);
                addSquares(side.inverses, side.lengths, side.squares, row, from, to, squares, allSquares);
            }
        }

        private static void addInverses(
                double[] r, int row, int from, int to, double[] inverses, double[] inverseSquares) {
            for (int j = from; j < to; j++) {
                double inverse = r[row + j];
                inverses[j] += inverse;
                inverseSquares[j] += inverse * inverse;
            }
        }

        private static void addEdges(
                double[] r, double[] d, int row, int from, int to, double[] edges, double[] lengths) {
            for (int j = from; j < to; j++) {
                double counts = r[row + j] * d[row + j];
                edges[j] += counts;
                lengths[j] += counts * d[row + j];
            }
        }

        private static void addSquares(
                double[] r, double[] d, double[] d2, int row, int from, int to, double[] squares, double[] allSquares) {
            for (int j = from; j < to; j++) {
                double square = d2[row + j];
                allSquares[j] += square;
                squares[j] += r[row + j] * d[row + j] * square;
            }
        }
    }

    /** rᵀE r and aᵀ(E∘E)a over all anchors, without the terms i = k. */
    private double[] farSides(boolean single) {
        ThreadBuffers scratch = ThreadBuffers.of(CosineSpread.class);
        int most = Math.min(n, ANCHORS);
        double[][] r = single ? null : scratch.doubleRows(0, n, most);
        double[][] a = single ? null : scratch.doubleRows(1, n, most);
        float[][] singleR = single ? scratch.floatRows(0, n, most) : null;
        float[][] singleA = single ? scratch.floatRows(1, n, most) : null;
        int parts = LargeBatch.parts(n);
        double sum = 0;
        double squareSum = 0;
        for (int first = 0; first < n; first += ANCHORS) {
            int anchor = first;
            int anchors = Math.min(ANCHORS, n - first);
            if (single) {
                ForkJoin.share(
                        parts,
                        part -> fill(n * part / parts, n * (part + 1) / parts, anchor, anchors, singleR, singleA));
                sum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, singleR, false));
                squareSum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, singleA, true));
            } else {
                ForkJoin.share(parts, part -> fill(n * part / parts, n * (part + 1) / parts, anchor, anchors, r, a));
                sum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, r, false));
                squareSum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, a, true));
            }
        }
        return new double[] {sum, squareSum};
    }

    /** What the anchors' matrices r and a hold for a range of rows, in single precision. */
    private void fill(int from, int to, int firstAnchor, int anchors, float[][] r, float[][] a) {
        for (int i = from; i < to; i++) {
            for (int j = 0; j < anchors; j++) {
                double inverse = inverses[i * n + firstAnchor + j] * unit;
                r[i][j] = (float) inverse;
                a[i][j] = (float) (inverse * inverse);
            }
        }
    }

    /** What the anchors' matrices r and a hold for a range of rows. */
    private void fill(int from, int to, int firstAnchor, int anchors, double[][] r, double[][] a) {
        for (int i = from; i < to; i++) {
            for (int j = 0; j < anchors; j++) {
                double inverse = inverses[i * n + firstAnchor + j] * unit;
                r[i][j] = inverse;
                a[i][j] = inverse * inverse;
            }
        }
    }

    /** Σ_i Σ_(k &lt; i) w_i E_ik w_k over a range of rows i and all anchors of w; with E∘E in place of E if {@code squared}. */
    private double farSides(int from, int to, int anchors, double[][] w, boolean squared) {
        double[][] e = ThreadBuffers.of(CosineSpread.class).doubleRows(2, TILE, n);
        double[][] products = ThreadBuffers.of(CosineSpread.class).doubleRows(3, TILE, ANCHORS);
        double total = 0;
        for (int first = from; first < to; first += TILE) {
            int end = Math.min(first + TILE, to);
            for (int i = first; i < end; i++) {
                for (int k = 0; k < end; k++) {
                    double value = k < i ? squares[i * n + k] * toE : 0;
                    e[i - first][k] = squared ? value * value : value;
                }
            }
            JavaProducts.products(e, 0, end - first, w, end, anchors, products);
            for (int i = first; i < end; i++) {
                for (int j = 0; j < anchors; j++) {
                    total += w[i][j] * products[i - first][j];
                }
            }
        }
        return total;
    }

    /** Σ_i Σ_(k &lt; i) w_i E_ik w_k over a range of rows i and all anchors of w; with E∘E in place of E if {@code squared}; in single precision but the sum of the products. */
    private double farSides(int from, int to, int anchors, float[][] w, boolean squared) {
        float[][] e = ThreadBuffers.of(CosineSpread.class).floatRows(2, TILE, n);
        float[][] products = ThreadBuffers.of(CosineSpread.class).floatRows(3, TILE, ANCHORS);
        double total = 0;
        for (int first = from; first < to; first += TILE) {
            int end = Math.min(first + TILE, to);
            for (int i = first; i < end; i++) {
                for (int k = 0; k < end; k++) {
                    double value = k < i ? squares[i * n + k] * toE : 0;
                    e[i - first][k] = (float) (squared ? value * value : value);
                }
            }
            JavaProducts.products(e, 0, end - first, w, end, anchors, products);
            for (int i = first; i < end; i++) {
                total += dot(w[i], products[i - first], anchors);
            }
        }
        return total;
    }

    private static double dot(float[] x, float[] y, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int j = 0;
        for (; j + 3 < count; j += 4) {
            a += x[j] * y[j];
            b += x[j + 1] * y[j + 1];
            c += x[j + 2] * y[j + 2];
            d += x[j + 3] * y[j + 3];
        }
        for (; j < count; j++) {
            a += x[j] * y[j];
        }
        return (a + b) + (c + d);
    }
}
