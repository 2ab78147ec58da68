package io.github.horkd.internal.graph;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.Map;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
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
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads one layer as steps. */
final class LayerReader {

    private final GraphReader graph;

    LayerReader(GraphReader graph) {
        this.graph = graph;
    }

    /**
     * Adds a layer's steps.
     *
     * @param params its parameters by DL4J's names
     * @param norm   a batch normalisation to take in, or null
     */
    void read(String vertex, Layer layer, Map<String, INDArray> params, ChannelScale norm) throws UnknownPart {
        Class<?> kind = layer.getClass();
        Extent from = graph.extent(vertex);
        if (layer instanceof BaseLayer weighted) {
            refuseIf(weighted.getWeightNoise() != null, vertex, "weight noise");
        }
        if (FoldableNorms.isConvolution(layer)) {
            convolution(vertex, (ConvolutionLayer) layer, params, norm);
            activate(vertex, ((ConvolutionLayer) layer).getActivationFn());
        } else if (kind == DenseLayer.class) {
            DenseLayer dense = (DenseLayer) layer;
            refuseIf(dense.hasLayerNorm(), vertex, "a dense layer with layer normalisation");
            dense(vertex, params, dense.hasBias(), norm);
            activate(vertex, dense.getActivationFn());
        } else if (kind == OutputLayer.class) {
            dense(vertex, params, ((OutputLayer) layer).hasBias(), norm);
            activate(vertex, ((OutputLayer) layer).getActivationFn());
        } else if (kind == LossLayer.class) {
            activate(vertex, ((LossLayer) layer).getActivationFn());
        } else if (kind == ActivationLayer.class) {
            activate(vertex, ((ActivationLayer) layer).getActivationFn());
        } else if (kind == BatchNormalization.class) {
            var conf = (BatchNormalization) layer;
            refuseIf(
                    !from.isRow() && conf.getCnn2DFormat() != CNN2DFormat.NCHW,
                    vertex,
                    "batch-norm over channels-last (NHWC) images");
            ChannelScale scale = ChannelScale.of(conf, params);
            want(scale.width() == from.channels(), scale.width() + " channels", from);
            graph.add(vertex, scale, from);
        } else if (kind == SubsamplingLayer.class || kind == Pooling2D.class) {
            pool(vertex, (SubsamplingLayer) layer);
        } else if (kind == GlobalPoolingLayer.class) {
            poolAll(vertex, (GlobalPoolingLayer) layer);
        } else if (kind == PReLULayer.class) {
            slopes(vertex, params.get("W"));
        } else if (kind == ZeroPaddingLayer.class) {
            pad(vertex, (ZeroPaddingLayer) layer);
        } else if (kind != DropoutLayer.class) {
            throw new UnknownPart(vertex, "layer " + kind.getSimpleName());
        }
    }

    private void convolution(String vertex, ConvolutionLayer layer, Map<String, INDArray> params, ChannelScale norm)
            throws UnknownPart {
        refuseIf(
                layer.getCnn2dDataFormat() != CNN2DFormat.NCHW,
                vertex,
                "a convolution over channels-last (NHWC) images");
        Window window = window(
                vertex,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        INDArray weights = params.get("W");
        Extent from = graph.extent(vertex);
        want(!from.isRow() && weights.size(1) == from.channels(), "a map of " + weights.size(1) + " channels", from);
        int out = (int) weights.size(0);
        Extent to = over(window, from, out);
        float[] bias = layer.hasBias() ? ArrayCopy.floats(params.get("b")) : new float[out];
        graph.add(
                vertex,
                norm == null
                        ? new GraphStep.Convolution(ArrayCopy.floats(weights), bias, window)
                        : new GraphStep.Convolution(
                                norm.scaledRows(ArrayCopy.floats(weights)), norm.appliedTo(bias), window),
                to);
    }

    private void dense(String vertex, Map<String, INDArray> params, boolean biased, ChannelScale norm) {
        // DL4J's are [in, out]; outputs come first here, as in convolutions.
        INDArray weights = params.get("W").transpose();
        Extent from = graph.extent(vertex);
        want(from.isRow() && weights.size(1) == from.channels(), "a row of " + weights.size(1), from);
        int out = (int) weights.size(0);
        float[] bias = biased ? ArrayCopy.floats(params.get("b")) : new float[out];
        graph.add(
                vertex,
                norm == null
                        ? new GraphStep.Dense(ArrayCopy.floats(weights), bias)
                        : new GraphStep.Dense(norm.scaledRows(ArrayCopy.floats(weights)), norm.appliedTo(bias)),
                Extent.row(out));
    }

    private void activate(String vertex, IActivation activation) throws UnknownPart {
        Extent extent = graph.extent(vertex);
        if (activation.getClass() == ActivationSoftmax.class) {
            refuseIf(!extent.isRow(), vertex, "activation ActivationSoftmax over a map");
            graph.add(vertex, SimpleStep.SOFTMAX, extent);
            return;
        }
        for (Function function : Function.of(vertex, activation)) {
            graph.add(vertex, function, extent);
        }
    }

    private void pool(String vertex, SubsamplingLayer layer) throws UnknownPart {
        refuseIf(layer.getCnn2dDataFormat() != CNN2DFormat.NCHW, vertex, "pooling over channels-last (NHWC) images");
        var type = layer.getPoolingType();
        refuseIf(type != PoolingType.MAX && type != PoolingType.AVG, vertex, "pooling of type " + type);
        boolean isDilated = Arrays.stream(layer.getDilation()).anyMatch(d -> d != 1);
        refuseIf(type == PoolingType.AVG && isDilated, vertex, "average pooling with dilation");
        Window window = window(
                vertex,
                layer.getConvolutionMode(),
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation());
        Extent from = graph.extent(vertex);
        want(!from.isRow(), "a map", from);
        graph.add(
                vertex,
                new GraphStep.Pool(type == PoolingType.MAX, layer.isAvgPoolIncludePadInDivisor(), window),
                over(window, from, from.channels()));
    }

    private void poolAll(String vertex, GlobalPoolingLayer layer) throws UnknownPart {
        Extent from = graph.extent(vertex);
        refuseIf(from.isRow(), vertex, "global pooling over a row");
        int[] axes = layer.getPoolingDimensions();
        refuseIf(
                axes != null && !Arrays.equals(axes, new int[] {2, 3}),
                vertex,
                "global pooling over dimensions " + Arrays.toString(axes));
        refuseIf(
                layer.getPoolingType() == PoolingType.PNORM && layer.getPnorm() != 2,
                vertex,
                "global pooling by the norm of order " + layer.getPnorm());
        GraphStep.Whole whole = switch (layer.getPoolingType()) {
            case AVG -> GraphStep.Whole.AVERAGE;
            case MAX -> GraphStep.Whole.MAXIMUM;
            case SUM -> GraphStep.Whole.SUM;
            case PNORM -> GraphStep.Whole.LENGTH;
        };
        graph.add(
                vertex,
                whole,
                layer.isCollapseDimensions() ? Extent.row(from.channels()) : Extent.map(from.channels(), 1, 1));
    }

    private void slopes(String vertex, INDArray slopes) throws UnknownPart {
        long[] shape = slopes.shape();
        Extent from = graph.extent(vertex);
        int rank = from.isRow() ? 1 : 3;
        refuseIf(slopes.length() == 0 || shape.length < rank, vertex, "PReLU of shape " + Arrays.toString(shape));
        int first = shape.length - rank; // A leading 1 may stand for the batch.
        Extent sides = from.isRow()
                ? Extent.row((int) shape[first])
                : Extent.map((int) shape[first], (int) shape[first + 1], (int) shape[first + 2]);
        want(sides.size() == slopes.length() && fits(sides, from), "a value of " + sides, from);
        graph.add(vertex, new GraphStep.Slopes(ArrayCopy.floats(slopes), sides), from);
    }

    private static boolean fits(Extent sides, Extent value) {
        return (sides.channels() == 1 || sides.channels() == value.channels())
                && (sides.height() == 1 || sides.height() == value.height())
                && (sides.width() == 1 || sides.width() == value.width());
    }

    private void pad(String vertex, ZeroPaddingLayer layer) throws UnknownPart {
        refuseIf(layer.getDataFormat() != CNN2DFormat.NCHW, vertex, "padding of channels-last (NHWC) images");
        int[] p = layer.getPadding();
        Extent from = graph.extent(vertex);
        want(!from.isRow(), "a map", from);
        graph.add(
                vertex,
                new GraphStep.Pad(p[0], p[1], p[2], p[3]),
                Extent.map(from.channels(), from.height() + p[0] + p[1], from.width() + p[2] + p[3]));
    }

    private static Window window(
            String vertex, ConvolutionMode mode, int[] kernel, int[] stride, int[] padding, int[] dilation)
            throws UnknownPart {
        refuseIf(mode == ConvolutionMode.Causal, vertex, "convolution mode Causal");
        return Window.of(kernel, stride, padding, dilation, mode);
    }

    private static Extent over(Window window, Extent from, int channels) {
        Extent to = Extent.map(channels, window.outHeight(from.height()), window.outWidth(from.width()));
        want(to.height() > 0 && to.width() > 0, "a map as large as the kernel", from);
        return to;
    }

    private static void want(boolean fits, String wanted, Extent got) {
        if (!fits) {
            throw new GraphReader.WrongExtent(wanted, got);
        }
    }

    private static void refuseIf(boolean refused, String vertex, String what) throws UnknownPart {
        if (refused) {
            throw new UnknownPart(vertex, what);
        }
    }
}
