package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Function;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_eltwise_desc_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A function of each value by itself.
 *
 * @param algorithm oneDNN's number of it
 * @param alpha     its first parameter
 * @param beta      its second
 */
record PlanFunction(int algorithm, float alpha, float beta) implements PlanStep {

    /** A function in oneDNN's terms; empty for the one that it has not. */
    static Optional<PlanFunction> of(Function function) {
        return switch (function.kind()) {
            case LINEAR -> of(dnnl.dnnl_eltwise_linear, function.a(), function.b());
            case LEAKY -> of(dnnl.dnnl_eltwise_relu, function.a(), 0);
            case CLIP -> of(dnnl.dnnl_eltwise_clip, function.a(), function.b());
            case ELU -> of(dnnl.dnnl_eltwise_elu, 1, 0);
            case TANH -> of(dnnl.dnnl_eltwise_tanh, 0, 0);
            case SIGMOID -> of(dnnl.dnnl_eltwise_logistic, 0, 0);
            case SWISH -> of(dnnl.dnnl_eltwise_swish, 1, 0);
            case SOFTPLUS -> of(dnnl.dnnl_eltwise_soft_relu, 0, 0);
            case SOFTSIGN -> Optional.empty();
        };
    }

    private static Optional<PlanFunction> of(int algorithm, double alpha, double beta) {
        return Optional.of(new PlanFunction(algorithm, (float) alpha, (float) beta));
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = pass.ordered(inputs.get(0));
        InferencePass.Value to = pass.create(result);
        var operation = new dnnl_eltwise_desc_t();
        OneDnn.check(
                dnnl.dnnl_eltwise_forward_desc_init(
                        operation, dnnl.dnnl_forward_inference, algorithm, from.order(), alpha, beta),
                "describing an activation");
        pass.run(
                pass.choose(operation, false, Optional.empty()),
                new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                from.memory(),
                to.memory());
        return to;
    }
}
