package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Guide;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * Keeps what frozen guides saw, so that several runs over the same images (other seeds, other losses) ask each guide once. What is kept is found by
 * the guide's {@link Guide#identity()}, the names of all images, the pixels of 64 of them and the view. Pictures that were changed under their old
 * names may go unnoticed: begin with an empty store then.
 */
public final class KnowledgeStore {

    private final Map<String, Knowledge> kept = new ConcurrentHashMap<>();

    private KnowledgeStore() {
    }

    /**
     * A store in memory: 4 bytes a value, (D + C) values a view.
     *
     * @return an empty store
     */
    public static KnowledgeStore inMemory() {
        return new KnowledgeStore();
    }

    Knowledge of(Guide guide, PairedImages images, Resolution sees, boolean mirrored, IntConsumer progress) {
        String key = guide.identity() + "/" + Fingerprint.of(images, sees) + "/" + mirrored;
        return kept.computeIfAbsent(key, k -> Knowledge.gather(guide, images, sees, mirrored, progress));
    }
}
