package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import java.util.Arrays;

/**
 * The pass over all triplets. With E = −D²/2 (D² the squared distances), the cosine at j between i and k is
 * (E_ik − E_ij − E_jk) r_i r_k, where r_i = 1/d_ij and r = 0 says that the edge does not count; so is its derivative a
 * function of D² alone.
 */
final class Triplets {

    /**
     * Of an edge below this share of the mean distance single precision knows the direction too badly: a cosine over it would be off by more than
     * about 1e-5. The published form has such edges, and so has a batch with a row that is far from all others.
     */
    private static final double SHORTEST_SINGLE = 1e-2;

    private Triplets() {}

    /** The value; leaves ∂L/∂d² of the learner in {@code slopes}, in the half k &lt; i. */
    static double compare(BatchDistances pairs, RelationForm form, double delta, double[] slopes) {
        int n = pairs.rows();
        boolean rkd = form == RelationForm.RKD_COMPATIBLE;
        ThreadBuffers scratch = ThreadBuffers.of(Triplets.class);
        double[] rS = scratch.doubles(0, n * n);
        double[] rT = scratch.doubles(1, n * n);
        double count = inverses(pairs, rkd, rS, rT);
        if (count == 0) {
            Arrays.fill(slopes, 0, n * n, 0);
            return 0;
        }
        double onDiagonal = rkd ? brokenDiagonal(rS, rT, n, delta) : 0;
        if (pairs.learner().single() && tooNear(pairs, rS, rT)) {
            return compare(pairs.widened(), form, delta, slopes);
        }
        if (pairs.learner().single()) {
            SingleTriplets single = pairs.singleTriplets();
            single.hold(pairs, rS, rT);
            double sigma = form == RelationForm.GUIDE_SCALED
                    ? Math.max(CosineSpread.of(pairs.guide(), rT, count), RelationForm.SMALLEST_SPREAD)
                    : 1;
            double mu = pairs.learner().mean();
            double sum = single.compare(delta, sigma, 1 / (mu * mu * count), slopes) + onDiagonal;
            return sum / count;
        }
        Arrays.fill(slopes, 0, n * n, 0);
        double sigma = form == RelationForm.GUIDE_SCALED ? spread(pairs.guide().squares(), rT, n, count) : 1;
        double sum = onDiagonal;
        double[] toAnchor = scratch.doubles(2, n);
        for (int j = 0; j < n; j++) {
            sum += anchor(j, n, pairs, rS, rT, delta, sigma, 2 / count, slopes, toAnchor);
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < i; k++) {
                slopes[i * n + k] += slopes[k * n + i];
            }
        }
        return sum / count;
    }

    /** Fills r for both sides and returns over how many ordered triplets the mean runs. */
    private static double inverses(BatchDistances pairs, boolean rkd, double[] rS, double[] rT) {
        int n = pairs.rows();
        double[] s = pairs.learner().lengths();
        double[] t = pairs.guide().lengths();
        double shortestS = rkd ? 0 : TuplePass.SHORTEST_EDGE * pairs.learner().typical();
        double shortestT = rkd ? 0 : TuplePass.SHORTEST_EDGE * pairs.guide().typical();
        int parts = LargeBatch.parts(n);
        double count = ForkJoin.sum(parts, part -> {
            double triplets = 0;
            for (int j = n * part / parts; j < n * (part + 1) / parts; j++) {
                double edges = 0;
                for (int p = j * n; p < j * n + n; p++) {
                    boolean hasS = s[p] > shortestS;
                    boolean hasT = t[p] > shortestT;
                    rS[p] = hasS && (hasT || rkd) ? 1 / s[p] : 0;
                    rT[p] = hasT && (hasS || rkd) ? 1 / t[p] : 0;
                    edges += hasS && hasT ? 1 : 0;
                }
                triplets += edges * (edges - 1);
            }
            return triplets;
        });
        return rkd ? (double) n * n * n : count;
    }

    /** Whether an edge that counts, 1/d above 0, is too short for single precision. */
    private static boolean tooNear(BatchDistances pairs, double[] rS, double[] rT) {
        int n = pairs.rows();
        double longestS = 1 / (SHORTEST_SINGLE * pairs.learner().mean());
        double longestT = 1 / (SHORTEST_SINGLE * pairs.guide().mean());
        boolean near = false;
        for (int p = 0; p < n * n; p++) {
            near |= rS[p] > longestS | rT[p] > longestT;
        }
        return near;
    }

    /** The published mean includes i = k, where the cosine is 1, or 0 for a zero-length edge: unequal if one side's only is. */
    private static double brokenDiagonal(double[] rS, double[] rT, int n, double delta) {
        double sum = 0;
        for (int p = 0; p < n * n; p++) {
            sum += (rS[p] == 0) == (rT[p] == 0) ? 0 : Huber.value(1, delta);
        }
        return sum;
    }

    private static double spread(double[] squares, double[] r, int n, double count) {
        double sum = 0;
        double sumOfSquares = 0;
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                double ri = r[j * n + i] / 2;
                for (int k = 0; k < i; k++) {
                    double cosine = (squares[j * n + i] + squares[j * n + k] - squares[i * n + k]) * ri * r[j * n + k];
                    sum += cosine;
                    sumOfSquares += cosine * cosine;
                }
            }
        }
        double mean = 2 * sum / count;
        return Math.max(Math.sqrt(Math.max(0, 2 * sumOfSquares / count - mean * mean)), RelationForm.SMALLEST_SPREAD);
    }

    private static double anchor(
            int j,
            int n,
            BatchDistances pairs,
            double[] rS,
            double[] rT,
            double delta,
            double sigma,
            double share,
            double[] slopes,
            double[] toAnchor) {
        double[] s = pairs.learner().squares();
        double[] t = pairs.guide().squares();
        double sum = 0;
        Arrays.fill(toAnchor, 0, n, 0);
        for (int i = 0; i < n; i++) {
            int ji = j * n + i;
            for (int k = 0; k < i; k++) {
                int jk = j * n + k;
                double rr = rS[ji] * rS[jk];
                double cosS = (s[ji] + s[jk] - s[i * n + k]) / 2 * rr;
                double cosT = (t[ji] + t[jk] - t[i * n + k]) / 2 * rT[ji] * rT[jk];
                double difference = (cosS - cosT) / sigma;
                sum += 2 * Huber.value(difference, delta);
                double slope = share * Huber.slope(difference, delta) / sigma;
                double half = slope * rr / 2;
                slopes[i * n + k] -= half;
                toAnchor[i] += half - slope * cosS * rS[ji] * rS[ji] / 2;
                toAnchor[k] += half - slope * cosS * rS[jk] * rS[jk] / 2;
            }
        }
        for (int i = 0; i < n; i++) {
            slopes[j * n + i] += toAnchor[i];
        }
        return sum;
    }
}
