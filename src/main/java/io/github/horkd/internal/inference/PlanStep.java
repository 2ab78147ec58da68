package io.github.horkd.internal.inference;

import java.util.List;
import java.util.Optional;

/** One step of an {@link InferencePlan}: arithmetic that makes one value of others, and how oneDNN is told to do it. */
interface PlanStep {

    /** Puts the step into a pass. */
    InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result);

    /** This step and a function of each of its values in one, where that is possible. */
    default Optional<PlanStep> then(PlanFunction next) {
        return Optional.empty();
    }

    /** This step and the sum of its result and one more input in one, where that is possible. */
    default Optional<PlanStep> plusAnother() {
        return Optional.empty();
    }
}
