package io.github.horkd.onnx;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.tribuo.util.onnx.ONNXOperators;

/** DL4J layers as ONNX nodes, by their exact class: a subclass may compute something else. */
final class LayerTranslation {

    private static final int IMAGES = 4;

    private final OnnxGraph onnx;

    LayerTranslation(OnnxGraph onnx) {
        this.onnx = onnx;
    }

    /**
     * A layer in its place.
     *
     * @param params its parameters by DL4J's names
     * @param x      the tensor it reads
     * @param in     that tensor's shape for one image, after any preprocessor
     * @param out    the shape of what it gives for one image
     */
    record Step(String name, Layer layer, Map<String, INDArray> params, String x, long[] in, long[] out) {

        INDArray param(String key) {
            return params.get(key);
        }
    }

    /** Whether a batch-norm that follows may be folded into this layer. */
    static boolean takesAffine(Layer layer) {
        Class<?> kind = layer.getClass();
        return (isConvolution(kind) || kind == DenseLayer.class)
                && Activations.isIdentity(((BaseLayer) layer).getActivationFn());
    }

    private static boolean isConvolution(Class<?> kind) {
        return kind == ConvolutionLayer.class || kind == Convolution2D.class;
    }

    /** Adds a layer; for convolution and dense layers with a per-channel scale and shift put into the weights. */
    String add(Step step, Affine after) {
        Layer layer = step.layer();
        Class<?> kind = layer.getClass();
        if (isConvolution(kind)) {
            return activate(
                    step, ((BaseLayer) layer).getActivationFn(), convolve(step, (ConvolutionLayer) layer, after));
        } else if (kind == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            refuseIf(dense.hasLayerNorm(), step, "a dense layer with layer normalisation");
            return activate(step, dense.getActivationFn(), multiply(step, dense.hasBias(), after));
        } else if (kind == OutputLayer.class) {
            OutputLayer output = (OutputLayer) layer;
            return activate(step, output.getActivationFn(), multiply(step, output.hasBias(), after));
        } else if (kind == LossLayer.class) {
            return activate(step, ((LossLayer) layer).getActivationFn(), step.x());
        } else if (kind == ActivationLayer.class) {
            return activate(step, ((ActivationLayer) layer).getActivationFn(), step.x());
        } else if (kind == DropoutLayer.class) {
            return step.x();
        } else if (kind == BatchNormalization.class) {
            return normalise(step);
        } else if (kind == SubsamplingLayer.class || kind == Pooling2D.class) {
            return pool(step, (SubsamplingLayer) layer);
        } else if (kind == GlobalPoolingLayer.class) {
            return poolGlobally(step, (GlobalPoolingLayer) layer);
        } else if (kind == PReLULayer.class) {
            INDArray slope = step.param("W");
            return onnx.add(
                    Operator.PRELU,
                    step.name(),
                    step.x(),
                    onnx.constant(step.name() + "/slope", ArrayCopy.floats(slope), slope.shape()));
        } else if (kind == ZeroPaddingLayer.class) {
            return pad(step, (ZeroPaddingLayer) layer);
        }
        throw Unsupported.vertex(step.name(), "layer " + kind.getSimpleName());
    }

    private String activate(Step step, org.nd4j.linalg.activations.IActivation activation, String x) {
        return Activations.add(onnx, activation, step.name(), x, step.out().length);
    }

    private String convolve(Step step, ConvolutionLayer layer, Affine after) {
        refuseIf(
                layer.getCnn2dDataFormat() != CNN2DFormat.NCHW, step, "a convolution over channels-last (NHWC) images");
        Map<String, Object> attributes = new HashMap<>(Map.of(
                "kernel_shape",
                layer.getKernelSize(),
                "strides",
                layer.getStride(),
                "dilations",
                layer.getDilation(),
                "pads",
                pads(
                        step,
                        layer.getConvolutionMode(),
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getPadding(),
                        layer.getDilation())));
        INDArray weights = step.param("W");
        return onnx.add(
                Operator.CONV,
                step.name(),
                attributes,
                step.x(),
                onnx.weights(step.name() + "/W", after.scaleRows(ArrayCopy.floats(weights)), weights.shape()),
                onnx.constant(
                        step.name() + "/b",
                        after.applyTo(bias(step, layer.hasBias(), (int) weights.size(0))),
                        weights.size(0)));
    }

    private String multiply(Step step, boolean hasBias, Affine after) {
        refuseIf(step.in().length != 1 + 1, step, "a dense layer over rank " + step.in().length);
        // DL4J's are [in, out]; ONNX gets [out, in], so that output channels come first as in convolutions.
        INDArray weights = step.param("W").transpose();
        return onnx.add(
                ONNXOperators.GEMM,
                step.name(),
                Map.of("transB", 1),
                step.x(),
                onnx.weights(step.name() + "/W", after.scaleRows(ArrayCopy.floats(weights)), weights.shape()),
                onnx.constant(
                        step.name() + "/b",
                        after.applyTo(bias(step, hasBias, (int) weights.size(0))),
                        weights.size(0)));
    }

    private static float[] bias(Step step, boolean has, int width) {
        return has ? ArrayCopy.floats(step.param("b")) : new float[width];
    }

    private String normalise(Step step) {
        BatchNormalization layer = (BatchNormalization) step.layer();
        refuseIf(step.in().length != 2 && step.in().length != IMAGES, step, "batch-norm over rank " + step.in().length);
        refuseIf(
                step.in().length == IMAGES && layer.getCnn2DFormat() != CNN2DFormat.NCHW,
                step,
                "batch-norm over channels-last (NHWC) images");
        Affine affine = Affine.of(layer, step.params());
        int width = affine.width();
        float[] zeros = new float[width];
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        // Mean 0, variance 1, epsilon 0: scale and shift say it all.
        return onnx.add(
                Operator.BATCH_NORMALIZATION,
                step.name(),
                Map.of("epsilon", 0f),
                step.x(),
                onnx.constant(step.name() + "/scale", affine.scaleRows(ones), width),
                onnx.constant(step.name() + "/shift", affine.applyTo(zeros), width),
                onnx.constant(step.name() + "/mean", zeros, width),
                onnx.constant(step.name() + "/variance", ones, width));
    }

    private String pool(Step step, SubsamplingLayer layer) {
        refuseIf(layer.getCnn2dDataFormat() != CNN2DFormat.NCHW, step, "pooling over channels-last (NHWC) images");
        PoolingType type = layer.getPoolingType();
        Map<String, Object> attributes = new HashMap<>(Map.of(
                "kernel_shape",
                layer.getKernelSize(),
                "strides",
                layer.getStride(),
                "pads",
                pads(
                        step,
                        layer.getConvolutionMode(),
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getPadding(),
                        layer.getDilation())));
        if (type == PoolingType.MAX) {
            attributes.put("dilations", layer.getDilation());
            return onnx.add(Operator.MAX_POOL, step.name(), attributes, step.x());
        }
        refuseIf(type != PoolingType.AVG, step, "pooling of type " + type);
        refuseIf(Arrays.stream(layer.getDilation()).anyMatch(d -> d != 1), step, "average pooling with dilation");
        attributes.put("count_include_pad", layer.isAvgPoolIncludePadInDivisor() ? 1 : 0);
        return onnx.add(Operator.AVERAGE_POOL, step.name(), attributes, step.x());
    }

    private String poolGlobally(Step step, GlobalPoolingLayer layer) {
        refuseIf(step.in().length != IMAGES, step, "global pooling over rank " + step.in().length);
        int[] dimensions = layer.getPoolingDimensions();
        refuseIf(
                dimensions != null && !Arrays.equals(dimensions, new int[] {2, 3}),
                step,
                "global pooling over dimensions " + Arrays.toString(dimensions));
        String x = step.x();
        String name = step.name();
        String pooled = switch (layer.getPoolingType()) {
            case AVG -> onnx.add(Operator.GLOBAL_AVERAGE_POOL, name, x);
            case MAX -> onnx.add(Operator.GLOBAL_MAX_POOL, name, x);
            case SUM ->
                onnx.add(ONNXOperators.REDUCE_SUM, name, Map.of("keepdims", 1), x, onnx.integers(name + "/axes", 2, 3));
            case PNORM -> {
                refuseIf(layer.getPnorm() != 2, step, "global pooling by the norm of order " + layer.getPnorm());
                yield onnx.add(Operator.REDUCE_L2, name, Map.of("axes", new int[] {2, 3}, "keepdims", 1), x);
            }
        };
        return layer.isCollapseDimensions() ? onnx.add(Operator.FLATTEN, name, Map.of("axis", 1), pooled) : pooled;
    }

    private String pad(Step step, ZeroPaddingLayer layer) {
        refuseIf(layer.getDataFormat() != CNN2DFormat.NCHW, step, "padding of channels-last (NHWC) images");
        int[] p = layer.getPadding();
        return onnx.add(
                Operator.PAD,
                step.name(),
                step.x(),
                onnx.integers(step.name() + "/pads", 0, 0, p[0], p[2], 0, 0, p[1], p[3]));
    }

    /** Top, left, bottom, right. "Same" puts the odd pixel at the bottom and the right, as DL4J does. */
    private static int[] pads(
            Step step, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation) {
        refuseIf(mode == ConvolutionMode.Causal, step, "convolution mode Causal");
        int[] pads = new int[4];
        for (int d = 0; d < 2; d++) {
            if (mode == ConvolutionMode.Same) {
                long reach = (step.out()[2 + d] - 1) * stride[d] + (long) (kernel[d] - 1) * dilation[d] + 1;
                int total = (int) Math.max(0, reach - step.in()[2 + d]);
                pads[d] = total / 2;
                pads[2 + d] = total - total / 2;
            } else {
                pads[d] = padding[d];
                pads[2 + d] = padding[d];
            }
        }
        return pads;
    }

    private static void refuseIf(boolean refused, Step step, String what) {
        if (refused) {
            throw Unsupported.vertex(step.name(), what);
        }
    }
}
