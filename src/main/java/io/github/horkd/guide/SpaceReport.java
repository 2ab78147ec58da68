package io.github.horkd.guide;

import java.util.List;
import java.util.Locale;

/**
 * What embeddings are like, before anything is done to them.
 *
 * @param rows               how many were looked at
 * @param width              D
 * @param meanLength         mean of their lengths
 * @param lengthDeviation    standard deviation of their lengths
 * @param meanCosine         mean cosine of two different rows: near 0 for a centred space, near 1 where all rows point one way
 * @param effectiveDimension (Σλ)² / Σλ² over the eigenvalues λ of their covariance: 1 … D, and 0 where all rows are alike
 * @param constantDimensions how many values are the same in all rows
 * @param spectrum           the eigenvalues, largest first; empty where they were not needed and D is above {@value #SPECTRUM_WIDTH}
 */
public record SpaceReport(
        int rows,
        int width,
        double meanLength,
        double lengthDeviation,
        double meanCosine,
        double effectiveDimension,
        int constantDimensions,
        List<Double> spectrum) {

    /**
     * Above this {@link #offCentre()}, a space is centred by default. Two random rows then have a mean cosine above 0.09. A learner would be taught the
     * common direction first: a public face descriptor of 0.92 cost its students 23 points of AUC across resolutions, and centring gave them back.
     */
    public static final double OFF_CENTRE = 0.3;

    static final int SPECTRUM_WIDTH = 1024;

    public SpaceReport {
        spectrum = List.copyOf(spectrum);
    }

    /**
     * The length of the mean unit row, less what chance gives few rows: the root of {@link #meanCosine()}.
     *
     * @return 0 for rows in all directions … 1 for rows in one
     */
    public double offCentre() {
        return Math.sqrt(Math.max(0, meanCosine));
    }

    /** In words, for a log. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d embeddings of width %d: lengths %.4g ± %.2g, mean cosine of two rows %.3f (%s), effective dimension %.1f%s",
                rows,
                width,
                meanLength,
                lengthDeviation,
                meanCosine,
                offCentre() > OFF_CENTRE ? "off centre" : "centred",
                effectiveDimension,
                constantDimensions == 0 ? "" : ", " + constantDimensions + " dimensions constant");
    }
}
