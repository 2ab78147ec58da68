package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.ChannelScale;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;

/** A batch normalisation that could not be folded: oneDNN's own, of mean 0 and variance 1. All four are vectors over the channels there is room for. */
record PlanScale(float[] factors, float[] offsets, float[] zeros, float[] ones) implements PlanStep {

    static PlanScale of(ChannelScale scale, PlanSides sides) {
        float[] ones = new float[sides.room()];
        Arrays.fill(ones, 1);
        return new PlanScale(
                Arrays.copyOf(scale.factors(), sides.room()),
                Arrays.copyOf(scale.offsets(), sides.room()),
                new float[sides.room()],
                ones);
    }

    @Override
    public InferencePass.Value addTo(PassBuilder pass, List<InferencePass.Value> inputs, PlanSides result) {
        InferencePass.Value from = pass.ordered(inputs.get(0));
        InferencePass.Value to = pass.create(result);
        var operation = new dnnl_batch_normalization_desc_t();
        OneDnn.check(
                dnnl.dnnl_batch_normalization_forward_desc_init(
                        operation,
                        dnnl.dnnl_forward_inference,
                        from.order(),
                        0,
                        dnnl.dnnl_use_global_stats | dnnl.dnnl_use_scale | dnnl.dnnl_use_shift),
                "describing a batch normalisation");
        dnnl_primitive_desc chosen = pass.choose(operation, false, Optional.empty());
        dnnl_memory_desc_t vector = MemoryOrder.floats(dnnl.dnnl_x, factors.length);
        pass.run(
                chosen,
                new int[] {
                    dnnl.DNNL_ARG_SRC,
                    dnnl.DNNL_ARG_MEAN,
                    dnnl.DNNL_ARG_VARIANCE,
                    dnnl.DNNL_ARG_SCALE,
                    dnnl.DNNL_ARG_SHIFT,
                    dnnl.DNNL_ARG_DST
                },
                from.memory(),
                pass.constant(zeros, vector, vector),
                pass.constant(ones, vector, vector),
                pass.constant(factors, vector, vector),
                pass.constant(offsets, vector, vector),
                to.memory());
        return to;
    }
}
