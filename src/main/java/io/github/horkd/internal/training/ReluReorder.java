package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.Operation;
import io.github.horkd.internal.onednn.PrimitiveCache;
import io.github.horkd.internal.onednn.WorkingMemory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Between blocked arrays and NCHW, at a ReLU where the one ends and the other begins. */
final class ReluReorder implements FastRelu.Reorder {

    private final PrimitiveCache<Size, BothWays> bySize;
    private final long channels;
    private final long outChannels;

    ReluReorder(long channels, boolean blockedInput, boolean blockedOutput, WorkingMemory working) {
        this.channels = channels;
        this.outChannels = MemoryOrder.channels(channels, blockedOutput);
        this.bySize = new PrimitiveCache<>(
                (size, natives) -> new BothWays(size, blockedInput, blockedOutput, natives, working));
    }

    private record Size(long images, long channels, long height, long width) {}

    private static final class BothWays {
        private final Operation forward;
        private final Operation backward;

        BothWays(Size size, boolean blockedInput, boolean blockedOutput, NativeObjects natives, WorkingMemory working) {
            dnnl_memory_desc_t in = describe(size, blockedInput);
            dnnl_memory_desc_t out = describe(size, blockedOutput);
            forward = Operation.reorder(natives, in, out, working);
            backward = Operation.reorder(natives, out, in, working);
        }

        private static dnnl_memory_desc_t describe(Size size, boolean blocked) {
            return MemoryOrder.floats(MemoryOrder.tag(blocked), size.images, size.channels, size.height, size.width);
        }
    }

    @Override
    public void run(INDArray from, INDArray to, boolean forward) {
        var primitives = bySize.of(new Size(from.size(0), channels, from.size(2), from.size(3)));
        (forward ? primitives.forward : primitives.backward).run(NativeFloats.of(from), NativeFloats.of(to));
    }

    @Override
    public long outChannels() {
        return outChannels;
    }
}
