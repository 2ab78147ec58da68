package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.Term;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** From a stage to its loss heads, with every check that can be made before the first image is looked at. */
final class LossHeads {

    private final Stage stage;
    private final Network learner;
    private final Map<String, KnowledgeSource> guides;
    private final PairedImages images;
    private final TrainingListener listener;
    private final List<LossHead> heads = new ArrayList<>();

    private LossHeads(
            Stage stage,
            Network learner,
            Map<String, KnowledgeSource> guides,
            PairedImages images,
            TrainingListener listener) {
        this.stage = stage;
        this.learner = learner;
        this.guides = guides;
        this.images = images;
        this.listener = listener;
    }

    static List<LossHead> of(
            Stage stage,
            Network learner,
            Map<String, KnowledgeSource> guides,
            PairedImages images,
            TrainingListener listener) {
        LossHeads all = new LossHeads(stage, learner, guides, images, listener);
        if (stage.options().labelWeight() > 0) {
            all.addLabels(stage.options().labelWeight());
        }
        stage.losses().forEach(all::addGuideLoss);
        if (all.heads.isEmpty()) {
            throw all.refused(
                    "nothing to learn from: logits are all there is, and learner and guide share no two classes");
        }
        return all.heads;
    }

    private void addLabels(double weight) {
        String counts = "labels count (labelWeight " + weight + "), but ";
        Head head = learner.head()
                .orElseThrow(() -> refused(
                        counts + "the learner has no classes; set labelWeight to 0, of a Distillation labels(0)"));
        ClassPairs pairs = ClassPairs.of(learner.classes(), images.classes());
        List<Integer> columns =
                new ArrayList<>(Collections.nCopies(images.classes().size(), -1));
        for (int i = 0; i < pairs.shared(); i++) {
            columns.set(pairs.second().get(i), pairs.first().get(i));
        }
        long told = IntStream.range(0, images.size())
                .map(images::label)
                .filter(label -> label != PairedImages.UNLABELLED && columns.get(label) >= 0)
                .distinct()
                .count();
        if (told < 2) {
            throw refused(counts + (told == 0 ? "none" : "only one class") + " of the " + images.size()
                    + " images has a label that the learner knows"
                    + (told == 0 ? "" : ": there is nothing to tell apart")
                    + "; set labelWeight to 0, of a Distillation labels(0)");
        }
        if (!pairs.onlySecond().isEmpty()) {
            listener.on(new TrainingEvent.ClassesLeftOut(
                    stage.name(), "labels", pairs.onlySecond(), "the learner does not know them"));
        }
        HybridOrderLoss loss = HybridOrderLoss.of(new Term("labels", weight, head.labelLoss()));
        String vertex = learner.graph().getVertex(head.trainedVertex()) != null
                ? head.trainedVertex()
                : learner.logitsVertex().orElseThrow();
        String beside = head.looksAtEmbedding() ? learner.embeddingVertex() : "";
        heads.add(new LossHead("on-labels", vertex, beside, 0, loss, LossHead.Source.LABELS, "", columns));
    }

    private void addGuideLoss(GuideLoss loss) {
        KnowledgeSource guide = guides.get(loss.guide());
        if (guide == null) {
            throw refused("no guide '" + loss.guide() + "'; there are " + guides.keySet());
        }
        try {
            guide.require(images, loss.resolution());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "stage " + stage.name() + ": " + loss.guide() + ", " + e.getMessage(), e);
        }
        if (loss.labelled()) {
            requireLabels(loss);
        }
        addEmbeddings(loss, RunSpaces.width(guide, stage.options().space()));
        if (!loss.onLogits().isEmpty()) {
            heads.addAll(new LogitHeads(stage, learner, images.classes(), listener).of(loss, guide));
        }
        for (MapTerm term : loss.onMaps()) {
            heads.add(MapHeads.of(stage, learner, loss, term, guide));
        }
    }

    private void requireLabels(GuideLoss loss) {
        boolean reads = Stream.concat(loss.onEmbeddings().stream(), loss.onLogits().stream())
                .map(Term::loss)
                .anyMatch(term -> term.readsClasses() || term.comparesWithClasses());
        if (!reads) {
            throw refused("the loss against '" + loss.guide()
                    + "' is told labels, but none of its terms reads classes; leave withLabels() out");
        }
        long told = IntStream.range(0, images.size())
                .map(images::label)
                .filter(label -> label != PairedImages.UNLABELLED)
                .distinct()
                .count();
        if (told < 2) {
            throw refused("the loss against '" + loss.guide() + "' is told labels, but the " + images.size()
                    + " images are of " + told + " classes: there is nothing to tell apart; leave withLabels() out");
        }
    }

    private void addEmbeddings(GuideLoss loss, int width) {
        checkBatch(loss.onEmbeddings());
        Predicate<Term> classed = term -> loss.labelled() && term.loss().readsClasses();
        Predicate<Term> centred = term -> loss.labelled() && term.loss().comparesWithClasses();
        List<Integer> numbers =
                IntStream.range(0, images.classes().size()).boxed().toList();
        addEmbeddings(loss, width, "", classed.negate().and(centred.negate()), LossHead.Source.EMBEDDINGS, List.of());
        addEmbeddings(loss, width, "-classed", classed, LossHead.Source.EMBEDDINGS, numbers);
        addEmbeddings(loss, width, "-centres", centred, LossHead.Source.CENTRES, List.of());
    }

    private void addEmbeddings(
            GuideLoss loss,
            int width,
            String suffix,
            Predicate<Term> which,
            LossHead.Source source,
            List<Integer> classes) {
        // Terms that compare value with value get a learned projection to the guide's width; relations need none.
        boolean fits = width == learner.embeddingWidth();
        Map<Boolean, List<Term>> parts = loss.onEmbeddings().stream()
                .filter(which)
                .collect(Collectors.partitioningBy(term -> !fits && term.loss().needsEqualWidths()));
        parts.forEach((projected, terms) -> {
            if (!terms.isEmpty()) {
                heads.add(new LossHead(
                                loss.guide() + (projected ? "-projected" : "-embeddings") + suffix,
                                learner.embeddingVertex(),
                                "",
                                projected ? width : 0,
                                new HybridOrderLoss(terms),
                                source,
                                loss.guide(),
                                List.of())
                        .withClasses(classes));
            }
        });
    }

    private void checkBatch(List<Term> terms) {
        for (Term term : terms) {
            int batch = stage.options().schedule().batchSize();
            if (batch < term.loss().smallestBatch()) {
                throw refused("'" + term.name() + "' relates " + term.loss().smallestBatch()
                        + " samples, so the batch must hold as many; batchSize is " + batch);
            }
        }
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("stage " + stage.name() + ": " + why);
    }
}
