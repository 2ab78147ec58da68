package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.NativeObjects;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.Operation;
import io.github.horkd.internal.onednn.PrimitiveCache;
import io.github.horkd.internal.onednn.WorkingMemory;
import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

/**
 * DL4J's batch normalisation, with blocked arrays in training done by oneDNN, on request with the ReLU that follows in the same pass, and
 * without the eight calls into ND4J by which DL4J moves the running statistics. Everything else is left to DL4J and the helper it has.
 * Takes over everything from the layer object it stands in for.
 */
final class BlockedBatchNorm extends BatchNormalization {

    private static final long serialVersionUID = 1L;

    private transient Kernel kernel;
    private transient boolean isBlocked;

    BlockedBatchNorm(BatchNormalization layer) {
        super(layer.conf(), DataType.FLOAT);
        Dl4jInternals.copy(layer, this, BatchNormalization.class);
    }

    /** Normalises blocked arrays by this from now on; null makes it DL4J's layer again. */
    void setKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /** What one layer works with. */
    static final class Kernel {
        private final PrimitiveCache<Size, NormPrimitives> bySize;
        private final INDArray mean;
        private final INDArray variance;
        private final WorkingMemory working;

        /**
         * For one layer.
         *
         * @param working  shared with the other layers of the network
         * @param channels how many channels the layer has
         * @param relu     whether what it writes goes through a ReLU; its derivative stays with who comes after
         */
        Kernel(WorkingMemory working, int channels, boolean relu) {
            this.working = working;
            this.mean = NativeFloats.kept(channels);
            this.variance = NativeFloats.kept(channels);
            this.bySize = new PrimitiveCache<>((size, natives) -> new NormPrimitives(size, relu, natives, working));
        }

        private NormPrimitives primitives(INDArray x, double eps) {
            return bySize.of(new Size(x.size(0), mean.length(), x.size(2), x.size(3), eps));
        }

        void forward(INDArray x, INDArray gamma, INDArray beta, INDArray y, double eps) {
            NormPrimitives primitives = primitives(x, eps);
            Pointer[] arguments = new Pointer[primitives.maskBytes == 0 ? MASK : MASK + 1];
            INDArray[] arrays = {x, gamma, beta, mean, variance, y};
            for (int i = 0; i < MASK; i++) {
                arguments[i] = NativeFloats.of(arrays[i]);
            }
            if (primitives.maskBytes > 0) {
                arguments[MASK] = working.slot(MASK, primitives.maskBytes);
            }
            primitives.forward.run(arguments);
        }

        void backward(
                INDArray x,
                INDArray dy,
                INDArray gamma,
                INDArray beta,
                INDArray dx,
                INDArray dGamma,
                INDArray dBeta,
                double eps) {
            primitives(x, eps)
                    .backward
                    .run(
                            NativeFloats.of(x),
                            NativeFloats.of(mean),
                            NativeFloats.of(variance),
                            NativeFloats.of(dy),
                            NativeFloats.of(gamma),
                            NativeFloats.of(beta),
                            NativeFloats.of(dx),
                            NativeFloats.of(dGamma),
                            NativeFloats.of(dBeta));
        }
    }

    private record Size(long images, long channels, long height, long width, double eps) {}

    /** The place among the arguments of oneDNN's mask of what its ReLU let through. The ReLU's own slope asks its output instead. */
    private static final int MASK = 6;

    private static final class NormPrimitives {
        private final Operation forward;
        private final Operation backward;
        private final long maskBytes;

        NormPrimitives(Size size, boolean relu, NativeObjects natives, WorkingMemory working) {
            dnnl_memory_desc_t image =
                    MemoryOrder.floats(MemoryOrder.tag(true), size.images, size.channels, size.height, size.width);
            dnnl_memory_desc_t vector = MemoryOrder.floats(dnnl.dnnl_x, size.channels);
            int flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;
            dnnl_primitive_desc up = forward(natives, image, size, flags | (relu ? dnnl.dnnl_fuse_norm_relu : 0));
            var builder = new Operation.Builder(natives, up, working)
                    .input(dnnl.DNNL_ARG_SRC, image, image)
                    .input(dnnl.DNNL_ARG_SCALE, vector, vector)
                    .input(dnnl.DNNL_ARG_SHIFT, vector, vector)
                    .output(dnnl.DNNL_ARG_MEAN, vector, vector)
                    .output(dnnl.DNNL_ARG_VARIANCE, vector, vector)
                    .output(dnnl.DNNL_ARG_DST, image, image);
            if (relu) {
                dnnl_memory_desc_t mask = dnnl.dnnl_primitive_desc_query_md(up, dnnl.dnnl_query_workspace_md, 0);
                maskBytes = dnnl.dnnl_memory_desc_get_size(mask);
                builder.output(dnnl.DNNL_ARG_WORKSPACE, mask, mask);
            } else {
                maskBytes = 0;
            }
            forward = builder.build();
            var down = new dnnl_batch_normalization_desc_t();
            OneDnn.check(
                    dnnl.dnnl_batch_normalization_backward_desc_init(
                            down, dnnl.dnnl_backward, image, image, (float) size.eps, flags),
                    "describing the derivative of batch norm of " + size);
            backward = new Operation.Builder(
                            natives,
                            natives.description(down, relu ? forward(natives, image, size, flags) : up),
                            working)
                    .input(dnnl.DNNL_ARG_SRC, image, image)
                    .input(dnnl.DNNL_ARG_MEAN, vector, vector)
                    .input(dnnl.DNNL_ARG_VARIANCE, vector, vector)
                    .input(dnnl.DNNL_ARG_DIFF_DST, image, image)
                    .input(dnnl.DNNL_ARG_SCALE, vector, vector)
                    .input(dnnl.DNNL_ARG_SHIFT, vector, vector)
                    .output(dnnl.DNNL_ARG_DIFF_SRC, image, image)
                    .output(dnnl.DNNL_ARG_DIFF_SCALE, vector, vector)
                    .output(dnnl.DNNL_ARG_DIFF_SHIFT, vector, vector)
                    .build();
        }

        private static dnnl_primitive_desc forward(
                NativeObjects natives, dnnl_memory_desc_t image, Size size, int flags) {
            var operation = new dnnl_batch_normalization_desc_t();
            OneDnn.check(
                    dnnl.dnnl_batch_normalization_forward_desc_init(
                            operation, dnnl.dnnl_forward_training, image, (float) size.eps, flags),
                    "describing batch norm of " + size);
            return natives.description(operation, null);
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        isBlocked = training && kernel != null;
        if (!isBlocked) {
            return super.activate(training, workspaces);
        }
        assertInputSet(false);
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, input.shape(), 'c');
        kernel.forward(
                input, params.get(GAMMA), params.get(BETA), y, layerConf().getEps());
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        if (!isBlocked) {
            return super.backpropGradient(epsilon, workspaces);
        }
        assertInputSet(true);
        INDArray dGamma = gradientViews.get(GAMMA);
        INDArray dBeta = gradientViews.get(BETA);
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, input.shape(), 'c');
        kernel.backward(
                input,
                epsilon,
                params.get(GAMMA),
                params.get(BETA),
                dx,
                dGamma,
                dBeta,
                layerConf().getEps());
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(GAMMA, dGamma);
        gradient.setGradientFor(BETA, dBeta);
        moveStatistics(gradient);
        return new Pair<>(gradient, dx);
    }

    /**
     * DL4J's way of keeping running statistics, as gradients of parameters that are subtracted as they are:
     * (1 − decay) (old − of this batch), or for log10 of the deviation the difference of the logarithms.
     */
    private void moveStatistics(Gradient gradient) {
        double decay = layerConf().getDecay();
        float share = (float) (1 - decay);
        float[] batch = NativeFloats.copy(kernel.mean, new float[0]);
        float[] change = NativeFloats.copy(params.get(GLOBAL_MEAN), new float[0]);
        for (int c = 0; c < change.length; c++) {
            change[c] = (change[c] - batch[c]) * share;
        }
        put(change, GLOBAL_MEAN, gradient);
        batch = NativeFloats.copy(kernel.variance, batch);
        boolean isLog = layerConf().isUseLogStd();
        change = NativeFloats.copy(params.get(isLog ? GLOBAL_LOG_STD : GLOBAL_VAR), change);
        for (int c = 0; c < change.length; c++) {
            double old = Math.pow(10, 2.0 * change[c]);
            change[c] = isLog
                    ? (float) (Math.log10(old / (old * decay + batch[c] * (1 - decay))) / 2)
                    : (change[c] - batch[c]) * share;
        }
        put(change, isLog ? GLOBAL_LOG_STD : GLOBAL_VAR, gradient);
    }

    private void put(float[] values, String name, Gradient gradient) {
        INDArray view = gradientViews.get(name);
        NativeFloats.of(view).put(values, 0, values.length);
        gradient.setGradientFor(name, view);
    }
}
