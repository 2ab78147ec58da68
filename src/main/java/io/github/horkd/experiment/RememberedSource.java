package io.github.horkd.experiment;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A teacher from outside that variants are judged by. What it says is kept with what it said about the pictures to learn from, so no variant, and nobody who goes on with the experiment,
 * asks it twice about a picture.
 */
final class RememberedSource implements KnowledgeSource {

    /** Is told how many views of how many are known. */
    @FunctionalInterface
    interface Asked {
        void on(int seen, int views);
    }

    private final KnowledgeSource source;
    private final KnowledgeStore store;
    private final boolean mirrored;
    private final Asked asked;
    private final IdentityHashMap<PairedImages, Map<Resolution, Knowledge>> known = new IdentityHashMap<>();

    /** A source that sees pixels; one that does not has its answers already. */
    RememberedSource(KnowledgeSource source, KnowledgeStore store, boolean mirrored, Asked asked) {
        this.source = source;
        this.store = store;
        this.mirrored = mirrored;
        this.asked = asked;
    }

    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        boolean usual = Arrays.stream(poses)
                .allMatch(pose -> pose.equals(Pose.IDENTITY) || mirrored && pose.equals(Pose.MIRRORED));
        if (!usual) {
            return source.outputs(images, view, indices, poses);
        }
        Knowledge said = knowledge(images, view);
        return new Output(said.embeddings(indices, poses), said.logits(indices, poses), Map.of());
    }

    private synchronized Knowledge knowledge(PairedImages images, Resolution view) {
        Map<Resolution, Knowledge> ofImages = known.computeIfAbsent(images, unknown -> new EnumMap<>(Resolution.class));
        Knowledge said = ofImages.get(view);
        if (said == null) {
            KnownPoses poses = mirrored ? KnownPoses.withMirror() : KnownPoses.asIs();
            int views = Math.multiplyExact(images.size(), poses.count());
            said = store.of(source, images, view, poses, seen -> asked.on(seen, views));
            ofImages.put(view, said);
        }
        return said;
    }

    @Override
    public KnowledgeSource upsampled(Interpolation how) {
        return new RememberedSource(source.upsampled(how), store, mirrored, asked);
    }

    @Override
    public String identity() {
        return source.identity();
    }

    @Override
    public int embeddingWidth() {
        return source.embeddingWidth();
    }

    @Override
    public List<String> classes() {
        return source.classes();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return source.embeddingSpace();
    }

    @Override
    public boolean seesPixels() {
        return source.seesPixels();
    }

    @Override
    public void require(PairedImages images, Resolution view) {
        source.require(images, view);
    }
}
