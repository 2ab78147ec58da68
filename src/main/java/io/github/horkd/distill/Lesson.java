package io.github.horkd.distill;

import io.github.horkd.data.Resolution;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.SoftLogitsLoss;
import java.util.Optional;

/**
 * What a learner takes over from one frozen guide.
 *
 * @param guide        the guide's name: "teacher", or the name of an earlier stage
 * @param sees         the view of the images that the guide sees
 * @param onEmbeddings the loss between embeddings; empty when they do not count
 * @param onLogits     the loss between logits; empty when they do not count
 */
public record Lesson(
        String guide, Resolution sees, Optional<HybridOrderLoss> onEmbeddings, Optional<HybridOrderLoss> onLogits) {

    /**
     * Rejects a lesson that teaches nothing.
     *
     * @param guide as the record says
     * @param sees as the record says
     * @param onEmbeddings as the record says
     * @param onLogits as the record says
     */
    public Lesson {
        if (onEmbeddings.isEmpty() && onLogits.isEmpty()) {
            throw new IllegalArgumentException(
                    "lesson: wanted a loss on embeddings or on logits of '" + guide + "', got neither");
        }
    }

    /**
     * A lesson on embeddings, the guide seeing high resolution.
     *
     * @param guide the guide's name
     * @param loss  between its embeddings and the learner's
     * @return the lesson
     */
    public static Lesson onEmbeddings(String guide, HybridOrderLoss loss) {
        return new Lesson(guide, Resolution.HIGH, Optional.of(loss), Optional.empty());
    }

    /**
     * A lesson on softened logits, the guide seeing high resolution.
     *
     * @param guide       the guide's name
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return the lesson
     */
    public static Lesson onLogits(String guide, double weight, double temperature) {
        return new Lesson(guide, Resolution.HIGH, Optional.empty(), Optional.of(softLogits(weight, temperature)));
    }

    /**
     * This lesson with softened logits besides.
     *
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return a new lesson
     */
    public Lesson andLogits(double weight, double temperature) {
        return new Lesson(guide, sees, onEmbeddings, Optional.of(softLogits(weight, temperature)));
    }

    /**
     * This lesson with the guide seeing another view.
     *
     * @param resolution the view
     * @return a new lesson
     */
    public Lesson seeing(Resolution resolution) {
        return new Lesson(guide, resolution, onEmbeddings, onLogits);
    }

    private static HybridOrderLoss softLogits(double weight, double temperature) {
        return HybridOrderLoss.of(new HybridOrderLoss.Term("soft logits", weight, new SoftLogitsLoss(temperature)));
    }
}
