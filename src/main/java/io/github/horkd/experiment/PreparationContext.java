package io.github.horkd.experiment;

import io.github.horkd.distill.TrainingListener;
import io.github.horkd.knowledge.KnowledgeStore;
import java.util.Map;
import java.util.function.Supplier;

/** What a {@link Preparation} is told when a run needs it. */
public final class PreparationContext {

    private final long seed;
    private final KnowledgeStore knowledge;
    private final TrainingListener listener;
    private final Map<Object, Object> made;

    PreparationContext(long seed, KnowledgeStore knowledge, TrainingListener listener, Map<Object, Object> made) {
        this.seed = seed;
        this.knowledge = knowledge;
        this.listener = listener;
        this.made = made;
    }

    /**
     * The seed of the run.
     *
     * @return what a {@link Seed} follows from
     */
    public long seed() {
        return seed;
    }

    /**
     * Keeps what guides say, in the directory of the experiment.
     *
     * @return the store; open as long as the experiment runs
     */
    public KnowledgeStore knowledge() {
        return knowledge;
    }

    /**
     * Is told how far a guide has been asked.
     *
     * @return those who listen to the experiment
     */
    public TrainingListener listener() {
        return listener;
    }

    /**
     * What several trainings of the experiment are prepared with: made for the first of them, and kept while it runs.
     *
     * @param key  tells it from others: a record of the images and the options that it is made of
     * @param type of what is made
     * @param make makes it
     * @param <T>  of what is made
     * @return the same for the same key
     */
    public <T> T once(Object key, Class<T> type, Supplier<T> make) {
        Object known = made.get(key);
        if (known == null) {
            known = make.get();
            made.put(key, known);
        }
        return type.cast(known);
    }
}
