package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import java.util.Locale;

/**
 * Whose knowledge of what. Two of the same guide, names and view are about the same images; when the pixels differ, the older one is stale.
 *
 * @param guide  {@link io.github.horkd.guide.KnowledgeSource#identity()}, a digest of the classes where there are logits, and one of the maps where there are any
 * @param names  a digest of how many images there are, their shape and all their names
 * @param pixels a digest of every pixel of the view, "unseen" for a guide that goes by names
 * @param view   which resolution, and in which poses
 */
record KnowledgeSubject(String guide, String names, String pixels, String view) {

    private static final int LONGEST_IDENTITY = 10_000;

    KnowledgeSubject {
        if (guide.length() > LONGEST_IDENTITY) {
            throw new IllegalArgumentException("guide: wanted an identity() of at most " + LONGEST_IDENTITY
                    + " characters, got " + guide.length());
        }
    }

    /** Reads every image of the view once, unless the source goes by names. */
    static KnowledgeSubject of(KnowledgeRequest request) {
        PairedImages images = request.images();
        Resolution sees = request.sees();
        return new KnowledgeSubject(
                request.source().identity() + classes(request) + maps(request),
                ImageDigest.ofNames(images, sees),
                request.source().seesPixels() ? ImageDigest.ofPixels(images, sees) : "unseen",
                sees.name().toLowerCase(Locale.ROOT) + request.poses());
    }

    /** The same network with and without logits gives different rows, whatever its identity says. */
    private static String classes(KnowledgeRequest request) {
        return request.logitsWidth() == 0
                ? ""
                : " with logits of "
                        + ImageDigest.ofParts(request.source().classes().toArray());
    }

    /** Names and shapes, which say how long a row is beyond embedding and logits. */
    private static String maps(KnowledgeRequest request) {
        return request.maps().isEmpty()
                ? ""
                : " with maps " + ImageDigest.ofParts(request.maps().toArray());
    }

    /** The view in a word, for the name of a file. */
    String viewName() {
        return view.split(" ")[0];
    }

    /** A digest that does not change with the pixels, so that a file finds its successor under the same name. */
    String key() {
        return ImageDigest.ofParts(guide, names, view);
    }
}
