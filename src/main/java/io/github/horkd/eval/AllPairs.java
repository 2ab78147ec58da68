package io.github.horkd.eval;

import io.github.horkd.internal.rows.RowProducts;
import io.github.horkd.internal.rows.UnitRows;

/**
 * Counts the cosines of every pair of a set in a fine histogram, so that memory does not grow with the number of pairs.
 */
final class AllPairs {

    /** Steps of 2⁻²¹ ≈ 5e-7 over −1…1, about what float gemm rounds anyway. */
    private static final int BINS = (1 << 22) + 1;

    private static final int CENTRE = BINS / 2;

    private final DenseLabels labels;
    private final double[] votes;
    /** Scores lie in −reach…reach. */
    private final int reach;

    private final double[] matched = new double[BINS];
    private final double[] mismatched = new double[BINS];
    private long matchedPairs;
    private long mismatchedPairs;

    private AllPairs(DenseLabels labels, double[] votes, int reach) {
        this.labels = labels;
        this.votes = votes;
        this.reach = reach;
    }

    /**
     * Scores row i of {@code first} with row j of {@code second}: every j ≠ i when {@code ordered}, every j &gt; i
     * otherwise.
     */
    static Verification score(UnitRows first, UnitRows second, int[] labels, PairWeight weight, boolean ordered) {
        return score(first, second, labels, weight, ordered, 1, (i, row, at) -> {});
    }

    /** The same, with cosines changed in place before they are counted, into {@code −reach…reach}. */
    static Verification score(
            UnitRows first,
            UnitRows second,
            int[] labels,
            PairWeight weight,
            boolean ordered,
            int reach,
            RowProducts.Visitor change) {
        first.wantLabels(labels);
        DenseLabels known = DenseLabels.of(labels);
        AllPairs all = new AllPairs(known, votes(known.sizes(), weight, ordered), reach);
        first.compare(second, (i, row, at) -> {
            if (known.known(i)) {
                change.see(i, row, at);
                all.count(i, row, at, ordered ? 0 : i + 1);
            }
        });
        return new Verification(
                Ranked.ofBins(all.matched, reach),
                Ranked.ofBins(all.mismatched, reach),
                all.matchedPairs,
                all.mismatchedPairs);
    }

    private void count(int i, float[] row, int at, int from) {
        int own = labels.at(i);
        for (int j = from; j < labels.dense().length; j++) {
            if (j == i || !labels.known(j)) {
                continue;
            }
            int bin = Math.round(Math.max(-1, Math.min(1, row[at + j] / reach)) * CENTRE) + CENTRE;
            if (labels.at(j) == own) {
                matched[bin] += votes[own];
                matchedPairs++;
            } else {
                mismatched[bin]++;
                mismatchedPairs++;
            }
        }
    }

    private static double[] votes(int[] sizes, PairWeight weight, boolean ordered) {
        double[] votes = new double[sizes.length];
        for (int c = 0; c < sizes.length; c++) {
            double pairs = (double) sizes[c] * (sizes[c] - 1) / (ordered ? 1 : 2);
            votes[c] = weight == PairWeight.PER_PERSON ? 1 / pairs : 1;
        }
        return votes;
    }
}
