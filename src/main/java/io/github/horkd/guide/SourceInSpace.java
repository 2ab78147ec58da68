package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.List;
import java.util.Optional;

/** A source whose embeddings are brought into a space. Logits and maps stay. */
record SourceInSpace(KnowledgeSource source, EmbeddingSpace space) implements KnowledgeSource {

    SourceInSpace {
        check(source, space);
    }

    /** Rejects a space that was fitted on other embeddings, and embeddings that lie in a space already: what is known of them would no longer be true. */
    static void check(KnowledgeSource source, EmbeddingSpace space) {
        if (source.embeddingWidth() != space.rawWidth()) {
            throw new IllegalArgumentException("embedding space: wanted one of the source's width "
                    + source.embeddingWidth() + ", got one of " + space.rawWidth());
        }
        if (space.kind() != SpaceMethod.Kind.RAW && source.embeddingSpace().isPresent()) {
            throw new IllegalArgumentException("embedding space: wanted a source of its own space, got one whose"
                    + " embeddings lie in " + source.embeddingSpace().get() + " already; match them as they are");
        }
    }

    /** Of unit length, embeddings stay in the space that they lie in. */
    static Optional<EmbeddingSpace> lyingIn(KnowledgeSource source, EmbeddingSpace space) {
        return space.kind() == SpaceMethod.Kind.RAW && source.embeddingSpace().isPresent()
                ? source.embeddingSpace()
                : Optional.of(space);
    }

    static Output applied(Output output, EmbeddingSpace space) {
        return new Output(space.apply(output.embeddings()), output.logits(), output.maps());
    }

    /** The space that a source has still to be brought into before it is matched with a learner. */
    static Optional<EmbeddingSpace> toMatch(KnowledgeSource source, KnowledgeSource learner) {
        Optional<EmbeddingSpace> wanted = learner.embeddingSpace();
        Optional<EmbeddingSpace> own = source.embeddingSpace();
        if (wanted.isPresent() && own.isPresent() && !own.equals(wanted)) {
            throw new IllegalArgumentException("embeddings: wanted two networks that answer in one space, got "
                    + own.get() + " and " + wanted.get() + "; only networks taught in one space can be matched");
        }
        return own.isPresent() ? Optional.empty() : wanted;
    }

    static String identity(KnowledgeSource source, EmbeddingSpace space) {
        return source.identity() + " in space " + space.identity();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return lyingIn(source, space);
    }

    @Override
    public String identity() {
        return identity(source, space);
    }

    @Override
    public int embeddingWidth() {
        return space.width();
    }

    @Override
    public List<String> classes() {
        return source.classes();
    }

    @Override
    public List<FeatureMap> maps() {
        return source.maps();
    }

    @Override
    public boolean seesPixels() {
        return source.seesPixels();
    }

    @Override
    public void require(PairedImages images, Resolution view) {
        source.require(images, view);
    }

    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        return applied(source.outputs(images, view, indices, poses), space);
    }

    @Override
    public KnowledgeSource forInference() {
        return new SourceInSpace(source.forInference(), space);
    }

    @Override
    public KnowledgeSource upsampled(Interpolation how) {
        return new SourceInSpace(source.upsampled(how), space);
    }
}
