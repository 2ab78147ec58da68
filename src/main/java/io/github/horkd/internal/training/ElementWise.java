package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.Operation;
import io.github.horkd.internal.onednn.PrimitiveCache;
import io.github.horkd.internal.onednn.WorkingMemory;
import org.bytedeco.dnnl.dnnl_binary_desc_t;
import org.bytedeco.dnnl.dnnl_eltwise_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.nd4j.linalg.api.ndarray.INDArray;

/** ReLU, sum and copy by oneDNN, on arrays without gaps and whatever the order of their values: on as many threads as its convolutions. */
final class ElementWise {

    private final PrimitiveCache<Work, Operation> operations;

    ElementWise(WorkingMemory working) {
        operations = new PrimitiveCache<>((work, natives) -> make(work, natives, working));
    }

    private enum Kind {
        RELU,
        RELU_BACK,
        SUM,
        SUM_RELU,
        COPY
    }

    private record Work(Kind kind, long length) {}

    private static Operation make(Work work, NativeObjects natives, WorkingMemory working) {
        dnnl_memory_desc_t flat = MemoryOrder.floats(dnnl.dnnl_x, work.length);
        return switch (work.kind) {
            case COPY -> Operation.reorder(natives, flat, flat, working);
            case RELU ->
                new Operation.Builder(natives, relu(natives, flat), working)
                        .input(dnnl.DNNL_ARG_SRC, flat, flat)
                        .output(dnnl.DNNL_ARG_DST, flat, flat)
                        .build();
            case RELU_BACK -> {
                var operation = new dnnl_eltwise_desc_t();
                OneDnn.check(
                        dnnl.dnnl_eltwise_backward_desc_init(operation, dnnl.dnnl_eltwise_relu, flat, flat, 0, 0),
                        "describing the slope of a ReLU");
                yield new Operation.Builder(natives, natives.description(operation, relu(natives, flat)), working)
                        .input(dnnl.DNNL_ARG_SRC, flat, flat)
                        .input(dnnl.DNNL_ARG_DIFF_DST, flat, flat)
                        .output(dnnl.DNNL_ARG_DIFF_SRC, flat, flat)
                        .build();
            }
            case SUM, SUM_RELU -> {
                var operation = new dnnl_binary_desc_t();
                OneDnn.check(
                        dnnl.dnnl_binary_desc_init(operation, dnnl.dnnl_binary_add, flat, flat, flat),
                        "describing a sum");
                dnnl_primitive_desc sum = work.kind == Kind.SUM
                        ? natives.description(operation, null)
                        : natives.description(operation, null, natives.reluAfterwards());
                yield new Operation.Builder(natives, sum, working)
                        .input(dnnl.DNNL_ARG_SRC_0, flat, flat)
                        .input(dnnl.DNNL_ARG_SRC_1, flat, flat)
                        .output(dnnl.DNNL_ARG_DST, flat, flat)
                        .build();
            }
        };
    }

    private static dnnl_primitive_desc relu(NativeObjects natives, dnnl_memory_desc_t flat) {
        var operation = new dnnl_eltwise_desc_t();
        OneDnn.check(
                dnnl.dnnl_eltwise_forward_desc_init(
                        operation, dnnl.dnnl_forward_training, dnnl.dnnl_eltwise_relu, flat, 0, 0),
                "describing a ReLU");
        return natives.description(operation, null);
    }

    /** y = max(x, 0); the two may be one array. */
    void relu(INDArray x, INDArray y) {
        operation(Kind.RELU, x).run(NativeFloats.of(x), NativeFloats.of(y));
    }

    /** dx = dy where x is above zero, else 0; x may be the ReLU's input or its output, dx and dy may be one array. */
    void reluBack(INDArray x, INDArray dy, INDArray dx) {
        operation(Kind.RELU_BACK, x).run(NativeFloats.of(x), NativeFloats.of(dy), NativeFloats.of(dx));
    }

    /** y = a + b, or max(a + b, 0). */
    void sum(INDArray a, INDArray b, INDArray y, boolean relu) {
        operation(relu ? Kind.SUM_RELU : Kind.SUM, a).run(NativeFloats.of(a), NativeFloats.of(b), NativeFloats.of(y));
    }

    /** y = x. */
    void copy(INDArray x, INDArray y) {
        operation(Kind.COPY, x).run(NativeFloats.of(x), NativeFloats.of(y));
    }

    private Operation operation(Kind kind, INDArray x) {
        return operations.of(new Work(kind, x.length()));
    }
}
