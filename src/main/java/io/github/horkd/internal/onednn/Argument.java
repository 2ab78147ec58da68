package io.github.horkd.internal.onednn;

import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/** One argument of a primitive: as the caller holds it, and as the primitive wants it, with a reorder between the two where they differ. */
final class Argument {

    private final boolean input;
    private final int slot;
    private final dnnl_memory own;
    private final long bytes;
    private final dnnl_memory callers;
    private final PrimitiveCall reorder;

    Argument(NativeObjects natives, boolean input, int slot, dnnl_memory_desc_t callers, dnnl_memory_desc_t own) {
        this.input = input;
        this.slot = slot;
        this.own = natives.memory(own);
        this.bytes = dnnl.dnnl_memory_desc_get_size(own);
        if (MemoryOrder.equal(callers, own)) {
            this.callers = null;
            this.reorder = null;
        } else {
            this.callers = natives.memory(callers);
            this.reorder = new PrimitiveCall(
                    natives,
                    input ? natives.reorder(callers, own) : natives.reorder(own, callers),
                    new int[] {dnnl.DNNL_ARG_FROM, dnnl.DNNL_ARG_TO},
                    input ? this.callers : this.own,
                    input ? this.own : this.callers);
        }
    }

    /** The memory that the primitive works on. */
    dnnl_memory memory() {
        return own;
    }

    void before(Pointer data, WorkingMemory working) {
        if (reorder == null) {
            hold(own, data);
            return;
        }
        hold(callers, data);
        hold(own, working.slot(slot, bytes));
        if (input) {
            reorder.run(working);
        }
    }

    void after(WorkingMemory working) {
        if (reorder != null && !input) {
            reorder.run(working);
        }
    }

    static void hold(dnnl_memory memory, Pointer data) {
        OneDnn.check(dnnl.dnnl_memory_set_data_handle(memory, data), "handing memory over");
    }
}
