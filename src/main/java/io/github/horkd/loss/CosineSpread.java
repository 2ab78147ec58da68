package io.github.horkd.loss;

/**
 * The standard deviation of one side's cosines over all triplets, without a pass over these: mean and mean square come from products of
 * B×B matrices, an eighth of the work. Lengths d in units of their mean; r = 1/d, or 0 where an edge does not count; E = −D²/2.
 * At an anchor, with c_ik = (E_ik − E_i − E_k) r_i r_k, a = r² and E_i a_i = −½ for each of the m edges that count (v = 1, otherwise 0),
 * <pre>  Σ_ik c  = rᵀE r + Σd Σr
 *   Σ_ik c² = aᵀ(E∘E) a + ½ Σd² Σa + 2 vᵀE a + m²/2</pre>
 * which include c_ii = 1, m times. In double: where an edge is short, large terms cancel.
 */
final class CosineSpread {

    /** How many anchors are worked on together: four rows of them and four of what they are made of stay in the nearest cache. */
    private static final int ANCHORS = 256;

    private static final int TILE = 4;

    private final int n;
    private final double unit;
    private final double[] squares;
    private final double[] lengths;
    private final double[] inverses;

    private CosineSpread(Distances side, double[] inverses) {
        this.n = side.rows();
        this.unit = side.mean();
        this.squares = side.squares();
        this.lengths = side.lengths();
        this.inverses = inverses;
    }

    /** The standard deviation over {@code count} ordered triplets, given 1/d_ij at i·rows + j, or 0 where that edge does not count. */
    static double of(Distances side, double[] inverses, double count) {
        return new CosineSpread(side, inverses).over(count);
    }

    private double over(double count) {
        Scratch scratch = Scratch.of(CosineSpread.class);
        double[] rowSums = scratch.doubles(0, n);
        overRows((from, to) -> sumRows(from, to, rowSums));
        double sum = overRows(this::edges);
        double squareSum = overRows((from, to) -> squaredEdges(from, to, rowSums));
        double[][] r = scratch.doubleRows(0, n, Math.min(n, ANCHORS));
        double[][] a = scratch.doubleRows(1, n, Math.min(n, ANCHORS));
        for (int first = 0; first < n; first += ANCHORS) {
            int anchor = first;
            int anchors = Math.min(ANCHORS, n - first);
            overRows((from, to) -> fill(from, to, anchor, anchors, r, a));
            sum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, r, false));
            squareSum += 2 * Triangle.sum(n, (from, to) -> farSides(from, to, anchors, a, true));
        }
        double mean = sum / count;
        return Math.sqrt(Math.max(0, squareSum / count - mean * mean));
    }

    private double overRows(Triangle.Range range) {
        int parts = LossThreads.partsFor(n);
        return LossThreads.sum(parts, part -> range.over(n * part / parts, n * (part + 1) / parts));
    }

    private double sumRows(int from, int to, double[] rowSums) {
        for (int i = from; i < to; i++) {
            double sum = 0;
            for (int p = i * n; p < i * n + n; p++) {
                sum += squares[p];
            }
            rowSums[i] = sum * -0.5 / (unit * unit);
        }
        return 0;
    }

    /** Σd Σr − m over the anchors of a range. */
    private double edges(int from, int to) {
        double total = 0;
        for (int j = from; j < to; j++) {
            double d = 0;
            double r = 0;
            double m = 0;
            for (int p = j * n; p < j * n + n; p++) {
                double counts = inverses[p] == 0 ? 0 : 1;
                d += counts * lengths[p];
                r += inverses[p];
                m += counts;
            }
            total += d * r - m;
        }
        return total;
    }

    /** ½ Σd² Σa + 2 vᵀE a + m²/2 − m over the anchors of a range. */
    private double squaredEdges(int from, int to, double[] rowSums) {
        double scale = -0.5 / (unit * unit);
        double total = 0;
        for (int j = from; j < to; j++) {
            double d2 = 0;
            double a = 0;
            double m = 0;
            double far = 0;
            for (int k = 0; k < n; k++) {
                double r = inverses[j * n + k];
                double counts = r == 0 ? 0 : 1;
                d2 += counts * squares[j * n + k];
                a += r * r;
                m += counts;
                far += r * r * rowSums[k];
            }
            for (int i = 0; i < n; i++) {
                for (int k = 0; k < n && inverses[j * n + i] == 0; k++) {   // the few edges that rowSums has and v has not
                    double r = inverses[j * n + k];
                    far -= r * r * squares[i * n + k] * scale;
                }
            }
            total += d2 * a / 2 + 2 * far * unit * unit + m * m / 2 - m;
        }
        return total;
    }

    /** What the anchors' matrices r and a hold for a range of rows. */
    private double fill(int from, int to, int firstAnchor, int anchors, double[][] r, double[][] a) {
        for (int i = from; i < to; i++) {
            for (int j = 0; j < anchors; j++) {
                double inverse = inverses[i * n + firstAnchor + j] * unit;
                r[i][j] = inverse;
                a[i][j] = inverse * inverse;
            }
        }
        return 0;
    }

    /** Σ_i Σ_(k &lt; i) w_i E_ik w_k over a range of rows i and all anchors of w; with E∘E in place of E if {@code squared}. */
    private double farSides(int from, int to, int anchors, double[][] w, boolean squared) {
        double scale = -0.5 / (unit * unit);
        double[][] e = Scratch.of(CosineSpread.class).doubleRows(2, TILE, n);
        double[][] products = Scratch.of(CosineSpread.class).doubleRows(3, TILE, ANCHORS);
        double total = 0;
        for (int first = from; first < to; first += TILE) {
            int end = Math.min(first + TILE, to);
            for (int i = first; i < end; i++) {
                for (int k = 0; k < end; k++) {
                    double value = k < i ? squares[i * n + k] * scale : 0;
                    e[i - first][k] = squared ? value * value : value;
                }
            }
            Gram.products(e, 0, end - first, w, end, anchors, products);
            for (int i = first; i < end; i++) {
                for (int j = 0; j < anchors; j++) {
                    total += w[i][j] * products[i - first][j];
                }
            }
        }
        return total;
    }
}
