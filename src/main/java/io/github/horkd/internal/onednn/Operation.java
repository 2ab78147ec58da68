package io.github.horkd.internal.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;

/** A primitive with its arguments, ready to run on the caller's memory. */
public final class Operation {

    private final List<Argument> operands;
    private final PrimitiveCall call;
    private final WorkingMemory working;

    private Operation(List<Argument> operands, PrimitiveCall call, WorkingMemory working) {
        this.operands = List.copyOf(operands);
        this.call = call;
        this.working = working;
    }

    /** Runs on the data of the arguments, in the order in which these were named. */
    public void run(Pointer... data) {
        NativeThreads.here();
        for (int i = 0; i < data.length; i++) {
            operands.get(i).before(data[i], working);
        }
        call.run(working);
        for (int i = 0; i < data.length; i++) {
            operands.get(i).after(working);
        }
    }

    /** A bare reorder of an image between two orders of values. */
    public static Operation reorder(
            NativeObjects natives, dnnl_memory_desc_t from, dnnl_memory_desc_t to, WorkingMemory working) {
        return new Builder(natives, natives.reorder(from, to), working)
                .input(dnnl.DNNL_ARG_FROM, from, from)
                .output(dnnl.DNNL_ARG_TO, to, to)
                .build();
    }

    /** Collects the arguments of a primitive: each with its role, the order that the primitive wants, and the caller's. */
    public static final class Builder {
        private final NativeObjects natives;
        private final dnnl_primitive_desc description;
        private final WorkingMemory working;
        private final List<Argument> operands = new ArrayList<>();
        private final List<Integer> roles = new ArrayList<>();

        public Builder(NativeObjects natives, dnnl_primitive_desc description, WorkingMemory working) {
            this.natives = natives;
            this.description = description;
            this.working = working;
        }

        public Builder input(int role, int query, dnnl_memory_desc_t callers) {
            return operand(true, role, wanted(query), callers);
        }

        public Builder input(int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            return operand(true, role, own, callers);
        }

        public Builder output(int role, int query, dnnl_memory_desc_t callers) {
            return operand(false, role, wanted(query), callers);
        }

        public Builder output(int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            return operand(false, role, own, callers);
        }

        private dnnl_memory_desc_t wanted(int query) {
            return dnnl.dnnl_primitive_desc_query_md(description, query, 0);
        }

        private Builder operand(boolean input, int role, dnnl_memory_desc_t own, dnnl_memory_desc_t callers) {
            operands.add(new Argument(natives, input, operands.size(), callers, own));
            roles.add(role);
            return this;
        }

        public Operation build() {
            var call = new PrimitiveCall(
                    natives,
                    description,
                    roles.stream().mapToInt(Integer::intValue).toArray(),
                    operands.stream().map(Argument::memory).toArray(dnnl_memory[]::new));
            return new Operation(operands, call, working);
        }
    }
}
