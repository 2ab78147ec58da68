package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.PrimitiveCall;
import io.github.horkd.internal.onednn.WorkingMemory;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.FloatPointer;

/** Weights in the orders that oneDNN wants them in, reordered once and shared by the passes of a plan, whatever thread they are of. */
final class PlanConstants {

    private record Ordered(dnnl_memory_desc_t order, FloatPointer memory) {}

    private final IdentityHashMap<float[], List<Ordered>> known = new IdentityHashMap<>();

    /**
     * Values in another order.
     *
     * @param values as they are
     * @param from   their order
     * @param wanted the order asked for
     */
    synchronized FloatPointer in(float[] values, dnnl_memory_desc_t from, dnnl_memory_desc_t wanted) {
        List<Ordered> orders = known.computeIfAbsent(values, v -> new ArrayList<>());
        for (Ordered there : orders) {
            if (dnnl.dnnl_memory_desc_equal(there.order, wanted) != 0) {
                return there.memory;
            }
        }
        // A description that a primitive gave away lives no longer than the primitive.
        var order = new dnnl_memory_desc_t();
        order.put(wanted);
        FloatPointer memory = MemoryOrder.allocate(dnnl.dnnl_memory_desc_get_size(wanted));
        var natives = new NativeObjects();
        FloatPointer plain = MemoryOrder.allocate((long) values.length * Float.BYTES);
        plain.put(values, 0, values.length);
        var working = new WorkingMemory();
        new PrimitiveCall(
                        natives,
                        natives.reorder(from, order),
                        new int[] {dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO},
                        natives.memory(from, plain),
                        natives.memory(order, memory))
                .run(working);
        natives.run();
        // Native memory must not go while native code works on it.
        Reference.reachabilityFence(plain);
        Reference.reachabilityFence(working);
        orders.add(new Ordered(order, memory));
        return memory;
    }
}
