package io.github.horkd.loss;

/**
 * The relation ψ of one tuple, and the way its slope takes back to the distances. Of order 2 it is the distance; of order k ≥ 3 the
 * partial correlation of the first two unit edges given the others: E = U Uᵀ, P = (E + εI)⁻¹, ψ = −P₁₂ / √(P₁₁ P₂₂). All of
 * E comes from squared distances.
 */
final class TupleRelation {

    /** Keeps P finite where edges depend on each other. */
    private static final double EPSILON = 1e-6;

    /** The squared sine that an edge must have against the span of the others. A partial correlation turns with the inverse of that sine. */
    private static final double INDEPENDENT = 1e-2;

    private final int edges;
    private final double unit;
    private final double[] inverseLengths;
    private final double[] inner;
    private final double[] factor;
    private final double[] first;
    private final double[] second;
    private double psi;

    /** For one order; distances, where they are the relation, in multiples of {@code unit}. */
    TupleRelation(int order, double unit) {
        this.edges = order - 1;
        this.unit = unit;
        inverseLengths = new double[edges];
        inner = new double[edges * edges];
        factor = new double[edges * edges];
        first = new double[edges];
        second = new double[edges];
    }

    /** ψ of a tuple, or NaN when an edge is shorter than {@code shortest} or hangs together with the others. */
    double of(Tuples tuples, int tuple, Geometry geometry, double shortest) {
        int anchor = tuples.anchor(tuple);
        for (int a = 0; a < edges; a++) {
            double length = Math.sqrt(geometry.toEnd(anchor, tuples.end(tuple, a)));
            if (!(length > shortest)) {
                return Double.NaN;
            }
            inverseLengths[a] = 1 / length;
        }
        if (edges == 1) {
            psi = 1 / (inverseLengths[0] * unit);
            return psi;
        }
        for (int a = 0; a < edges; a++) {
            inner[a * edges + a] = 1;
            double squareA = 1 / (inverseLengths[a] * inverseLengths[a]);
            for (int b = 0; b < a; b++) {
                double squareB = 1 / (inverseLengths[b] * inverseLengths[b]);
                double far = geometry.between(tuples.end(tuple, a), tuples.end(tuple, b));
                double cosine = (squareA + squareB - far) / 2 * inverseLengths[a] * inverseLengths[b];
                inner[a * edges + b] = cosine;
                inner[b * edges + a] = cosine;
            }
        }
        factorise();
        if (dependent()) {
            return Double.NaN;
        }
        solve(0, first);
        solve(1, second);
        psi = -first[1] / Math.sqrt(first[0] * second[1]);
        return psi;
    }

    /** Leads slope = ∂L/∂ψ of the tuple last asked for back to its distances. */
    void pull(Tuples tuples, int tuple, Geometry geometry, double slope) {
        int anchor = tuples.anchor(tuple);
        if (edges == 1) {
            geometry.pullEnd(anchor, tuples.end(tuple, 0), slope * inverseLengths[0] / (2 * unit));
            return;
        }
        double root = Math.sqrt(first[0] * second[1]);
        for (int a = 0; a < edges; a++) {
            double edge = 0;
            for (int b = 0; b < edges; b++) {
                if (a == b) {
                    continue;
                }
                // ∂ψ/∂E = −P Ḡ P, with Ḡ = ∂ψ/∂P: only the first two columns of P are needed
                double byInner = psi / first[0] * first[a] * first[b]
                        + psi / second[1] * second[a] * second[b]
                        + (first[a] * second[b] + second[a] * first[b]) / root;
                double both = slope * byInner * inverseLengths[a] * inverseLengths[b] / 2;
                edge += both - slope * byInner * inner[a * edges + b] * inverseLengths[a] * inverseLengths[a] / 2;
                if (b < a) {
                    geometry.pullBetween(tuples.end(tuple, a), tuples.end(tuple, b), -both);
                }
            }
            geometry.pullEnd(anchor, tuples.end(tuple, a), edge);
        }
    }

    /** Whether the edges are too dependent for a partial correlation: one of the first two on the others, or one of the others on the rest of them. */
    private boolean dependent() {
        int others = edges - 2;
        for (int p = 0; p < others; p++) {
            if (inverseOfOthers(p, others) > 1 / INDEPENDENT) {
                return true;
            }
        }
        double ofFirst = square(factor[others * edges + others]);
        int last = edges - 1;
        double ofSecond = square(factor[last * edges + others]) + square(factor[last * edges + last]);
        return others > 0 && Math.min(ofFirst, ofSecond) < INDEPENDENT;
    }

    /** The inverse of the squared sine of one of the others against the rest of them: a diagonal entry of the inverse of their block of E + εI. */
    private double inverseOfOthers(int place, int others) {
        double sum = 0;
        for (int i = place; i < others; i++) { // a column of L⁻¹
            double value = i == place ? 1 : 0;
            for (int m = place; m < i; m++) {
                value -= factor[i * edges + m] * first[m];
            }
            first[i] = value / factor[i * edges + i];
            sum += square(first[i]);
        }
        return sum;
    }

    private static double square(double x) {
        return x * x;
    }

    /** The edge at a place of the factorisation: the first two come last, so that what is left of them is what the others do not explain. */
    private int edgeAt(int place) {
        return place < edges - 2 ? place + 2 : place - edges + 2;
    }

    /** E + εI = L Lᵀ. */
    private void factorise() {
        for (int i = 0; i < edges; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = inner[edgeAt(i) * edges + edgeAt(j)] + (i == j ? EPSILON : 0);
                for (int m = 0; m < j; m++) {
                    sum -= factor[i * edges + m] * factor[j * edges + m];
                }
                // exactly, no pivot is below ε; rounding must not take it there
                factor[i * edges + j] = i == j ? Math.sqrt(Math.max(sum, EPSILON)) : sum / factor[j * edges + j];
            }
        }
    }

    /** One column of P. */
    private void solve(int column, double[] x) {
        for (int i = 0; i < edges; i++) {
            double sum = edgeAt(i) == column ? 1 : 0;
            for (int m = 0; m < i; m++) {
                sum -= factor[i * edges + m] * x[edgeAt(m)];
            }
            x[edgeAt(i)] = sum / factor[i * edges + i];
        }
        for (int i = edges - 1; i >= 0; i--) {
            double sum = x[edgeAt(i)];
            for (int m = i + 1; m < edges; m++) {
                sum -= factor[m * edges + i] * x[edgeAt(m)];
            }
            x[edgeAt(i)] = sum / factor[i * edges + i];
        }
    }
}
