package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the guides of a stage, and makes of their answers what its losses are handed: rows in a space, banks, weights. */
record StageKnowledge(
        Stage stage,
        Map<String, KnowledgeSource> guides,
        KnowledgeStore store,
        RunSpaces spaces,
        TrainingListener listener) {

    /** What the guides know of the training images. One that has collapsed is refused; what is found about one is told. */
    Map<String, GuideKnowledge> ofTraining(PairedImages images, KnownPoses poses) {
        return ask(images, poses, true);
    }

    /** What the guides know of other images, in the spaces that are there already. */
    Map<String, GuideKnowledge> of(PairedImages images, KnownPoses poses) {
        return ask(images, poses, false);
    }

    private Map<String, GuideKnowledge> ask(PairedImages images, KnownPoses poses, boolean training) {
        Map<String, GuideKnowledge> known = new LinkedHashMap<>();
        int views = Math.multiplyExact(images.size(), poses.count());
        for (GuideLoss loss : stage.losses()) {
            KnowledgeSource guide = guides.get(loss.guide());
            Knowledge said = store.of(
                    guide,
                    images,
                    loss.resolution(),
                    poses,
                    seen -> listener.on(new TrainingEvent.KnowledgeGathered(stage.name(), loss.guide(), seen, views)));
            GuideAgreement agreement =
                    GuideAgreement.of(loss, guide, images, stage.options().labelWeight());
            double trust = 1;
            if (training) {
                Collapse.refuseGuide(stage.name(), loss, said, images.size());
                trust = trust(loss.guide(), agreement, said, images);
            }
            EmbeddingSpace space =
                    spaces.of(loss.guide(), guide, said, stage.options().space());
            known.put(loss.guide(), new GuideKnowledge(said, space, agreement, trust));
        }
        return known;
    }

    private double trust(String guide, GuideAgreement agreement, Knowledge said, PairedImages images) {
        if (agreement.countsEverything()) {
            return 1;
        }
        int[] counts = agreement.count(said, images);
        double trust = agreement.trust(counts[0], counts[1]);
        if (counts[1] < counts[0]) {
            listener.on(new TrainingEvent.GuideDisagrees(stage.name(), guide, counts[0], counts[1], trust));
        }
        return trust;
    }

    /** Whether a guide's embeddings are learned in a space that is not its own. */
    boolean inFittedSpace(String guide, Map<String, GuideKnowledge> known) {
        EmbeddingSpace learned =
                guides.get(guide).embeddingSpace().orElse(known.get(guide).space());
        return learned.kind() != SpaceMethod.Kind.RAW;
    }

    /** A loss head with its bank, if it uses one, and the weight that its guide deserves. */
    LossHead handed(LossHead head, Map<String, GuideKnowledge> known, int images) {
        if (head.source() == LossHead.Source.LABELS) {
            return head;
        }
        GuideKnowledge guide = known.get(head.guide());
        LossHead trusted = head.weighted(guide.trust());
        if (!head.loss().usesBank()) {
            return trusted;
        }
        GuideLoss loss = stage.losses().stream()
                .filter(each -> each.guide().equals(head.guide()))
                .findFirst()
                .orElseThrow();
        return trusted.withBank(loss.bank()
                .of(guide.knowledge(), guide.space(), images, stage.options().seed()));
    }

    /** The space that a learner's embeddings will lie in: that of the first guide whose embeddings count; empty when none do, and they stay where they are. */
    Optional<EmbeddingSpace> spaceOfLearner(int width, Map<String, GuideKnowledge> known) {
        return stage.losses().stream()
                .filter(loss -> !loss.onEmbeddings().isEmpty())
                .findFirst()
                .map(loss -> {
                    EmbeddingSpace fitted = known.get(loss.guide()).space();
                    listener.on(new TrainingEvent.SpaceFitted(stage.name(), loss.guide(), fitted));
                    return RunSpaces.ofLearner(width, guides.get(loss.guide()), fitted);
                });
    }
}
