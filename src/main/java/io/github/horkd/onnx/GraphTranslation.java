package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.tribuo.util.onnx.ONNXOperators;

/** A DL4J graph, or the part of it that some vertices need, as ONNX nodes. Batch-norm goes into the layer in front where it can. */
final class GraphTranslation {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration configuration;
    private final OnnxGraph onnx;
    private final LayerTranslation layers;
    private final Set<String> wanted;
    /** The vertices that the wanted ones need, themselves included. */
    private final Set<String> needed;

    private final Map<String, long[]> shapes = new HashMap<>();
    private final Map<String, String> tensors = new HashMap<>();
    /** Layers that wait for the batch-norm behind them. */
    private final Map<String, LayerTranslation.Step> waiting = new HashMap<>();

    GraphTranslation(ComputationGraph graph, OnnxGraph onnx, Collection<String> wanted) {
        this.graph = graph;
        this.configuration = graph.getConfiguration();
        this.onnx = onnx;
        this.layers = new LayerTranslation(onnx);
        this.wanted = Set.copyOf(wanted);
        this.needed = needed();
    }

    /** Adds all nodes between a tensor of scaled images and the wanted vertices. */
    void run(String images, ImageShape shape) {
        String input = onlyInput();
        measure(shape);
        tensors.put(input, images);
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !name.equals(input)) {
                add(name);
            }
        }
    }

    String tensor(String vertex) {
        return tensors.get(vertex);
    }

    long[] shape(String vertex) {
        return shapes.get(vertex);
    }

    private Set<String> needed() {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (seen.add(name)) {
                open.addAll(configuration.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        return seen;
    }

    private String onlyInput() {
        List<String> inputs = configuration.getNetworkInputs().stream()
                .filter(needed::contains)
                .toList();
        if (inputs.size() != 1 || configuration.getNetworkInputs().size() != 1) {
            throw new IllegalArgumentException(
                    "graph: wanted one input, images, got " + configuration.getNetworkInputs());
        }
        return inputs.get(0);
    }

    /** One image through the graph tells every shape, whatever the configuration left out. */
    private void measure(ImageShape shape) {
        INDArray image = Nd4j.zeros(1, shape.channels(), shape.height(), shape.width());
        Map<String, INDArray> seen;
        try {
            seen = graph.feedForward(new INDArray[] {image}, false, true);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("graph: does not take images of " + shape + "; is that its input?", e);
        }
        seen.forEach((name, values) -> shapes.put(name, values.shape()));
        shapes.put(configuration.getNetworkInputs().get(0), image.shape());
    }

    private void add(String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        while (vertex instanceof FrozenVertex frozen) {
            vertex = frozen.getUnderlying();
        }
        List<String> inputs = configuration.getVertexInputs().get(name);
        if (vertex instanceof LayerVertex layer) {
            addLayer(name, layer, inputs.get(0));
        } else {
            tensors.put(name, merge(name, vertex, inputs));
        }
    }

    private void addLayer(String name, LayerVertex vertex, String from) {
        Layer layer = plain(vertex.getLayerConf().getLayer());
        Map<String, INDArray> params = graph.getLayer(name).paramTable();
        LayerTranslation.Step front = waiting.remove(from);
        if (front != null) {
            tensors.put(name, layers.add(front, Affine.of((BatchNormalization) layer, params)));
            return;
        }
        long[] before = shapes.get(from);
        String x = tensors.get(from);
        long[] in = before;
        if (vertex.getPreProcessor() != null) {
            x = preprocess(name, vertex.getPreProcessor(), x, before);
            in = preprocessed(vertex.getPreProcessor(), before);
        }
        var step = new LayerTranslation.Step(name, layer, params, x, in, shapes.get(name));
        if (LayerTranslation.takesAffine(layer) && onlyFeedsBatchNorm(name)) {
            waiting.put(name, step);
        } else {
            tensors.put(name, layers.add(step, Affine.NONE));
        }
    }

    private boolean onlyFeedsBatchNorm(String name) {
        if (wanted.contains(name)) {
            return false;
        }
        List<String> readers = needed.stream()
                .filter(v -> configuration
                        .getVertexInputs()
                        .getOrDefault(v, List.of())
                        .contains(name))
                .toList();
        return readers.size() == 1
                && configuration.getVertices().get(readers.get(0)) instanceof LayerVertex reader
                && reader.getPreProcessor() == null
                && plain(reader.getLayerConf().getLayer()).getClass() == BatchNormalization.class;
    }

    private static Layer plain(Layer layer) {
        Layer inner = layer;
        while (true) {
            if (inner instanceof FrozenLayer frozen) {
                inner = frozen.getLayer();
            } else if (inner instanceof FrozenLayerWithBackprop frozen) {
                inner = frozen.getUnderlying();
            } else {
                return inner;
            }
        }
    }

    private String preprocess(String name, InputPreProcessor preprocessor, String x, long[] shape) {
        Class<?> kind = preprocessor.getClass();
        if (kind == CnnToFeedForwardPreProcessor.class) {
            if (shape.length == 2) {
                return x;
            }
            if (((CnnToFeedForwardPreProcessor) preprocessor).getFormat() == CNN2DFormat.NCHW) {
                return onnx.add(Operator.FLATTEN, name, Map.of("axis", 1), x);
            }
        } else if (kind == FeedForwardToCnnPreProcessor.class) {
            if (shape.length == 4) {
                return x;
            }
            long[] to = preprocessed(preprocessor, shape);
            return onnx.add(Operator.RESHAPE, name, x, onnx.integers(name + "/shape", -1, to[1], to[2], to[3]));
        }
        throw Unsupported.vertex(name, "preprocessor " + kind.getSimpleName());
    }

    private static long[] preprocessed(InputPreProcessor preprocessor, long[] shape) {
        if (preprocessor instanceof FeedForwardToCnnPreProcessor cnn && shape.length == 2) {
            return new long[] {shape[0], cnn.getNumChannels(), cnn.getInputHeight(), cnn.getInputWidth()};
        }
        return preprocessor instanceof CnnToFeedForwardPreProcessor
                ? new long[] {shape[0], Arrays.stream(shape, 1, shape.length).reduce(1, Math::multiplyExact)}
                : shape;
    }

    private String merge(String name, GraphVertex vertex, List<String> inputs) {
        Class<?> kind = vertex.getClass();
        String[] x = inputs.stream().map(tensors::get).toArray(String[]::new);
        if (kind == ElementWiseVertex.class) {
            return combine(name, ((ElementWiseVertex) vertex).getOp(), x);
        } else if (kind == MergeVertex.class) {
            return x.length == 1
                    ? x[0]
                    : onnx.add(ONNXOperators.CONCAT, name, Map.of("axis", ((MergeVertex) vertex).getMergeAxis()), x);
        } else if (kind == ScaleVertex.class) {
            return onnx.add(
                    ONNXOperators.MUL,
                    name,
                    x[0],
                    onnx.scalar(name + "/factor", ((ScaleVertex) vertex).getScaleFactor()));
        } else if (kind == ShiftVertex.class) {
            return onnx.add(
                    ONNXOperators.ADD,
                    name,
                    x[0],
                    onnx.scalar(name + "/term", ((ShiftVertex) vertex).getShiftFactor()));
        } else if (kind == L2NormalizeVertex.class) {
            return unitLength(name, (L2NormalizeVertex) vertex, x[0], shapes.get(inputs.get(0)).length);
        } else if (kind == SubsetVertex.class) {
            SubsetVertex subset = (SubsetVertex) vertex;
            return onnx.add(
                    Operator.SLICE,
                    name,
                    x[0],
                    onnx.integers(name + "/from", subset.getFrom()),
                    onnx.integers(name + "/to", subset.getTo() + 1L),
                    onnx.integers(name + "/axis", 1));
        } else if (kind == PreprocessorVertex.class) {
            return preprocess(name, ((PreprocessorVertex) vertex).getPreProcessor(), x[0], shapes.get(inputs.get(0)));
        }
        throw Unsupported.vertex(name, kind.getSimpleName());
    }

    private String combine(String name, ElementWiseVertex.Op op, String... x) {
        if (x.length == 1) {
            return x[0];
        }
        return switch (op) {
            case Add -> x.length == 2 ? onnx.add(ONNXOperators.ADD, name, x) : onnx.add(ONNXOperators.SUM, name, x);
            case Average ->
                onnx.add(
                        ONNXOperators.MUL,
                        name,
                        onnx.add(ONNXOperators.SUM, name, x),
                        onnx.scalar(name + "/share", 1.0 / x.length));
            case Subtract -> onnx.add(ONNXOperators.SUB, name, x);
            case Max -> onnx.add(Operator.MAX, name, x);
            case Product -> {
                String product = x[0];
                for (int i = 1; i < x.length; i++) {
                    product = onnx.add(ONNXOperators.MUL, name, product, x[i]);
                }
                yield product;
            }
        };
    }

    private String unitLength(String name, L2NormalizeVertex vertex, String x, int rank) {
        int[] axes = vertex.getDimension();
        if (axes == null || axes.length == 0) {
            axes = rank == 2 ? new int[] {1} : rank == 3 ? new int[] {1, 2} : new int[] {1, 2, 3};
        }
        String length = onnx.add(Operator.REDUCE_L2, name, Map.of("axes", axes, "keepdims", 1), x);
        return onnx.add(
                ONNXOperators.DIV,
                name,
                x,
                onnx.add(Operator.MAX, name, length, onnx.scalar(name + "/epsilon", vertex.getEps())));
    }
}
