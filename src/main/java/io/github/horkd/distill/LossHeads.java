package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** From a stage to its loss heads, with every check that can be made before the first image is looked at. */
final class LossHeads {

    private final Stage stage;
    private final Network learner;
    private final Map<String, KnowledgeSource> guides;
    private final PairedImages images;
    private final List<LossHead> heads = new ArrayList<>();

    private LossHeads(Stage stage, Network learner, Map<String, KnowledgeSource> guides, PairedImages images) {
        this.stage = stage;
        this.learner = learner;
        this.guides = guides;
        this.images = images;
    }

    static List<LossHead> of(Stage stage, Network learner, Map<String, KnowledgeSource> guides, PairedImages images) {
        LossHeads all = new LossHeads(stage, learner, guides, images);
        all.addLabels();
        stage.losses().forEach(all::addGuideLoss);
        return all.heads;
    }

    private void addLabels() {
        if (stage.labelWeight() == 0) {
            return;
        }
        Head head = learner.head()
                .orElseThrow(() -> new IllegalArgumentException("stage " + stage.name() + ": labels count (labelWeight "
                        + stage.labelWeight() + "), but the images have no classes; set labelWeight to 0"));
        if (IntStream.range(0, images.size()).allMatch(i -> images.label(i) == PairedImages.UNLABELLED)) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": labels count (labelWeight " + stage.labelWeight()
                            + "), but none of the " + images.size() + " images has one; set labelWeight to 0");
        }
        HybridOrderLoss loss =
                HybridOrderLoss.of(new HybridOrderLoss.Term("labels", stage.labelWeight(), head.labelLoss()));
        String vertex = learner.graph().getVertex(head.trainedVertex()) != null
                ? head.trainedVertex()
                : learner.logitsVertex().orElseThrow();
        heads.add(new LossHead("on-labels", vertex, 0, loss, LossHead.Source.LABELS, ""));
    }

    private void addGuideLoss(GuideLoss guideLoss) {
        KnowledgeSource guide = guides.get(guideLoss.guide());
        if (guide == null) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": no guide '" + guideLoss.guide() + "'; there are " + guides.keySet());
        }
        try {
            guide.require(images, guideLoss.resolution());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": " + guideLoss.guide() + ", " + e.getMessage(), e);
        }
        guideLoss.onEmbeddings().ifPresent(loss -> addEmbeddings(guideLoss.guide(), guide, loss));
        guideLoss.onLogits().ifPresent(loss -> addLogits(guideLoss.guide(), guide, loss));
    }

    private void addEmbeddings(String name, KnowledgeSource guide, HybridOrderLoss loss) {
        checkBatch(loss);
        int wanted = guide.embeddingWidth();
        if (wanted == learner.embeddingWidth()) {
            heads.add(embeddings(name, "-embeddings", 0, loss));
            return;
        }
        // Terms that compare value with value get a learned projection to the guide's width; relations need none.
        addPart(name, "-projected", wanted, loss, t -> t.loss().needsEqualWidths());
        addPart(name, "-embeddings", 0, loss, t -> !t.loss().needsEqualWidths());
    }

    private void addPart(
            String name, String suffix, int project, HybridOrderLoss loss, Predicate<HybridOrderLoss.Term> which) {
        HybridOrderLoss.Term[] terms = loss.terms().stream().filter(which).toArray(HybridOrderLoss.Term[]::new);
        if (terms.length > 0) {
            heads.add(embeddings(name, suffix, project, HybridOrderLoss.of(terms)));
        }
    }

    private LossHead embeddings(String name, String suffix, int project, HybridOrderLoss loss) {
        return new LossHead(name + suffix, learner.embeddingVertex(), project, loss, LossHead.Source.EMBEDDINGS, name);
    }

    private void addLogits(String name, KnowledgeSource guide, HybridOrderLoss loss) {
        if (guide.classes().size() == 0
                || guide.classes().size() != learner.classes().size()) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": soft logits need the same classes on both sides, but "
                            + name + " tells " + guide.classes().size() + " apart and the learner "
                            + learner.classes().size()
                            + "; leave soft logits out, or train on images with the guide's classes");
        }
        heads.add(new LossHead(
                name + "-logits", learner.logitsVertex().orElseThrow(), 0, loss, LossHead.Source.LOGITS, name));
    }

    private void checkBatch(HybridOrderLoss loss) {
        for (HybridOrderLoss.Term term : loss.terms()) {
            if (stage.schedule().batchSize() < term.loss().smallestBatch()) {
                throw new IllegalArgumentException("stage " + stage.name() + ": '" + term.name() + "' relates "
                        + term.loss().smallestBatch() + " samples, so the batch must hold as many; batchSize is "
                        + stage.schedule().batchSize());
            }
        }
    }
}
