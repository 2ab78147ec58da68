package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.OneDnn;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Between blocked arrays and NCHW, at a ReLU where the one ends and the other begins. */
public final class ReluReorder implements FastRelu.Reorder {

    private final OneDnn.Plans<Size> plans;
    private final long channels;
    private final long outChannels;

    public ReluReorder(long channels, boolean blockedInput, boolean blockedOutput, OneDnn.Scratch scratch) {
        this.channels = channels;
        this.outChannels = BlockedFlow.channels(channels, blockedOutput);
        this.plans =
                new OneDnn.Plans<>((size, natives) -> new Plan(size, blockedInput, blockedOutput, natives, scratch));
    }

    private record Size(long images, long channels, long height, long width) {}

    private static final class Plan implements OneDnn.Plan {
        private final OneDnn.Operation forward;
        private final OneDnn.Operation backward;

        Plan(Size size, boolean blockedInput, boolean blockedOutput, OneDnn.Natives natives, OneDnn.Scratch scratch) {
            dnnl_memory_desc_t in = describe(size, blockedInput);
            dnnl_memory_desc_t out = describe(size, blockedOutput);
            forward = OneDnn.Builder.reorder(natives, in, out, scratch);
            backward = OneDnn.Builder.reorder(natives, out, in, scratch);
        }

        private static dnnl_memory_desc_t describe(Size size, boolean blocked) {
            return OneDnn.floats(BlockedFlow.order(blocked), size.images, size.channels, size.height, size.width);
        }
    }

    @Override
    public void run(INDArray from, INDArray to, boolean forward) {
        var plan = (Plan) plans.of(new Size(from.size(0), channels, from.size(2), from.size(3)));
        (forward ? plan.forward : plan.backward).run(NativeFloats.of(from), NativeFloats.of(to));
    }

    @Override
    public long outChannels() {
        return outChannels;
    }
}
