package io.github.horkd.internal.inference;

import java.util.List;

/** A map as a row or a row as a map: channels, lines, columns. */
record PlanReshape() implements PlanStep {

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        return result.isRow() ? pass.row(inputs.get(0)) : pass.map(inputs.get(0), result);
    }
}
