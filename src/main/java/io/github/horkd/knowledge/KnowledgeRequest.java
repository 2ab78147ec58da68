package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.KnowledgeSource;
import java.util.stream.IntStream;

/**
 * What a source is to be asked: about every image in each of its poses. Views are counted pose by pose: view v is image v mod N in its pose v / N. It is
 * asked in batches whose limits do not depend on where one begins, so that whoever goes on half-way gets the very same answers.
 */
record KnowledgeRequest(KnowledgeSource source, PairedImages images, Resolution sees, KnownPoses poses) {

    private static final int AT_ONCE = 128;

    /**
     * Some answers in a row.
     *
     * @param first  the first view they are about
     * @param count  how many views
     * @param values [count, D + C], each view's embedding and then its logits
     */
    record Answers(int first, int count, float[] values) {}

    KnowledgeRequest {
        if (images.size() == 0) {
            throw new IllegalArgumentException(
                    "images: wanted at least one that the guide can be asked about, got none");
        }
    }

    /** The same request to whoever gives the same answers up to rounding faster. */
    KnowledgeRequest forInference() {
        return new KnowledgeRequest(source.forInference(), images, sees, poses);
    }

    /** How many views there are in all. */
    int views() {
        return Math.multiplyExact(images.size(), poses.count());
    }

    /** D. */
    int embeddingWidth() {
        return source.embeddingWidth();
    }

    /** C, 0 without logits. */
    int logitsWidth() {
        return source.classes().size();
    }

    /** D + C. */
    int width() {
        return Math.addExact(embeddingWidth(), logitsWidth());
    }

    /** The name of a view's image. */
    String name(int view) {
        return images.name(view % images.size());
    }

    /** Asks about the batch that a view is in: images in order, all in their pose of one number. */
    Answers about(int view) {
        int which = view / images.size();
        int image = view % images.size() / AT_ONCE * AT_ONCE;
        int count = Math.min(AT_ONCE, images.size() - image);
        int[] indices = IntStream.range(image, image + count).toArray();
        Pose[] moved = IntStream.of(indices).mapToObj(i -> poses.pose(i, which)).toArray(Pose[]::new);
        return new Answers(
                which * images.size() + image, count, Embeddings.by(source).rows(images, sees, indices, moved));
    }
}
