package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_inner_product_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A dense layer in an {@link InferencePlan}.
 *
 * @param weights [out, in]
 * @param bias    [out]
 * @param after   a function of each value in the end
 */
record PlanDense(float[] weights, float[] bias, Optional<PlanFunction> after) implements PlanStep {

    @Override
    public Optional<PlanStep> then(PlanFunction next) {
        return after.isPresent() ? Optional.empty() : Optional.of(new PlanDense(weights, bias, Optional.of(next)));
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = inputs.get(0);
        InferencePass.Value to = pass.create(result);
        long[] sides = {result.channels(), from.sides().channels()};
        dnnl_memory_desc_t vector = MemoryOrder.floats(dnnl.dnnl_x, result.channels());
        var operation = new dnnl_inner_product_desc_t();
        OneDnn.check(
                dnnl.dnnl_inner_product_forward_desc_init(
                        operation,
                        dnnl.dnnl_forward_inference,
                        from.order(),
                        MemoryOrder.floats(dnnl.dnnl_format_tag_any, sides),
                        vector,
                        to.order()),
                "describing a dense layer");
        dnnl_primitive_desc chosen = pass.choose(operation, false, after);
        pass.run(chosen, from, to, weights, MemoryOrder.floats(dnnl.dnnl_oi, sides), bias, vector);
        return to;
    }
}
