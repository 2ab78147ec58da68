package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.FeatureMap;
import io.github.horkd.guide.KnowledgeSource;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a source is to be asked: about every image in each of its poses. Views are counted pose by pose: view v is image v mod N in its pose v / N. It is
 * asked in batches whose limits do not depend on where one begins, so that whoever goes on half-way gets the very same answers.
 */
record KnowledgeRequest(KnowledgeSource source, PairedImages images, Resolution sees, KnownPoses poses) {

    private static final int AT_ONCE = 128;
    /** Values of one batch: 64 MiB, which maps of many places would exceed otherwise. */
    private static final int ROOM = 1 << 24;

    /**
     * Some answers in a row.
     *
     * @param first  the first view they are about
     * @param count  how many views
     * @param values [count, D + C + M], each view's embedding, its logits and its maps
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

    /** The feature maps that follow. */
    List<FeatureMap> maps() {
        return source.maps();
    }

    /** M, the values of all maps, 0 without. */
    int mapsWidth() {
        return maps().stream().mapToInt(FeatureMap::size).reduce(0, Math::addExact);
    }

    /** D + C + M. */
    int width() {
        return Math.addExact(Math.addExact(embeddingWidth(), logitsWidth()), mapsWidth());
    }

    /** The name of a view's image. */
    String name(int view) {
        return images.name(view % images.size());
    }

    /** Asks about the batch that a view is in: images in order, all in their pose of one number. */
    Answers about(int view) {
        int which = view / images.size();
        int atOnce = Math.max(1, Math.min(AT_ONCE, ROOM / width()));
        int image = view % images.size() / atOnce * atOnce;
        int count = Math.min(atOnce, images.size() - image);
        int[] indices = IntStream.range(image, image + count).toArray();
        Pose[] moved = IntStream.of(indices).mapToObj(i -> poses.pose(i, which)).toArray(Pose[]::new);
        return new Answers(
                which * images.size() + image, count, Embeddings.by(source).rowsWithMaps(images, sees, indices, moved));
    }
}
