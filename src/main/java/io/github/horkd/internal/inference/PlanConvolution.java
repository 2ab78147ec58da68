package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Window;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A convolution in an {@link InferencePlan}, its channels in whole blocks but for those of the images themselves, with what follows it: the sum with another value, then a function of each value.
 *
 * @param weights [out, in, height, width]
 * @param bias    [out]
 * @param window  kernel, stride, padding
 * @param plus    whether the second input is added to what comes out
 * @param after   a function of each value in the end
 */
record PlanConvolution(float[] weights, float[] bias, Window window, boolean plus, Optional<PlanFunction> after)
        implements PlanStep {

    @Override
    public Optional<PlanStep> then(PlanFunction next) {
        return after.isPresent()
                ? Optional.empty()
                : Optional.of(new PlanConvolution(weights, bias, window, plus, Optional.of(next)));
    }

    @Override
    public Optional<PlanStep> plusAnother() {
        return plus || after.isPresent()
                ? Optional.empty()
                : Optional.of(new PlanConvolution(weights, bias, window, true, after));
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = inputs.get(0);
        InferencePass.Value to = plus ? pass.onto(inputs.get(1)) : pass.create(result);
        long[] sides = {result.room(), from.order().dims().get(1), window.kernelHeight(), window.kernelWidth()};
        dnnl_memory_desc_t vector = MemoryOrder.floats(dnnl.dnnl_x, result.room());
        var operation = new dnnl_convolution_desc_t();
        OneDnn.check(
                dnnl.dnnl_dilated_convolution_forward_desc_init(
                        operation,
                        dnnl.dnnl_forward_inference,
                        dnnl.dnnl_convolution_direct,
                        from.order(),
                        MemoryOrder.floats(dnnl.dnnl_format_tag_any, sides),
                        vector,
                        to.order(),
                        window.strides(),
                        window.gaps(),
                        window.paddingBefore(from.sides().height(), from.sides().width()),
                        window.paddingAfter(from.sides().height(), from.sides().width())),
                "describing a convolution");
        dnnl_primitive_desc chosen = pass.choose(operation, plus, after);
        pass.run(chosen, from, to, weights, MemoryOrder.floats(dnnl.dnnl_oihw, sides), bias, vector);
        return to;
    }
}
