package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels with a margin that grows with the length of the embedding, and a price on short ones, so that the length becomes a measure of quality (MagFace).
 * <pre>  L = mean over labelled rows of cross-entropy( z ) + λ (1/a + a/u²),   z_c = scale · cos θ_c  for c ≠ y,   z_y = scale · cos(θ_y + m(a))
 *   a = clip(|x|, l, u),   m(a) = m_l + (m_u − m_l) (a − l) / (u − l)</pre>
 * Beyond θ = π − m the cosine goes on as in {@link AngularMarginLoss}; the published code leaves the margin out from θ = π/2 on.
 *
 * <p>The guide's side is the labels, one-hot [N, C]; a row of zeros is not labelled and contributes nothing. The learner is [N, C + D]: cosines between unit embeddings and unit class
 * weights, and behind them the embedding x itself. Its length has a gradient between l and u, where lengths must lie for the loss to teach them: an embedding that ends in batch
 * normalisation is about √D long. Blind to the direction of x.
 *
 * <p>After Meng et al., "MagFace: A Universal Representation for Face Recognition and Quality Assessment", CVPR 2021.
 *
 * @param scale       what multiplies the cosines, &gt; 0
 * @param leastMargin m_l, in radians, 0 to π/2
 * @param mostMargin  m_u, m_l to π/2
 * @param shortest    l, &gt; 0
 * @param longest     u, above l
 * @param price       λ, ≥ 0
 */
public record MagnitudeMarginLoss(
        double scale, double leastMargin, double mostMargin, double shortest, double longest, double price)
        implements BatchLoss {

    /** Rejects values outside the ranges above. */
    public MagnitudeMarginLoss {
        Checks.positive("scale", scale);
        Checks.inRange("leastMargin", leastMargin, 0, Math.PI / 2);
        Checks.inRange("mostMargin", mostMargin, leastMargin, Math.PI / 2);
        Checks.positive("shortest", shortest);
        Checks.inRange("longest", longest, Math.nextUp(shortest), 1e9);
        Checks.inRange("price", price, 0, 1e9);
    }

    /**
     * As the paper has it for embeddings of 512 values: scale 64, margins 0.45 to 0.8 for lengths 10 to 110, λ = 35.
     *
     * @return the loss
     */
    public static MagnitudeMarginLoss published() {
        return new MagnitudeMarginLoss(64, 0.45, 0.8, 10, 110, 35);
    }

    /**
     * The same for embeddings of other lengths.
     *
     * @param least l, &gt; 0
     * @param most  u, above l
     * @return a new loss
     */
    public MagnitudeMarginLoss withLengths(double least, double most) {
        return new MagnitudeMarginLoss(scale, leastMargin, mostMargin, least, most, price);
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        NormedCosines batch = NormedCosines.of("MagnitudeMarginLoss", guide, learner);
        double[] z = batch.values;
        double steepness = (mostMargin - leastMargin) / (longest - shortest);
        double share = 1.0 / batch.labelled;
        double sum = 0;
        for (int i = 0; i < batch.rows; i++) {
            if (!batch.isLabelled(i)) {
                batch.clear(i);
                continue;
            }
            int at = i * batch.width();
            int own = at + batch.labels[i];
            double a = Math.max(shortest, Math.min(longest, batch.norms[i]));
            double margin = leastMargin + steepness * (a - shortest);
            double cosine = z[own];
            z[own] = AngularMarginLoss.harder(cosine, margin);
            for (int c = at; c < at + batch.classes; c++) {
                z[c] *= scale;
            }
            sum += CrossEntropyLoss.crossEntropy(z, at, batch.classes, batch.labels[i], 0, scale * share)
                    + price * (1 / a + a / (longest * longest));
            double byLength = a == batch.norms[i]
                    ? z[own] * AngularMarginLoss.slopeByMargin(cosine, margin) * steepness
                            + price * share * (1 / (longest * longest) - 1 / (a * a))
                    : 0;
            z[own] *= AngularMarginLoss.slope(cosine, margin);
            for (int d = at + batch.classes; d < at + batch.width(); d++) {
                z[d] *= byLength == 0 ? 0 : byLength / a;
            }
        }
        return new LossValue(
                batch.labelled == 0 ? 0 : sum / batch.labelled,
                ArrayCopy.result(z, batch.rows, batch.width(), learner.dataType()));
    }
}
