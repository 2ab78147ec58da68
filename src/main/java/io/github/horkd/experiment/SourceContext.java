package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import java.util.function.Function;

/**
 * What a source or a selection is told when a run opens it.
 *
 * @param seed of the run
 * @param sets finds the other sets of the experiment by name
 */
public record SourceContext(long seed, Function<String, PairedImages> sets) {

    /**
     * Another set of the experiment.
     *
     * @param name its name
     * @return its images in this run
     */
    public PairedImages set(String name) {
        return sets.apply(name);
    }
}
