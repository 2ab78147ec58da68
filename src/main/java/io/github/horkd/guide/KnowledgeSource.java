package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What others learn from: it answers about images with an embedding each and, where it tells classes apart, logits.
 * A frozen network that sees pixels is a {@link Guide}; answers that were computed elsewhere are {@link PrecomputedKnowledge}.
 *
 * <p>Implementations are safe to use from several threads. Where they compute one answer at a time, calls wait for each other.
 */
public interface KnowledgeSource {

    /**
     * What identifies this source: a short text that changes when its answers change. Knowledge kept in a file carries it.
     *
     * @return for example a digest of parameters, input and output
     */
    String identity();

    /**
     * The width of its embeddings.
     *
     * @return D, at least 1
     */
    int embeddingWidth();

    /**
     * The names of the classes that its logits tell apart, in the order of the logits. A name is what pairs a class with that of somebody else.
     *
     * @return C names, no two alike; empty when there are no logits
     */
    List<String> classes();

    /**
     * The feature maps that it gives besides, chosen by {@link Guide#withMaps}.
     *
     * @return their names and shapes, no two names alike; empty for most sources
     */
    default List<FeatureMap> maps() {
        return List.of();
    }

    /**
     * The space of another source in which its embeddings lie, when it was taught in one. That source's own embeddings are matched with these
     * {@linkplain #in in} that space.
     *
     * @return empty for a source of its own space
     */
    default Optional<EmbeddingSpace> embeddingSpace() {
        return Optional.empty();
    }

    /**
     * Whether its answers depend on pixels. Where they do not, images are known by their names alone and are never read.
     *
     * @return true for every network
     */
    boolean seesPixels();

    /**
     * Checks that it can answer about all images of a set, before the first is asked about.
     *
     * @param images a set of images
     * @param view   which view of them would be asked about
     * @throws IllegalArgumentException when it cannot; the message says why
     */
    void require(PairedImages images, Resolution view);

    /**
     * Answers about some images, row i about image {@code indices[i]} moved as {@code poses[i]} says. {@link Embeddings} asks in batches and checks
     * what it gets.
     *
     * @param images  a set of images
     * @param view    which view of them is asked about
     * @param indices which images, B of them
     * @param poses   how each is moved, B of them
     * @return embeddings [B, D], where there are classes logits [B, C], and the {@linkplain #maps maps}, detached from every workspace
     */
    Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses);

    /**
     * The fastest source that gives the same answers up to rounding. Its {@link #identity()} may be another.
     *
     * @return this one, unless there is a faster one
     */
    default KnowledgeSource forInference() {
        return this;
    }

    /**
     * The same source for views that are smaller than what it takes: they are enlarged first.
     *
     * @param how pixels are interpolated
     * @return this one when no pixels are seen
     */
    default KnowledgeSource upsampled(Interpolation how) {
        return this;
    }

    /**
     * The same source with its embeddings in a space that was fitted on them, where those of a learner lie too.
     *
     * @param space of the source's width
     * @return a source of unit embeddings; logits stay
     * @throws IllegalArgumentException when the space is of another width, or the embeddings lie in one already
     */
    default KnowledgeSource in(EmbeddingSpace space) {
        return new SourceInSpace(this, space);
    }

    /**
     * The same source in the space in which a learner's embeddings lie, so that the two can be matched.
     *
     * @param learner whose embeddings will be held against these
     * @return this one when the learner was taught in this source's own space, or when both lie in one space already
     * @throws IllegalArgumentException when both lie in spaces, which differ, or the learner's space was fitted on embeddings of another width
     */
    default KnowledgeSource toMatch(KnowledgeSource learner) {
        Optional<EmbeddingSpace> space = SourceInSpace.toMatch(this, learner);
        return space.isEmpty() ? this : in(space.get());
    }

    /**
     * Answers about B images.
     *
     * @param embeddings [B, D]
     * @param logits     [B, C], before any softmax; empty when there are no classes
     * @param maps       [B, channels, height, width] by name; empty when there are none
     */
    record Output(INDArray embeddings, Optional<INDArray> logits, Map<String, INDArray> maps) {

        /** Copies the map. */
        public Output {
            maps = Map.copyOf(maps);
        }

        /**
         * Embeddings alone.
         *
         * @param embeddings [B, D]
         * @return the answers
         */
        public static Output of(INDArray embeddings) {
            return new Output(embeddings, Optional.empty(), Map.of());
        }

        /**
         * Embeddings and logits.
         *
         * @param embeddings [B, D]
         * @param logits     [B, C]
         * @return the answers
         */
        public static Output of(INDArray embeddings, INDArray logits) {
            return new Output(embeddings, Optional.of(logits), Map.of());
        }

        /**
         * The same with feature maps.
         *
         * @param named [B, channels, height, width] by name
         * @return the answers
         */
        public Output withMaps(Map<String, INDArray> named) {
            return new Output(embeddings, logits, named);
        }
    }
}
