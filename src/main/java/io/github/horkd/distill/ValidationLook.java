package io.github.horkd.distill;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.PairWeight;
import io.github.horkd.eval.Verification;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Network;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recognises the people of a {@link Validation} as far as a stage has come. What guides say of them is asked once. */
final class ValidationLook {

    private static final Logger LOG = LoggerFactory.getLogger(ValidationLook.class);

    /** Shares of 1; NaN where there is none. */
    record Figures(double rankOne, double auc) {
        static final Figures NONE = new Figures(Double.NaN, Double.NaN);
    }

    private final Stage stage;
    private final PairedImages images;
    private final int[] labels;
    private final KnowledgeStore store;
    private final Optional<KnowledgeSource> gallery;
    private INDArray rawGallery;
    private Figures naive;

    ValidationLook(
            Stage stage, PairedImages images, Map<String, KnowledgeSource> guides, int width, KnowledgeStore store) {
        this.stage = stage;
        this.images = images;
        this.store = store;
        this.labels = IntStream.range(0, images.size()).map(images::label).toArray();
        boolean taught =
                stage.losses().stream().anyMatch(loss -> !loss.onEmbeddings().isEmpty());
        this.gallery = taught
                ? guides.values().stream()
                        .filter(guide -> RunSpaces.width(guide, stage.options().space()) == width)
                        .filter(this::seesHigh)
                        .findFirst()
                : Optional.empty();
    }

    private boolean seesHigh(KnowledgeSource guide) {
        try {
            guide.require(images, Resolution.HIGH);
            return true;
        } catch (IllegalArgumentException e) {
            return false; // An assistant that saw low resolution; the teacher makes the gallery then.
        }
    }

    /** What is matched with what. */
    String matching() {
        return (gallery.isPresent() || stage.resolution() == Resolution.HIGH ? "HR-" : "LR-")
                + (stage.resolution() == Resolution.HIGH ? "HR" : "LR");
    }

    Figures of(Network learner) {
        INDArray probes = Embeddings.by(learner).of(images, stage.resolution());
        if (gallery.isEmpty()) {
            return figures(probes, probes);
        }
        KnowledgeSource guide = gallery.get();
        if (rawGallery == null) {
            rawGallery = known(guide, Resolution.HIGH);
        }
        boolean asItIs = guide.toMatch(learner) == guide;
        return figures(
                probes,
                asItIs ? rawGallery : learner.embeddingSpace().orElseThrow().apply(rawGallery));
    }

    /** The guide given enlarged low-resolution pictures, by the best interpolation; none where it takes no such pictures. */
    Figures naive() {
        if (naive == null) {
            naive = gallery.filter(guide -> stage.resolution() == Resolution.LOW && guide.seesPixels())
                    .map(this::bestNaive)
                    .orElse(Figures.NONE);
        }
        return naive;
    }

    private Figures bestNaive(KnowledgeSource guide) {
        if (rawGallery == null) {
            rawGallery = known(guide, Resolution.HIGH);
        }
        Figures best = Figures.NONE;
        for (Interpolation how : Interpolation.values()) {
            KnowledgeSource enlarged = guide.upsampled(how);
            try {
                enlarged.require(images, Resolution.LOW);
            } catch (IllegalArgumentException e) {
                LOG.info("{}: the naive use of its guide is not measured: {}", stage.name(), e.getMessage());
                return Figures.NONE;
            }
            Figures tried = figures(known(enlarged, Resolution.LOW), rawGallery);
            best = !(best.auc() >= tried.auc()) ? tried : best;
        }
        return best;
    }

    private INDArray known(KnowledgeSource guide, Resolution sees) {
        Knowledge said = store.of(guide, images, sees, KnownPoses.asIs(), seen -> {});
        Pose[] poses = new Pose[images.size()];
        Arrays.fill(poses, Pose.IDENTITY);
        return said.embeddings(IntStream.range(0, poses.length).toArray(), poses);
    }

    private Figures figures(INDArray probes, INDArray sharp) {
        return new Figures(
                Identification.leaveOneOut(probes, sharp, labels).rank(1),
                Verification.allPairs(sharp, probes, labels, PairWeight.PER_PERSON)
                        .auc());
    }
}
