package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Inquiry;
import io.github.horkd.guide.NamedGuide;

/**
 * Whose knowledge of what. Two of the same guide, names and view are about the same images; when the pixels differ, the older one is stale.
 *
 * @param guide  {@link io.github.horkd.guide.Guide#identity()}
 * @param names  a digest of how many images there are, their shape and all their names
 * @param pixels a digest of every pixel of the view, "unseen" for a guide that goes by names
 * @param view   which resolution, and whether with mirror images
 */
record KnowledgeSubject(String guide, String names, String pixels, String view) {

    private static final int LONGEST_IDENTITY = 10_000;

    KnowledgeSubject {
        if (guide.length() > LONGEST_IDENTITY) {
            throw new IllegalArgumentException("guide: wanted an identity() of at most " + LONGEST_IDENTITY
                    + " characters, got " + guide.length());
        }
    }

    /** Reads every image of the view once, unless the guide goes by names. */
    static KnowledgeSubject of(Inquiry inquiry) {
        PairedImages images = inquiry.images();
        Resolution sees = inquiry.sees();
        return new KnowledgeSubject(
                inquiry.guide().identity(),
                Fingerprint.ofNames(images, sees),
                inquiry.guide() instanceof NamedGuide ? "unseen" : Fingerprint.ofPixels(images, sees),
                (sees == Resolution.HIGH ? "high" : "low") + (inquiry.mirrored() ? "-mirrored" : ""));
    }

    /** A digest that does not change with the pixels, so that a file finds its successor under the same name. */
    String key() {
        return Fingerprint.ofParts(guide, names, view);
    }
}
