package io.github.horkd.distill;

import io.github.horkd.model.Network;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a distillation gave.
 *
 * @param networks the trained networks by the names of their stages, in order
 * @param stages   the stages as they were run: options and seeds
 * @param history  every epoch of this run, in order; epochs of an earlier, interrupted run are not in it
 */
public record DistillationResult(
        Map<String, Network> networks, List<Stage> stages, List<TrainingEvent.EpochFinished> history) {

    /** Copies the lists. */
    public DistillationResult {
        stages = List.copyOf(stages);
        history = List.copyOf(history);
    }

    /**
     * The network that ships.
     *
     * @return the student
     */
    public Network student() {
        return networks.get(Distillation.STUDENT);
    }

    /**
     * The network between teacher and student.
     *
     * @return empty when there was none
     */
    public Optional<Network> assistant() {
        return Optional.ofNullable(networks.get(Distillation.ASSISTANT));
    }
}
