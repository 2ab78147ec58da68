package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Window;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_pooling_v2_desc_t;
import org.bytedeco.dnnl.global.dnnl;

/**
 * The largest or the average of what a window sees.
 *
 * @param algorithm oneDNN's number of it
 * @param window    kernel, stride, padding
 */
record PlanPool(int algorithm, Window window) implements PlanStep {

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = pass.ordered(inputs.get(0));
        int height = from.sides().height();
        int width = from.sides().width();
        InferencePass.Value to =
                pass.create(PlanSides.map(result.channels(), window.outHeight(height), window.outWidth(width)));
        var operation = new dnnl_pooling_v2_desc_t();
        OneDnn.check(
                dnnl.dnnl_pooling_v2_forward_desc_init(
                        operation,
                        dnnl.dnnl_forward_inference,
                        algorithm,
                        from.order(),
                        to.order(),
                        window.strides(),
                        window.kernel(),
                        window.gaps(),
                        window.paddingBefore(height, width),
                        window.paddingAfter(height, width)),
                "describing a pooling");
        pass.run(
                pass.choose(operation, false, Optional.empty()),
                new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                from.memory(),
                to.memory());
        return result.isRow() ? pass.row(to) : to;
    }
}
