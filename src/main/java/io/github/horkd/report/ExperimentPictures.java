package io.github.horkd.report;

import io.github.horkd.experiment.RunResult;
import java.util.Optional;

/** Test pictures that an experiment copied into a run's directory, with the answers about them. */
final class ExperimentPictures {

    private final RunResult run;

    ExperimentPictures(RunResult run) {
        this.run = run;
    }

    Optional<Section> section() {
        return Optional.empty();
    }
}
