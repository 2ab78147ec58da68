package io.github.horkd.internal.training;

import io.github.horkd.internal.graph.Window;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.Operation;
import io.github.horkd.internal.onednn.WorkingMemory;
import org.bytedeco.dnnl.dnnl_convolution_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The primitives for one size of input. The backward ones are made when the first backward pass asks. */
final class ConvolutionPrimitives {
    /** Everything that shapes the primitives. */
    record Size(long images, long in, long height, long width, long out, Window window, OneDnnConvolution.Flow flow) {

        static Size of(INDArray input, INDArray weights, Window window, OneDnnConvolution.Flow flow) {
            return new Size(
                    input.size(0), weights.size(1), input.size(2), input.size(3), weights.size(0), window, flow);
        }

        long[] paddingBefore() {
            return window.paddingBefore(height, width);
        }

        long[] paddingAfter() {
            return window.paddingAfter(height, width);
        }
    }

    private final Size size;
    private final boolean biased;
    private final WorkingMemory working;
    private final NativeObjects natives;
    private final dnnl_memory_desc_t anyInput;
    private final dnnl_memory_desc_t anyWeights;
    private final dnnl_memory_desc_t anyOutput;
    private final dnnl_memory_desc_t input;
    private final dnnl_memory_desc_t weights;
    private final dnnl_memory_desc_t output;
    private final dnnl_memory_desc_t bias;
    private final dnnl_primitive_desc chosen;
    private final Operation forward;
    private Operation byInput;
    private Operation byWeights;

    ConvolutionPrimitives(Size size, boolean biased, NativeObjects natives, WorkingMemory working) {
        this.size = size;
        this.biased = biased;
        this.working = working;
        this.natives = natives;
        long[] in = {size.images, size.in, size.height, size.width};
        long[] w = {size.out, size.in, size.window.kernelHeight(), size.window.kernelWidth()};
        long[] out = {size.images, size.out, size.window.outHeight(size.height), size.window.outWidth(size.width)};
        anyInput = MemoryOrder.floats(dnnl.dnnl_format_tag_any, in);
        anyWeights = MemoryOrder.floats(dnnl.dnnl_format_tag_any, w);
        anyOutput = MemoryOrder.floats(dnnl.dnnl_format_tag_any, out);
        input = MemoryOrder.floats(MemoryOrder.tag(size.flow.in()), in);
        weights = MemoryOrder.floats(dnnl.dnnl_oihw, w);
        output = MemoryOrder.floats(MemoryOrder.tag(size.flow.out()), out);
        bias = biased ? MemoryOrder.floats(dnnl.dnnl_x, size.out) : null;
        var operation = new dnnl_convolution_desc_t();
        OneDnn.check(
                dnnl.dnnl_dilated_convolution_forward_desc_init(
                        operation,
                        dnnl.dnnl_forward_training,
                        dnnl.dnnl_convolution_direct,
                        anyInput,
                        anyWeights,
                        bias,
                        anyOutput,
                        size.window.strides(),
                        size.window.gaps(),
                        size.paddingBefore(),
                        size.paddingAfter()),
                "describing a convolution of " + size);
        chosen = natives.description(operation, null);
        var builder = new Operation.Builder(natives, chosen, working)
                .input(dnnl.DNNL_ARG_SRC, dnnl.dnnl_query_src_md, input)
                .input(dnnl.DNNL_ARG_WEIGHTS, dnnl.dnnl_query_weights_md, weights)
                .output(dnnl.DNNL_ARG_DST, dnnl.dnnl_query_dst_md, output);
        if (biased) {
            builder.input(dnnl.DNNL_ARG_BIAS, bias, bias);
        }
        forward = builder.build();
    }

    void forward(Pointer x, Pointer w, Pointer b, Pointer y) {
        if (biased) {
            forward.run(x, w, y, b);
        } else {
            forward.run(x, w, y);
        }
    }

    void backwardByInput(Pointer dy, Pointer w, Pointer dx) {
        if (byInput == null) {
            var operation = new dnnl_convolution_desc_t();
            OneDnn.check(
                    dnnl.dnnl_dilated_convolution_backward_data_desc_init(
                            operation,
                            dnnl.dnnl_convolution_direct,
                            anyInput,
                            anyWeights,
                            anyOutput,
                            size.window.strides(),
                            size.window.gaps(),
                            size.paddingBefore(),
                            size.paddingAfter()),
                    "describing the derivative by the input of " + size);
            byInput = new Operation.Builder(natives, natives.description(operation, chosen), working)
                    .input(dnnl.DNNL_ARG_DIFF_DST, dnnl.dnnl_query_diff_dst_md, output)
                    .input(dnnl.DNNL_ARG_WEIGHTS, dnnl.dnnl_query_weights_md, weights)
                    .output(dnnl.DNNL_ARG_DIFF_SRC, dnnl.dnnl_query_diff_src_md, input)
                    .build();
        }
        byInput.run(dy, w, dx);
    }

    void backwardByWeights(Pointer dy, Pointer x, Pointer dw, Pointer db) {
        if (byWeights == null) {
            var operation = new dnnl_convolution_desc_t();
            OneDnn.check(
                    dnnl.dnnl_dilated_convolution_backward_weights_desc_init(
                            operation,
                            dnnl.dnnl_convolution_direct,
                            anyInput,
                            anyWeights,
                            bias,
                            anyOutput,
                            size.window.strides(),
                            size.window.gaps(),
                            size.paddingBefore(),
                            size.paddingAfter()),
                    "describing the derivative by the weights of " + size);
            var builder = new Operation.Builder(natives, natives.description(operation, chosen), working)
                    .input(dnnl.DNNL_ARG_DIFF_DST, dnnl.dnnl_query_diff_dst_md, output)
                    .input(dnnl.DNNL_ARG_SRC, dnnl.dnnl_query_src_md, input)
                    .output(dnnl.DNNL_ARG_DIFF_WEIGHTS, dnnl.dnnl_query_diff_weights_md, weights);
            if (biased) {
                builder.output(dnnl.DNNL_ARG_DIFF_BIAS, bias, bias);
            }
            byWeights = builder.build();
        }
        if (biased) {
            byWeights.run(dy, x, dw, db);
        } else {
            byWeights.run(dy, x, dw);
        }
    }
}
