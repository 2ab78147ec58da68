package io.github.horkd.distill;

import io.github.horkd.data.Resolution;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import java.util.Optional;

/**
 * What a learner takes over from one frozen guide.
 *
 * @param guide        the guide's name: "teacher", or the name of an earlier stage
 * @param resolution         the view of the images that the guide sees
 * @param onEmbeddings the loss between embeddings; empty when they do not count
 * @param onLogits     the loss between logits; empty when they do not count
 */
public record GuideLoss(
        String guide,
        Resolution resolution,
        Optional<HybridOrderLoss> onEmbeddings,
        Optional<HybridOrderLoss> onLogits) {

    /**
     * Rejects a loss without any term.
     *
     * @param guide as the record says
     * @param resolution as the record says
     * @param onEmbeddings as the record says
     * @param onLogits as the record says
     */
    public GuideLoss {
        if (onEmbeddings.isEmpty() && onLogits.isEmpty()) {
            throw new IllegalArgumentException(
                    "guide loss: wanted a loss on embeddings or on logits of '" + guide + "', got neither");
        }
    }

    /**
     * A loss on embeddings, the guide seeing high resolution.
     *
     * @param guide the guide's name
     * @param loss  between its embeddings and the learner's
     * @return the loss
     */
    public static GuideLoss onEmbeddings(String guide, HybridOrderLoss loss) {
        return new GuideLoss(guide, Resolution.HIGH, Optional.of(loss), Optional.empty());
    }

    /**
     * A loss on softened logits, the guide seeing high resolution.
     *
     * @param guide       the guide's name
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return the loss
     */
    public static GuideLoss onLogits(String guide, double weight, double temperature) {
        return new GuideLoss(guide, Resolution.HIGH, Optional.empty(), Optional.of(softLogits(weight, temperature)));
    }

    /**
     * This loss with softened logits besides.
     *
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return a new loss
     */
    public GuideLoss andLogits(double weight, double temperature) {
        return new GuideLoss(guide, resolution, onEmbeddings, Optional.of(softLogits(weight, temperature)));
    }

    /**
     * This loss with the guide seeing another view.
     *
     * @param resolution the view
     * @return a new loss
     */
    public GuideLoss withResolution(Resolution resolution) {
        return new GuideLoss(guide, resolution, onEmbeddings, onLogits);
    }

    private static HybridOrderLoss softLogits(double weight, double temperature) {
        return HybridOrderLoss.of(new HybridOrderLoss.Term("soft logits", weight, new SoftLogitsLoss(temperature)));
    }
}
