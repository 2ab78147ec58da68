package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_softmax_desc_t;
import org.bytedeco.dnnl.global.dnnl;

/** Probabilities of each row. */
record PlanSoftmax() implements PlanStep {

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = inputs.get(0);
        InferencePass.Value to = pass.create(result);
        var operation = new dnnl_softmax_desc_t();
        OneDnn.check(
                dnnl.dnnl_softmax_forward_desc_init(operation, dnnl.dnnl_forward_inference, from.order(), 1),
                "describing a softmax");
        pass.run(
                pass.choose(operation, false, Optional.empty()),
                new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                from.memory(),
                to.memory());
        return to;
    }
}
