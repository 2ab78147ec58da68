package io.github.horkd.eval;

import io.github.horkd.internal.rows.UnitRows;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Identification where a probe may show nobody of the gallery: the rates that a watchlist is judged by.
 * <pre>  s(i)    = max over the gallery's identities c of s(i, c)
 *  FPIR(θ) = share of the strangers with s ≥ θ
 *  DIR(θ)  = share of the known probes with s(own) ≥ θ and own before all others
 *  θ(f)    = the smallest float with FPIR(θ) ≤ f              DIR at FPIR f = DIR(θ(f)), nothing is interpolated</pre>
 * A labelled probe whose identity the gallery does not have is a stranger. A known probe that shares its first place with m others counts 1/(m + 1).
 * A rate below 1 / (number of strangers) cannot be measured on them: DIR there is NaN. The same terms are in ISO/IEC 19795-1. Immutable.
 */
public final class OpenSetIdentification {

    private final Ranked found;
    private final Ranked strangers;
    private final int knownProbes;
    private final int strangerProbes;

    private OpenSetIdentification(Ranked found, Ranked strangers, int knownProbes, int strangerProbes) {
        this.found = found;
        this.strangers = strangers;
        this.knownProbes = knownProbes;
        this.strangerProbes = strangerProbes;
    }

    /**
     * Compares embeddings by their cosines.
     *
     * @param probes        [N, D], of people who are enrolled and of strangers
     * @param probeLabels   N labels; unlabelled rows are left out
     * @param gallery       [M, D], one or more rows an identity
     * @param galleryLabels M labels; unlabelled rows are left out
     * @return the rates
     */
    public static OpenSetIdentification of(INDArray probes, int[] probeLabels, INDArray gallery, int[] galleryLabels) {
        return of(
                Similarity.cosines(UnitRows.of("probes", probes), UnitRows.of("gallery", gallery)),
                probeLabels,
                galleryLabels);
    }

    /**
     * Takes scores that anyone made.
     *
     * @param scores        [N, M], larger is more alike; finite
     * @param probeLabels   N labels
     * @param galleryLabels M labels
     * @return the rates
     */
    public static OpenSetIdentification ofScores(INDArray scores, int[] probeLabels, int[] galleryLabels) {
        return of(Similarity.matrix(scores), probeLabels, galleryLabels);
    }

    private static OpenSetIdentification of(Similarity similarity, int[] probeLabels, int[] galleryLabels) {
        similarity.wantLabels(probeLabels, galleryLabels);
        DenseLabels[] both = DenseLabels.together(galleryLabels, probeLabels);
        DenseLabels those = both[0];
        DenseLabels these = both[1];
        int[] sizes = those.sizes();
        float[] scores = new float[probeLabels.length];
        double[] found = new double[probeLabels.length];
        double[] stranger = new double[probeLabels.length];
        int[] counts = new int[2];
        float[] best = new float[sizes.length];
        similarity.forEach((probe, row, at) -> {
            if (!these.known(probe)) {
                return;
            }
            int own = these.at(probe);
            boolean enrolled = sizes[own] > 0;
            counts[enrolled ? 0 : 1]++;
            those.best(row, at, -1, best);
            float top = Float.NEGATIVE_INFINITY;
            int level = 0;
            for (float each : best) {
                level = each > top ? 1 : level + (each == top ? 1 : 0);
                top = Math.max(top, each);
            }
            // Nobody is enrolled at all: a stranger who is alike to nobody is accepted at no threshold.
            scores[probe] = top;
            if (top > Float.NEGATIVE_INFINITY) {
                found[probe] = enrolled && best[own] == top ? 1.0 / level : 0;
                stranger[probe] = enrolled ? 0 : 1;
            }
        });
        return new OpenSetIdentification(Ranked.of(scores, found), Ranked.of(scores, stranger), counts[0], counts[1]);
    }

    /**
     * How many probes show somebody enrolled.
     *
     * @return a count
     */
    public int knownProbes() {
        return knownProbes;
    }

    /**
     * How many probes show nobody enrolled.
     *
     * @return a count
     */
    public int strangerProbes() {
        return strangerProbes;
    }

    /**
     * The share of known probes that are found and believed.
     *
     * @param threshold a score
     * @return DIR, 0…1, NaN without known probes
     */
    public double detectionRate(double threshold) {
        return found.atOrAbove(threshold) / knownProbes;
    }

    /**
     * The share of strangers who are taken for somebody.
     *
     * @param threshold a score
     * @return FPIR, 0…1, NaN without strangers
     */
    public double falsePositiveRate(double threshold) {
        return strangers.atOrAbove(threshold) / strangerProbes;
    }

    /**
     * The smallest float threshold at which no larger share of the strangers is taken for somebody.
     *
     * @param falsePositiveRate 0…1
     * @return the threshold, −∞ for a rate of 1, NaN without strangers
     */
    public double thresholdAt(double falsePositiveRate) {
        if (!(falsePositiveRate >= 0 && falsePositiveRate <= 1)) {
            throw new IllegalArgumentException("false-positive rate: wanted 0 to 1, got " + falsePositiveRate);
        }
        return strangerProbes == 0 ? Double.NaN : strangers.smallestThreshold(falsePositiveRate);
    }

    /**
     * The share of known probes found when no larger share of the strangers is taken for somebody.
     *
     * @param falsePositiveRate 0…1, for example 1e-2
     * @return DIR at FPIR, 0…1; NaN for a rate below 1 / {@link #strangerProbes()}, and without known probes
     */
    public double detectionAt(double falsePositiveRate) {
        double threshold = thresholdAt(falsePositiveRate);
        return Double.isNaN(threshold) || falsePositiveRate * strangerProbes < 1 - 1e-9
                ? Double.NaN
                : detectionRate(threshold);
    }

    /**
     * Where DIR at a threshold lies, the probes taken as independent.
     *
     * @param threshold a score, chosen on other probes
     * @return an interval of 95 %
     */
    public Interval detectionInterval(double threshold) {
        return Interval.wilson(detectionRate(threshold), knownProbes);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "DIR %s at FPIR 1e-1, %s at 1e-2, %s at 1e-3 (%%; %d known probes, %d strangers)",
                PercentText.of(detectionAt(1e-1)),
                PercentText.of(detectionAt(1e-2)),
                PercentText.of(detectionAt(1e-3)),
                knownProbes,
                strangerProbes);
    }
}
