package io.github.horkd.model;

import org.bytedeco.dnnl.dnnl_batch_normalization_desc_t;
import org.bytedeco.dnnl.dnnl_memory_desc_t;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import java.util.Map;

/** Batch normalisation of blocked arrays in training, by oneDNN; everything else is left to {@link FusedBatchNorm}. */
final class BlockedBatchNorm implements BatchNormalizationHelper {

    private final FusedBatchNorm plain;
    private final OneDnn.Plans<Size> plans;
    private final INDArray mean;
    private final INDArray variance;
    private boolean isBlocked;

    BlockedBatchNorm(FusedBatchNorm plain, OneDnn.Scratch scratch, int channels) {
        this.plain = plain;
        this.mean = NativeFloats.kept(channels);
        this.variance = NativeFloats.kept(channels);
        this.plans = new OneDnn.Plans<>((size, natives) -> new Plan(size, natives, scratch));
    }

    private record Size(long images, long channels, long height, long width, double eps) {
        static Size of(INDArray x, double eps) {
            return new Size(x.size(0), x.size(1), x.size(2), x.size(3), eps);
        }
    }

    private static final class Plan implements OneDnn.Plan {
        private final OneDnn.Operation forward;
        private final OneDnn.Operation backward;

        Plan(Size size, OneDnn.Natives natives, OneDnn.Scratch scratch) {
            dnnl_memory_desc_t image = OneDnn.floats(OneDnn.blockedOrder(), size.images, size.channels, size.height, size.width);
            dnnl_memory_desc_t vector = OneDnn.floats(dnnl.dnnl_x, size.channels);
            int flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift;
            var up = new dnnl_batch_normalization_desc_t();
            OneDnn.check(dnnl.dnnl_batch_normalization_forward_desc_init(up, dnnl.dnnl_forward_training, image, (float) size.eps, flags),
                    "describing batch norm of " + size);
            dnnl_primitive_desc chosen = natives.description(up, null);
            forward = new OneDnn.Builder(natives, chosen, scratch)
                    .input(dnnl.DNNL_ARG_SRC, image, image)
                    .input(dnnl.DNNL_ARG_SCALE, vector, vector)
                    .input(dnnl.DNNL_ARG_SHIFT, vector, vector)
                    .output(dnnl.DNNL_ARG_MEAN, vector, vector)
                    .output(dnnl.DNNL_ARG_VARIANCE, vector, vector)
                    .output(dnnl.DNNL_ARG_DST, image, image).build();
            var down = new dnnl_batch_normalization_desc_t();
            OneDnn.check(dnnl.dnnl_batch_normalization_backward_desc_init(down, dnnl.dnnl_backward, image, image, (float) size.eps, flags),
                    "describing the derivative of batch norm of " + size);
            backward = new OneDnn.Builder(natives, natives.description(down, chosen), scratch)
                    .input(dnnl.DNNL_ARG_SRC, image, image)
                    .input(dnnl.DNNL_ARG_MEAN, vector, vector)
                    .input(dnnl.DNNL_ARG_VARIANCE, vector, vector)
                    .input(dnnl.DNNL_ARG_DIFF_DST, image, image)
                    .input(dnnl.DNNL_ARG_SCALE, vector, vector)
                    .input(dnnl.DNNL_ARG_SHIFT, vector, vector)
                    .output(dnnl.DNNL_ARG_DIFF_SRC, image, image)
                    .output(dnnl.DNNL_ARG_DIFF_SCALE, vector, vector)
                    .output(dnnl.DNNL_ARG_DIFF_SHIFT, vector, vector).build();
        }
    }

    @Override
    public INDArray preOutput(INDArray x, boolean training, long[] shape, INDArray gamma, INDArray beta, INDArray runningMean,
                              INDArray runningVariance, double decay, double eps, CNN2DFormat format, LayerWorkspaceMgr workspaces) {
        isBlocked = training;
        if (!isBlocked) {
            return plain.preOutput(x, false, shape, gamma, beta, runningMean, runningVariance, decay, eps, format, workspaces);
        }
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, x.shape(), 'c');
        OneDnn.orFail(() -> plan(x, eps).forward.run(NativeFloats.of(x), NativeFloats.of(gamma), NativeFloats.of(beta),
                NativeFloats.of(mean), NativeFloats.of(variance), NativeFloats.of(y)));
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray x, INDArray epsilon, long[] shape, INDArray gamma, INDArray beta,
                                                     INDArray dGamma, INDArray dBeta, double eps, CNN2DFormat format,
                                                     LayerWorkspaceMgr workspaces) {
        if (!isBlocked) {
            return plain.backpropGradient(x, epsilon, shape, gamma, beta, dGamma, dBeta, eps, format, workspaces);
        }
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, x.shape(), 'c');
        OneDnn.orFail(() -> plan(x, eps).backward.run(NativeFloats.of(x), NativeFloats.of(mean), NativeFloats.of(variance),
                NativeFloats.of(epsilon), NativeFloats.of(gamma), NativeFloats.of(beta), NativeFloats.of(dx), NativeFloats.of(dGamma), NativeFloats.of(dBeta)));
        Gradient gradient = new DefaultGradient();
        gradient.setGradientFor(BatchNormalizationParamInitializer.GAMMA, dGamma);
        gradient.setGradientFor(BatchNormalizationParamInitializer.BETA, dBeta);
        return new Pair<>(gradient, dx);
    }

    private Plan plan(INDArray x, double eps) {
        return (Plan) plans.of(Size.of(x, eps));
    }

    @Override
    public INDArray getMeanCache(DataType type) {
        return isBlocked ? mean : plain.getMeanCache(type);
    }

    @Override
    public INDArray getVarCache(DataType type) {
        return isBlocked ? variance : plain.getVarCache(type);
    }

    @Override
    public boolean checkSupported(double eps, boolean fixedGammaBeta) {
        return plain.checkSupported(eps, fixedGammaBeta);
    }

    @Override
    public boolean checkSupported() {
        return true;
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Map.of();
    }
}
