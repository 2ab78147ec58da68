package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.NativeFloats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads a DL4J graph as steps of an {@link InferencePlan}, from its images to the vertices that are asked for. Whatever it does not know for certain
 * to be the arithmetic that a step does, it does not take: the graph then goes on answering by itself. Classes are compared exactly, because a subclass may compute anything.
 */
final class PlanTranslation {

    /** A vertex is none of the steps there are. */
    static final class NotTaken extends Exception {
        NotTaken(String vertex, Object what) {
            super("vertex '" + vertex + "': " + what, null, false, false);
        }
    }

    private final ComputationGraph graph;
    private final List<PlanNode> nodes = new ArrayList<>();
    /** By vertex, the node that has its value. Several vertices may share one: an identity is no step. */
    private final Map<String, String> places = new HashMap<>();

    private final Map<String, PlanSides> sides = new HashMap<>();

    /**
     * Reads a graph.
     *
     * @param graph    with single precision, folded or not
     * @param images   the sides of one image
     * @param vertices those asked for
     * @throws NotTaken when there is something in between that no step does
     */
    PlanTranslation(ComputationGraph graph, PlanSides images, List<String> vertices) throws NotTaken {
        this.graph = graph;
        places.put(input(), input());
        sides.put(input(), images);
        for (String vertex : vertices) {
            if (!read(vertex).isRow()) {
                throw new NotTaken(vertex, "a map as an output");
            }
        }
    }

    /** The images' name among the nodes. */
    String input() {
        return graph.getConfiguration().getNetworkInputs().get(0);
    }

    /** What is to be done, in the order of computation. */
    List<PlanNode> nodes() {
        return nodes;
    }

    /** The node that has the value of a vertex. */
    String node(String vertex) {
        return places.get(vertex);
    }

    private PlanSides read(String vertex) throws NotTaken {
        if (!places.containsKey(vertex)) {
            List<String> before = graph.getConfiguration().getVertexInputs().get(vertex);
            for (String input : before) {
                read(input);
            }
            places.put(vertex, places.get(before.get(0)));
            GraphVertex what = graph.getConfiguration().getVertices().get(vertex);
            if (what instanceof LayerVertex place) {
                layer(vertex, place);
            } else if (what.getClass() == ElementWiseVertex.class
                    && ((ElementWiseVertex) what).getOp() == ElementWiseVertex.Op.Add) {
                sum(vertex, before);
            } else if (what.getClass() == ScaleVertex.class) {
                add(vertex, linear(((ScaleVertex) what).getScaleFactor(), 0), sides(vertex));
            } else if (what.getClass() == ShiftVertex.class) {
                add(vertex, linear(1, ((ShiftVertex) what).getShiftFactor()), sides(vertex));
            } else if (what.getClass() == L2NormalizeVertex.class
                    && sides(vertex).isRow()
                    && isEmptyOrOne(((L2NormalizeVertex) what).getDimension())) {
                add(vertex, new PlanStep.UnitLength(((L2NormalizeVertex) what).getEps()), sides(vertex));
            } else {
                throw new NotTaken(vertex, what);
            }
        }
        return sides(vertex);
    }

    private static boolean isEmptyOrOne(int[] dimension) {
        return dimension == null || dimension.length == 0 || Arrays.equals(dimension, new int[] {1});
    }

    private static PlanStep.Pointwise linear(double factor, double offset) {
        return new PlanStep.Pointwise(dnnl.dnnl_eltwise_linear, (float) factor, (float) offset);
    }

    /** What comes out of a vertex. */
    PlanSides sides(String vertex) {
        return sides.get(places.get(vertex));
    }

    /** Puts a step behind the place where a vertex has arrived. */
    private void add(String vertex, PlanStep step, PlanSides result, String... more) {
        List<String> inputs = new ArrayList<>(List.of(places.get(vertex)));
        inputs.addAll(List.of(more));
        // The name says where in the plan; one vertex may be several steps.
        String name = vertex + "/" + nodes.size();
        nodes.add(new PlanNode(name, step, inputs, result));
        places.put(vertex, name);
        sides.put(name, result);
    }

    private void sum(String vertex, List<String> inputs) throws NotTaken {
        for (String other : inputs.subList(1, inputs.size())) {
            if (!sides(other).equals(sides(vertex))) {
                throw new NotTaken(vertex, "a sum of " + sides(vertex) + " and " + sides(other));
            }
            add(vertex, new PlanStep.Sum(Optional.empty()), sides(vertex), places.get(other));
        }
    }

    private void layer(String vertex, LayerVertex place) throws NotTaken {
        Layer layer = place.getLayerConf().getLayer();
        preprocess(vertex, place.getPreProcessor());
        if (layer instanceof BaseLayer weighted && weighted.getWeightNoise() != null) {
            throw new NotTaken(vertex, "weight noise");
        }
        boolean isMap = !sides(vertex).isRow();
        Class<?> type = layer.getClass();
        if (type == ConvolutionLayer.class
                && isMap
                && ((ConvolutionLayer) layer).getCnn2dDataFormat() == CNN2DFormat.NCHW) {
            convolution(vertex, (ConvolutionLayer) layer);
        } else if ((type == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm() || type == OutputLayer.class)
                && !isMap) {
            dense(vertex, (BaseLayer) layer);
        } else if (type == ActivationLayer.class) {
            activate(vertex, ((ActivationLayer) layer).getActivationFn());
        } else if (type == BatchNormalization.class
                && (!isMap || ((BatchNormalization) layer).getCnn2DFormat() == CNN2DFormat.NCHW)
                && !((BatchNormalization) layer).isLockGammaBeta()) {
            add(vertex, Folding.norm(graph, vertex, sides(vertex)), sides(vertex));
        } else if (type == SubsamplingLayer.class && isMap) {
            pool(vertex, (SubsamplingLayer) layer);
        } else if (type == GlobalPoolingLayer.class && isMap) {
            poolAll(vertex, (GlobalPoolingLayer) layer);
        } else if (type != DropoutLayer.class) {
            throw new NotTaken(vertex, layer);
        }
    }

    private void preprocess(String vertex, InputPreProcessor before) throws NotTaken {
        if (before == null) {
            return;
        }
        if (before.getClass() != CnnToFeedForwardPreProcessor.class
                || ((CnnToFeedForwardPreProcessor) before).getFormat() != CNN2DFormat.NCHW) {
            throw new NotTaken(vertex, before);
        }
        if (!sides(vertex).isRow()) {
            add(vertex, new PlanStep.Flatten(), PlanSides.row(sides(vertex).size()));
        }
    }

    private void convolution(String vertex, ConvolutionLayer layer) throws NotTaken {
        var window = PlanWindow.of(
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation(),
                layer.getConvolutionMode());
        int out = Math.toIntExact(layer.getNOut());
        PlanSides from = sides(vertex);
        PlanSides to = window.over(from, out);
        int each = window.kernelHeight() * window.kernelWidth();
        int in = places.get(vertex).equals(input()) ? from.channels() : from.room();
        // First every output's inputs, then the outputs, are filled up with zeros.
        float[] weights = filled(
                filled(weights(vertex), from.channels() * each, in * each), out * in * each, to.room() * in * each);
        float[] bias = filled(bias(vertex, layer.hasBias(), out), out, to.room());
        add(vertex, new PlanConvolution(weights, bias, window, false, Optional.empty()), to);
        activate(vertex, layer.getActivationFn());
    }

    private void dense(String vertex, BaseLayer layer) throws NotTaken {
        boolean biased = layer instanceof DenseLayer dense ? dense.hasBias() : ((OutputLayer) layer).hasBias();
        int out = Math.toIntExact(((org.deeplearning4j.nn.conf.layers.FeedForwardLayer) layer).getNOut());
        add(vertex, new PlanDense(weights(vertex), bias(vertex, biased, out), Optional.empty()), PlanSides.row(out));
        activate(vertex, layer.getActivationFn());
    }

    /** Rows of one length, one after the other, as rows of another that end in zeros. */
    static float[] filled(float[] rows, int width, int room) {
        float[] all = new float[rows.length / width * room];
        for (int row = 0; row < rows.length / width; row++) {
            System.arraycopy(rows, row * width, all, row * room, width);
        }
        return all;
    }

    private float[] weights(String vertex) {
        return floats(graph.getVertex(vertex).paramTable(false).get("W"));
    }

    private float[] bias(String vertex, boolean has, int width) {
        return has ? floats(graph.getVertex(vertex).paramTable(false).get("b")) : new float[width];
    }

    private static float[] floats(INDArray values) {
        return NativeFloats.copy(values.dup('c'), new float[0]);
    }

    private void pool(String vertex, SubsamplingLayer layer) throws NotTaken {
        int algorithm = switch (layer.getPoolingType()) {
            case MAX -> dnnl.dnnl_pooling_max;
            case AVG ->
                layer.isAvgPoolIncludePadInDivisor()
                        ? dnnl.dnnl_pooling_avg_include_padding
                        : dnnl.dnnl_pooling_avg_exclude_padding;
            default -> throw new NotTaken(vertex, layer);
        };
        var window = PlanWindow.of(
                layer.getKernelSize(),
                layer.getStride(),
                layer.getPadding(),
                layer.getDilation(),
                layer.getConvolutionMode());
        if (layer.getCnn2dDataFormat() != CNN2DFormat.NCHW) {
            throw new NotTaken(vertex, layer);
        }
        add(
                vertex,
                new PlanStep.Pool(algorithm, window),
                window.over(sides(vertex), sides(vertex).channels()));
    }

    private void poolAll(String vertex, GlobalPoolingLayer layer) throws NotTaken {
        int[] axes = layer.getPoolingDimensions();
        boolean isTaken = layer.getPoolingType() == PoolingType.AVG || layer.getPoolingType() == PoolingType.MAX;
        if (!isTaken || !layer.isCollapseDimensions() || axes != null && !Arrays.equals(axes, new int[] {2, 3})) {
            throw new NotTaken(vertex, layer);
        }
        add(
                vertex,
                new PlanStep.Pool(
                        layer.getPoolingType() == PoolingType.MAX
                                ? dnnl.dnnl_pooling_max
                                : dnnl.dnnl_pooling_avg_include_padding,
                        PlanWindow.whole(sides(vertex))),
                PlanSides.row(sides(vertex).channels()));
    }

    private void activate(String vertex, IActivation function) throws NotTaken {
        if (function.getClass() == ActivationSoftmax.class && sides(vertex).isRow()) {
            add(vertex, new PlanStep.Softmax(), sides(vertex));
        } else if (function.getClass() != ActivationIdentity.class) {
            add(vertex, PlanActivation.of(function).orElseThrow(() -> new NotTaken(vertex, function)), sides(vertex));
        }
    }
}
