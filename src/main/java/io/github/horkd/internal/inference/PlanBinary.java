package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_binary_desc_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * Two values put together one by one.
 *
 * @param algorithm oneDNN's number of how
 * @param after     a function of each result
 */
record PlanBinary(int algorithm, Optional<PlanFunction> after) implements PlanStep {

    /** Whether it is a sum and nothing else. */
    boolean isPlainSum() {
        return algorithm == dnnl.dnnl_binary_add && after.isEmpty();
    }

    @Override
    public Optional<PlanStep> then(PlanFunction next) {
        return after.isPresent() ? Optional.empty() : Optional.of(new PlanBinary(algorithm, Optional.of(next)));
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value a = pass.ordered(inputs.get(0));
        InferencePass.Value b = pass.ordered(inputs.get(1));
        InferencePass.Value to = pass.create(result);
        var operation = new dnnl_binary_desc_t();
        OneDnn.check(
                dnnl.dnnl_binary_desc_init(operation, algorithm, a.order(), b.order(), to.order()),
                "describing two values put together");
        pass.run(
                pass.choose(operation, false, after),
                new int[] {dnnl.DNNL_ARG_SRC_0, dnnl.DNNL_ARG_SRC_1, dnnl.DNNL_ARG_DST},
                a.memory(),
                b.memory(),
                to.memory());
        return to;
    }
}
