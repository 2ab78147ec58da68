package io.github.horkd.distill;

import io.github.horkd.data.Resolution;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.loss.SoftLogitsLoss;
import java.util.List;
import java.util.stream.Stream;

/**
 * A loss of the learner against one frozen guide: weighted terms over embeddings, over logits, over feature maps.
 *
 * @param guide        the guide's name: "teacher", or the name of an earlier stage
 * @param resolution   the view of the images that the guide is asked about
 * @param onEmbeddings terms between embeddings; empty when they do not count
 * @param bank         what terms on embeddings that use a {@link io.github.horkd.loss.Bank} are handed, unless they have one of their own
 * @param onLogits     terms between logits of the classes that guide and learner share by name; empty when they do not count
 * @param everywhere   whether what the guide says counts in full whatever the labels say. By default, where labels count, what it says of images that it takes for another
 *                     class is left out, and the loss weighs less the less it is seen to agree with them ({@link TrainingEvent.GuideDisagrees}), and the
 *                     less the further a stage is: at full weight a weak
 *                     teacher made students worse than labels alone do (CIFAR-10, 32 to 8 pixels: 51 % against 54 %)
 * @param labelled     whether terms that read classes are told the images' labels, see {@link #withLabels}
 * @param onMaps       terms between feature maps inside; empty when they do not count
 */
public record GuideLoss(
        String guide,
        Resolution resolution,
        List<Term> onEmbeddings,
        GuideBank bank,
        List<Term> onLogits,
        boolean everywhere,
        boolean labelled,
        List<MapTerm> onMaps) {

    /** Checks that there is a guide, and a term. */
    public GuideLoss {
        Arguments.present("guide", guide);
        Arguments.present("resolution", resolution);
        Arguments.present("bank", bank);
        onEmbeddings = List.copyOf(onEmbeddings);
        onLogits = List.copyOf(onLogits);
        onMaps = List.copyOf(onMaps);
        if (onEmbeddings.isEmpty() && onLogits.isEmpty() && onMaps.isEmpty()) {
            throw new IllegalArgumentException(
                    "guide loss: wanted a loss on embeddings, on logits or on maps of '" + guide + "', got none");
        }
        if (Stream.concat(onEmbeddings.stream(), onLogits.stream()).allMatch(term -> term.weight() == 0)
                && onMaps.stream().allMatch(term -> term.weight() == 0)) {
            throw new IllegalArgumentException(
                    "guide loss: wanted a term of '" + guide + "' with a weight above 0, got all weights 0");
        }
    }

    /**
     * A loss on embeddings, with the guide at high resolution.
     *
     * @param guide the guide's name
     * @param loss  between its embeddings and the learner's; of a {@link HybridOrderLoss} every term is reported by itself
     * @return the loss
     */
    public static GuideLoss onEmbeddings(String guide, BatchLoss loss) {
        return new GuideLoss(
                guide, Resolution.HIGH, terms(loss), GuideBank.defaults(), List.of(), false, false, List.of());
    }

    /**
     * The loss on embeddings that is recommended for the guide, at high resolution: {@link HybridOrderLoss#defaults()} where the guide's space is learned as it is, and contrastive
     * against the {@linkplain #bank bank} where the space had to be fitted, as for most models from outside. Terms that relate more samples than a batch holds are left out.
     *
     * @param guide the guide's name
     * @return the loss
     */
    public static GuideLoss recommended(String guide) {
        return new GuideLoss(
                guide,
                Resolution.HIGH,
                RecommendedLoss.terms(),
                GuideBank.defaults(),
                List.of(),
                false,
                false,
                List.of());
    }

    /** Whether a term on embeddings has a weight. */
    boolean countsEmbeddings() {
        return onEmbeddings.stream().anyMatch(term -> term.weight() > 0);
    }

    /** Whether a term on embeddings has a weight and holds the learner's against the guide's value by value, so that both must lie in one space. */
    boolean comparesValues() {
        return onEmbeddings.stream()
                .anyMatch(term -> term.weight() > 0 && term.loss().needsEqualWidths());
    }

    /** This loss with what is recommended spelt out. */
    GuideLoss resolved(boolean inFittedSpace, int batchSize) {
        List<Term> terms = RecommendedLoss.resolved(onEmbeddings, inFittedSpace, batchSize);
        return new GuideLoss(guide, resolution, terms, bank, onLogits, everywhere, labelled, onMaps);
    }

    /**
     * A loss on logits, with the guide at high resolution.
     *
     * @param guide the guide's name
     * @param loss  between its logits and the learner's
     * @return the loss
     */
    public static GuideLoss onLogits(String guide, BatchLoss loss) {
        return new GuideLoss(
                guide, Resolution.HIGH, List.of(), GuideBank.defaults(), terms(loss), false, false, List.of());
    }

    /**
     * A loss on softened logits, with the guide at high resolution.
     *
     * @param guide       the guide's name
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return the loss
     */
    public static GuideLoss onLogits(String guide, double weight, double temperature) {
        return onLogits(guide, softLogits(weight, temperature));
    }

    /**
     * This loss with softened logits besides.
     *
     * @param weight      of the loss, above 0
     * @param temperature T of {@link SoftLogitsLoss}
     * @return a changed copy
     */
    public GuideLoss andLogits(double weight, double temperature) {
        return new GuideLoss(
                guide,
                resolution,
                onEmbeddings,
                bank,
                terms(softLogits(weight, temperature)),
                everywhere,
                labelled,
                onMaps);
    }

    /**
     * This loss with the guide at another resolution.
     *
     * @param other the view that it is asked about
     * @return a changed copy
     */
    public GuideLoss withResolution(Resolution other) {
        return new GuideLoss(guide, other, onEmbeddings, bank, onLogits, everywhere, labelled, onMaps);
    }

    /**
     * This loss with another bank.
     *
     * @param other what terms that use a bank are handed
     * @return a changed copy
     */
    public GuideLoss withBank(GuideBank other) {
        return new GuideLoss(guide, resolution, onEmbeddings, other, onLogits, everywhere, labelled, onMaps);
    }

    /**
     * This loss in full, whatever the labels say.
     *
     * @return a changed copy
     */
    public GuideLoss alsoWhereGuideErrs() {
        return new GuideLoss(guide, resolution, onEmbeddings, bank, onLogits, true, labelled, onMaps);
    }

    /**
     * This loss with the images' labels for those of its terms that read classes: {@link io.github.horkd.loss.SupervisedContrastiveLoss}, {@link io.github.horkd.loss.OctupletLoss},
     * {@link io.github.horkd.loss.MovingCentreLoss}, {@link io.github.horkd.loss.FalseAcceptRankLoss}, {@link io.github.horkd.loss.DecoupledLogitsLoss}, and
     * {@link io.github.horkd.loss.ClassCentreLoss}, whose {@linkplain #bank bank} is then the centres of all labelled images. Images without label are left out of these terms, and
     * stay in all others. Without this call, each image is a class of its own to them.
     *
     * @return a changed copy
     */
    public GuideLoss withLabels() {
        return new GuideLoss(guide, resolution, onEmbeddings, bank, onLogits, everywhere, true, onMaps);
    }

    /**
     * A loss between feature maps, with the guide at high resolution.
     *
     * @param guide the guide's name
     * @param terms one or more
     * @return the loss
     */
    public static GuideLoss onMaps(String guide, MapTerm... terms) {
        return new GuideLoss(
                guide, Resolution.HIGH, List.of(), GuideBank.defaults(), List.of(), false, false, List.of(terms));
    }

    /**
     * This loss with terms between feature maps besides.
     *
     * @param terms one or more, in the place of those before
     * @return a changed copy
     */
    public GuideLoss andMaps(MapTerm... terms) {
        return new GuideLoss(guide, resolution, onEmbeddings, bank, onLogits, everywhere, labelled, List.of(terms));
    }

    private static List<Term> terms(BatchLoss loss) {
        Arguments.present("loss", loss);
        return loss instanceof HybridOrderLoss sum ? sum.terms() : List.of(new Term(loss.name(), 1, loss));
    }

    private static HybridOrderLoss softLogits(double weight, double temperature) {
        return HybridOrderLoss.of(new Term("soft logits", weight, new SoftLogitsLoss(temperature)));
    }
}
