package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.OneDnn;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_binary_desc_t;
import org.bytedeco.dnnl.dnnl_eltwise_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_pooling_v2_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.dnnl_softmax_desc_t;
import org.bytedeco.dnnl.global.dnnl;

/** One step of an {@link InferencePlan}: arithmetic that makes one value of others, and how oneDNN is told to do it. */
interface PlanStep {

    /** Puts the step into a pass. */
    InferencePass.Value addTo(InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result);

    /** This step and a function of each of its values in one, where that is possible. */
    default Optional<PlanStep> then(Pointwise next) {
        return Optional.empty();
    }

    /** This step and the sum of its result and one more input in one, where that is possible. */
    default Optional<PlanStep> plusAnother() {
        return Optional.empty();
    }

    /**
     * A function of each value by itself.
     *
     * @param algorithm oneDNN's number of it
     * @param alpha     its first parameter
     * @param beta      its second
     */
    record Pointwise(int algorithm, float alpha, float beta) implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value from = pass.ordered(inputs.get(0));
            InferencePass.Value to = pass.create(result);
            var operation = new dnnl_eltwise_desc_t();
            OneDnn.check(
                    dnnl.dnnl_eltwise_forward_desc_init(
                            operation, dnnl.dnnl_forward_inference, algorithm, from.order(), alpha, beta),
                    "describing an activation");
            pass.run(
                    pass.choose(operation, false, Optional.empty()),
                    new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                    from.memory(),
                    to.memory());
            return to;
        }
    }

    /**
     * The sum of two values.
     *
     * @param after a function of each sum
     */
    record Sum(Optional<Pointwise> after) implements PlanStep {

        @Override
        public Optional<PlanStep> then(Pointwise next) {
            return after.isPresent() ? Optional.empty() : Optional.of(new Sum(Optional.of(next)));
        }

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value a = pass.ordered(inputs.get(0));
            InferencePass.Value b = pass.ordered(inputs.get(1));
            InferencePass.Value to = pass.create(result);
            var operation = new dnnl_binary_desc_t();
            OneDnn.check(
                    dnnl.dnnl_binary_desc_init(operation, dnnl.dnnl_binary_add, a.order(), b.order(), to.order()),
                    "describing a sum");
            pass.run(
                    pass.choose(operation, false, after),
                    new int[] {dnnl.DNNL_ARG_SRC_0, dnnl.DNNL_ARG_SRC_1, dnnl.DNNL_ARG_DST},
                    a.memory(),
                    b.memory(),
                    to.memory());
            return to;
        }
    }

    /**
     * The largest or the average of what a window sees.
     *
     * @param algorithm oneDNN's number of it
     * @param window    kernel, stride, padding
     */
    record Pool(int algorithm, PlanWindow window) implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value from = pass.ordered(inputs.get(0));
            InferencePass.Value to = pass.create(window.over(from.sides(), result.channels()));
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
                            window.paddingBefore(from.sides()),
                            window.paddingAfter(from.sides())),
                    "describing a pooling");
            pass.run(
                    pass.choose(operation, false, Optional.empty()),
                    new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                    from.memory(),
                    to.memory());
            return result.isRow() ? pass.row(to) : to;
        }
    }

    /** A map as a row: channels, lines, columns. */
    record Flatten() implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            return pass.row(inputs.get(0));
        }
    }

    /** A batch normalisation that could not be folded; all four are vectors over the channels there is room for. */
    record Norm(float[] mean, float[] variance, float[] gamma, float[] beta, float epsilon) implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value from = pass.ordered(inputs.get(0));
            InferencePass.Value to = pass.create(result);
            var operation = new dnnl_batch_normalization_desc_t();
            OneDnn.check(
                    dnnl.dnnl_batch_normalization_forward_desc_init(
                            operation,
                            dnnl.dnnl_forward_inference,
                            from.order(),
                            epsilon,
                            dnnl.dnnl_use_global_stats | dnnl.dnnl_use_scale | dnnl.dnnl_use_shift),
                    "describing a batch normalisation");
            dnnl_primitive_desc chosen = pass.choose(operation, false, Optional.empty());
            dnnl_memory_desc_t vector = MemoryOrder.floats(dnnl.dnnl_x, mean.length);
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
                    pass.constant(mean, vector, vector),
                    pass.constant(variance, vector, vector),
                    pass.constant(gamma, vector, vector),
                    pass.constant(beta, vector, vector),
                    to.memory());
            return to;
        }
    }

    /** Probabilities of each row. */
    record Softmax() implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value from = inputs.get(0);
            InferencePass.Value to = pass.create(result);
            var operation = new dnnl_softmax_desc_t();
            OneDnn.check(
                    dnnl.dnnl_softmax_forward_desc_init(operation, dnnl.dnnl_forward_inference, from.order(), 1),
                    "describing a softmax");
            pass.run(
                    pass.choose(operation, false, Optional.empty()),
                    new int[] {dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST},
                    from.memory(),
                    to.memory());
            return to;
        }
    }

    /**
     * Each row over its Euclidean length.
     *
     * @param least a row shorter than that is divided by this
     */
    record UnitLength(double least) implements PlanStep {

        @Override
        public InferencePass.Value addTo(
                InferencePass.Builder pass, List<InferencePass.Value> inputs, PlanSides result) {
            InferencePass.Value from = inputs.get(0);
            InferencePass.Value to = pass.create(result);
            // A few thousand values: not worth two primitives.
            float[] rows = new float[Math.multiplyExact(pass.images(), result.size())];
            pass.run(() -> {
                from.read(rows);
                for (int start = 0; start < rows.length; start += result.size()) {
                    double squares = 0;
                    for (int i = start; i < start + result.size(); i++) {
                        squares += (double) rows[i] * rows[i];
                    }
                    float factor = (float) (1 / Math.max(Math.sqrt(squares), least));
                    for (int i = start; i < start + result.size(); i++) {
                        rows[i] *= factor;
                    }
                }
                to.write(rows);
            });
            return to;
        }
    }
}
