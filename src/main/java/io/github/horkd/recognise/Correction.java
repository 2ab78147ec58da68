package io.github.horkd.recognise;

import io.github.horkd.guide.LocalScaling;
import java.util.Arrays;

/**
 * What takes the advantage away that identities with many templates, or with templates near everybody's, have with strangers. Each identity's best similarity is
 * compared with those that templates of others have with it:
 * <pre>  s' = (s − μ_c) · σ / σ_c + μ</pre>
 * with mean μ_c and deviation σ_c over a cohort of others, and μ, σ their means over all identities, so that s' stays on the scale of cosines. This is the z-norm
 * of speaker recognition (Auckenthaler, Carey and Lloyd-Thomas, "Score normalization for text-independent speaker verification systems", 2000); σ_c is
 * drawn to σ by as many further cases as {@value #PRIOR}.
 */
final class Correction {

    static final Correction NONE = new Correction(null, null);

    private static final int COHORT = 256;
    private static final int AT_ONCE = 8;
    private static final int PRIOR = 8;
    private static final int SCALED_AT_ONCE = 1024;

    private final float[] factors;
    private final float[] offsets;

    private Correction(float[] factors, float[] offsets) {
        this.factors = factors;
        this.offsets = offsets;
    }

    float of(int number, float similarity) {
        return factors == null ? similarity : similarity * factors[number] + offsets[number];
    }

    /** What local scaling takes from each identity: half the mean over its rows of how alike they are to a cohort. */
    static Correction of(LocalScaling scaling, TemplateRows rows, int numbers) {
        double[] sums = new double[numbers];
        int[] cases = new int[numbers];
        int width = rows.width();
        float[] some = new float[SCALED_AT_ONCE * width];
        int[] owners = new int[SCALED_AT_ONCE];
        int[] filled = new int[1];
        Runnable flush = () -> {
            float[] means = scaling.ofGallery(Arrays.copyOf(some, filled[0] * width));
            for (int r = 0; r < filled[0]; r++) {
                sums[owners[r]] += means[r];
                cases[owners[r]]++;
            }
            filled[0] = 0;
        };
        rows.forEach((owner, block, row) -> {
            block.values().read(row, some, filled[0] * width);
            owners[filled[0]++] = owner;
            if (filled[0] == SCALED_AT_ONCE) {
                flush.run();
            }
        });
        flush.run();
        float[] factors = new float[numbers];
        float[] offsets = new float[numbers];
        Arrays.fill(factors, 1);
        for (int c = 0; c < numbers; c++) {
            offsets[c] = cases[c] == 0 ? 0 : (float) (-sums[c] / cases[c] / 2);
        }
        return new Correction(factors, offsets);
    }

    /** Compares everybody with templates of others, at most {@value #COHORT} spread evenly. */
    static Correction of(TemplateRows templates, int numbers) {
        int all = templates.count();
        int count = Math.min(COHORT, all);
        float[] cohort = new float[count * templates.width()];
        int[] owners = new int[count];
        int[] at = new int[2];
        templates.forEachByOwner(numbers, (owner, block, row) -> {
            if ((long) at[0]++ * count / all == at[1] && at[1] < count) {
                owners[at[1]] = owner;
                block.values().read(row, cohort, at[1]++ * templates.width());
            }
        });
        double[] sums = new double[numbers];
        double[] squares = new double[numbers];
        int[] cases = new int[numbers];
        TemplateSearch search = new TemplateSearch(templates);
        for (int from = 0; from < count; from += AT_ONCE) {
            int size = Math.min(AT_ONCE, count - from);
            float[] some = Arrays.copyOfRange(cohort, from * templates.width(), (from + size) * templates.width());
            BestIdentities[] best = search.best(some, size, numbers, numbers, NONE);
            for (int p = 0; p < size; p++) {
                for (int number = 0; number < numbers; number++) {
                    float similarity = best[p].similarity(number);
                    if (number != owners[from + p] && similarity > Float.NEGATIVE_INFINITY) {
                        sums[number] += similarity;
                        squares[number] += (double) similarity * similarity;
                        cases[number]++;
                    }
                }
            }
        }
        return of(sums, squares, cases);
    }

    private static Correction of(double[] sums, double[] squares, int[] cases) {
        int numbers = sums.length;
        double mean = 0;
        double variance = 0;
        int known = 0;
        for (int c = 0; c < numbers; c++) {
            if (cases[c] > 1) {
                mean += sums[c] / cases[c];
                variance += variance(sums[c], squares[c], cases[c]);
                known++;
            }
        }
        if (known < 2 || variance == 0) {
            return NONE;
        }
        mean /= known;
        variance /= known;
        float[] factors = new float[numbers];
        float[] offsets = new float[numbers];
        Arrays.fill(factors, 1);
        for (int c = 0; c < numbers; c++) {
            if (cases[c] > 1) {
                double own =
                        (cases[c] * variance(sums[c], squares[c], cases[c]) + PRIOR * variance) / (cases[c] + PRIOR);
                factors[c] = (float) Math.sqrt(variance / own);
                offsets[c] = (float) (mean - sums[c] / cases[c] * factors[c]);
            }
        }
        return new Correction(factors, offsets);
    }

    private static double variance(double sum, double squares, int cases) {
        return Math.max(0, squares / cases - sum / cases * (sum / cases));
    }
}
