package io.github.horkd.distill;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.model.Network;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The spaces of a run's guides, each fitted once. What was taught in a space already, in this run or another, answers in it and is taken as it is: a student of an
 * assistant lies in the teacher's space.
 */
final class RunSpaces {

    private final Map<String, EmbeddingSpace> spaces = new HashMap<>();
    /** For a network that lies in its guide's own space, that guide. */
    private final Map<String, String> inSpaceOf = new HashMap<>();

    /** The space that a guide's embeddings are brought into. */
    EmbeddingSpace of(String guide, KnowledgeSource source, Knowledge knowledge, SpaceMethod method) {
        return spaces.computeIfAbsent(
                guide,
                name -> source.embeddingSpace().isPresent()
                        ? EmbeddingSpace.raw(source.embeddingWidth())
                        : EmbeddingSpace.fit(knowledge.embeddingRows(), method));
    }

    /** Names the space in which a guide's embeddings are learned: two guides lie in one space if it is the same. */
    String nameOf(String guide, KnowledgeSource source) {
        return source.embeddingSpace()
                .or(() -> Optional.ofNullable(spaces.get(guide)).filter(space -> space.kind() != SpaceMethod.Kind.RAW))
                .map(EmbeddingSpace::identity)
                .orElseGet(() -> "own space of " + inSpaceOf.getOrDefault(guide, guide));
    }

    /** How wide the embeddings of a guide will be, before its space is fitted. */
    static int width(KnowledgeSource source, SpaceMethod method) {
        boolean fewer = method.kind() == SpaceMethod.Kind.PROJECTED && method.dimensions() > 0;
        return fewer && source.embeddingSpace().isEmpty() ? method.dimensions() : source.embeddingWidth();
    }

    /**
     * A network of an earlier stage, trained or loaded, is a guide that answers in the space it learned; its teacher's space is known from it, unless the
     * teacher answers in it already.
     */
    void learned(Stage stage, Map<String, KnowledgeSource> guides, Network network) {
        spaces.put(stage.name(), EmbeddingSpace.raw(network.embeddingWidth()));
        stage.losses().stream()
                .filter(loss ->
                        loss.comparesValues() && guides.get(loss.guide()).embeddingWidth() == network.embeddingWidth())
                .findFirst()
                .ifPresent(loss -> inSpaceOf.put(stage.name(), inSpaceOf.getOrDefault(loss.guide(), loss.guide())));
        network.embeddingSpace()
                .ifPresent(space -> stage.losses().stream()
                        .filter(loss -> !loss.onEmbeddings().isEmpty())
                        .findFirst()
                        .map(GuideLoss::guide)
                        .filter(guide -> guides.get(guide).embeddingSpace().isEmpty())
                        .ifPresent(guide -> spaces.putIfAbsent(guide, space)));
    }

    /**
     * The space that a learner's embeddings will lie in: that of its guide. One of another width is held against the guide by a projection, which is left
     * behind: its embeddings lie in a space of their own.
     */
    static EmbeddingSpace ofLearner(int width, KnowledgeSource source, EmbeddingSpace fitted) {
        EmbeddingSpace learned = source.embeddingSpace().orElse(fitted);
        return learned.width() == width ? learned : EmbeddingSpace.raw(width);
    }
}
