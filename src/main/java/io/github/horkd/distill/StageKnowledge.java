package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import java.util.LinkedHashMap;
import java.util.List;
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
    Map<String, GuideKnowledge> ofTraining(StageImages parts, KnownPoses poses) {
        return ask(parts, parts.learned(), parts.training(), poses, true);
    }

    /** What the guides know of the pairs that are held out, in the spaces that are there already. */
    Map<String, GuideKnowledge> ofHeldOut(StageImages parts, KnownPoses poses) {
        PairedImages held = parts.pairs().orElseThrow().images();
        return ask(parts, parts.held(), held, poses.areDrawn() ? KnownPoses.asIs() : poses, false);
    }

    /** They are asked about all images, whatever part is wanted: another seed wants another part. */
    private Map<String, GuideKnowledge> ask(
            StageImages parts, int[] part, PairedImages images, KnownPoses poses, boolean training) {
        Map<String, GuideKnowledge> known = new LinkedHashMap<>();
        int views = Math.multiplyExact(parts.all().size(), poses.count());
        for (GuideLoss loss : stage.losses()) {
            KnowledgeSource guide = guides.get(loss.guide());
            Knowledge all = store.of(
                    guide,
                    parts.all(),
                    loss.resolution(),
                    poses,
                    seen -> listener.on(new TrainingEvent.KnowledgeGathered(stage.name(), loss.guide(), seen, views)));
            Knowledge said = parts.split() ? all.ofPart(part) : all;
            GuideAgreement agreement =
                    GuideAgreement.of(loss, guide, images, stage.options().labelWeight());
            double trust = 1;
            if (training) {
                Collapse.refuseGuide(stage.name(), loss, said, images.size());
                Softened.sayWhereTheyAreProbabilities(stage.name(), loss, said, images.size());
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
        GuideAgreement.Counts counts = agreement.count(said, images);
        if (counts.agreed() < counts.labelled()) {
            listener.on(new TrainingEvent.GuideDisagrees(
                    stage.name(), guide, counts.labelled(), counts.agreed(), counts.trust()));
        }
        return counts.trust();
    }

    /** Whether a guide's embeddings are learned in a space that is not its own. */
    boolean inFittedSpace(String guide, Map<String, GuideKnowledge> known) {
        EmbeddingSpace learned =
                guides.get(guide).embeddingSpace().orElse(known.get(guide).space());
        return learned.kind() != SpaceMethod.Kind.RAW;
    }

    /** A loss head with its bank, if it uses one, and the weight that its guide deserves. */
    LossHead handed(
            LossHead head,
            Map<String, GuideKnowledge> known,
            PairedImages images,
            Map<String, GuideKnowledge> held,
            PairedImages heldImages) {
        if (head.source() == LossHead.Source.LABELS) {
            return head;
        }
        GuideKnowledge guide = known.get(head.guide());
        LossHead trusted = head.weighted(guide.trust());
        if (head.source() == LossHead.Source.EMBEDDINGS || head.source() == LossHead.Source.CENTRES) {
            new OwnBanks(stage.name(), head, listener).check(guide, images.size());
        }
        if (!head.loss().usesBank()) {
            return trusted;
        }
        GuideLoss loss = stage.losses().stream()
                .filter(each -> each.guide().equals(head.guide()))
                .findFirst()
                .orElseThrow();
        return trusted.withBank(
                head.source() == LossHead.Source.CENTRES
                        ? ClassCentres.of(guide, images, held.get(head.guide()), heldImages)
                        : loss.bank()
                                .of(
                                        guide.knowledge(),
                                        guide.space(),
                                        images.size(),
                                        stage.options().seed()));
    }

    /** Guides of another width than the learner's do not count: a projection that is left behind stands between them. */
    private void tellOfDifferentSpaces(int width, Map<String, GuideKnowledge> known) {
        List<String> compared = stage.losses().stream()
                .filter(loss -> loss.comparesValues() && known.get(loss.guide()).trust() > 0)
                .map(GuideLoss::guide)
                .filter(guide ->
                        RunSpaces.width(guides.get(guide), stage.options().space()) == width)
                .toList();
        if (compared.stream()
                        .map(guide -> spaces.nameOf(guide, guides.get(guide)))
                        .distinct()
                        .count()
                > 1) {
            listener.on(new TrainingEvent.SpacesDiffer(stage.name(), compared));
        }
    }

    /**
     * The space that a learner's embeddings will lie in: that of the first guide whose embeddings count; empty when none do, and they stay where they are. Those of
     * a guide that deserves no weight do not count.
     */
    Optional<EmbeddingSpace> spaceOfLearner(int width, Map<String, GuideKnowledge> known) {
        tellOfDifferentSpaces(width, known);
        return stage.losses().stream()
                .filter(loss ->
                        loss.countsEmbeddings() && known.get(loss.guide()).trust() > 0)
                .findFirst()
                .map(loss -> {
                    EmbeddingSpace fitted = known.get(loss.guide()).space();
                    listener.on(new TrainingEvent.SpaceFitted(stage.name(), loss.guide(), fitted));
                    return RunSpaces.ofLearner(width, guides.get(loss.guide()), fitted);
                });
    }
}
