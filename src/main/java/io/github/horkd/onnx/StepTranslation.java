package io.github.horkd.onnx;

import io.github.horkd.internal.graph.ChannelScale;
import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.graph.Function;
import io.github.horkd.internal.graph.GraphNode;
import io.github.horkd.internal.graph.GraphReader;
import io.github.horkd.internal.graph.GraphStep;
import io.github.horkd.internal.graph.GraphSteps;
import io.github.horkd.internal.graph.UnknownPart;
import io.github.horkd.internal.graph.Window;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.tribuo.util.onnx.ONNXOperators;

/** The steps of a DL4J graph, or of the part of it that some vertices need, as ONNX nodes. */
final class StepTranslation implements GraphStep.Translator<String> {

    private final OnnxGraph onnx;
    private final GraphSteps steps;
    /** By node, the tensor that has its value. */
    private final Map<String, String> tensors = new HashMap<>();

    StepTranslation(ComputationGraph graph, OnnxGraph onnx, Extent images, Collection<String> wanted) {
        this.onnx = onnx;
        try {
            this.steps = GraphReader.read(graph, images, wanted);
        } catch (UnknownPart e) {
            throw new IllegalArgumentException(
                    "vertex '" + e.vertex() + "': " + e.what()
                            + " cannot be written as ONNX; the layers that can are listed at OnnxExport."
                            + " Replace it, or export a vertex in front of it",
                    e);
        }
    }

    /** Adds all nodes between a tensor of scaled images and the wanted vertices. */
    void run(String images) {
        tensors.put(steps.input(), images);
        for (GraphNode node : steps.nodes()) {
            tensors.put(node.name(), node.show(this));
        }
    }

    String tensor(String vertex) {
        return tensors.get(steps.node(vertex));
    }

    Extent extent(String vertex) {
        return steps.extent(vertex);
    }

    private String x(GraphNode place) {
        return tensors.get(place.inputs().get(0));
    }

    private String[] all(GraphNode place) {
        return place.inputs().stream().map(tensors::get).toArray(String[]::new);
    }

    @Override
    public String convolution(GraphNode place, GraphStep.Convolution layer) {
        Window window = layer.window();
        Map<String, Object> attributes = window(window, place.from());
        attributes.put("dilations", integers(window.dilations()));
        int out = place.extent().channels();
        return onnx.add(
                Operator.CONV,
                place.vertex(),
                attributes,
                x(place),
                onnx.weights(
                        place.vertex() + "/W",
                        layer.weights(),
                        out,
                        place.from().channels(),
                        window.kernelHeight(),
                        window.kernelWidth()),
                onnx.constant(place.vertex() + "/b", layer.bias(), out));
    }

    @Override
    public String dense(GraphNode place, GraphStep.Dense layer) {
        int out = place.extent().channels();
        return onnx.add(
                ONNXOperators.GEMM,
                place.vertex(),
                Map.of("transB", 1),
                x(place),
                onnx.weights(
                        place.vertex() + "/W",
                        layer.weights(),
                        out,
                        place.from().channels()),
                onnx.constant(place.vertex() + "/b", layer.bias(), out));
    }

    @Override
    public String scale(GraphNode place, ChannelScale scale) {
        int width = scale.width();
        float[] ones = new float[width];
        Arrays.fill(ones, 1);
        // Mean 0, variance 1, epsilon 0: scale and shift say it all.
        return onnx.add(
                Operator.BATCH_NORMALIZATION,
                place.vertex(),
                Map.of("epsilon", 0f),
                x(place),
                onnx.constant(place.vertex() + "/scale", scale.factors(), width),
                onnx.constant(place.vertex() + "/shift", scale.offsets(), width),
                onnx.constant(place.vertex() + "/mean", new float[width], width),
                onnx.constant(place.vertex() + "/variance", ones, width));
    }

    @Override
    public String function(GraphNode place, Function function) {
        String name = place.vertex();
        String x = x(place);
        return switch (function.kind()) {
            case LINEAR -> linear(name, x, function.a(), function.b());
            case LEAKY ->
                function.a() == 0
                        ? onnx.add(Operator.RELU, name, x)
                        : onnx.add(Operator.LEAKY_RELU, name, Map.of("alpha", (float) function.a()), x);
            case CLIP ->
                // An empty name leaves an optional input out.
                onnx.add(
                        Operator.CLIP,
                        name,
                        x,
                        function.a() == Double.NEGATIVE_INFINITY ? "" : onnx.scalar(name + "/min", function.a()),
                        onnx.scalar(name + "/max", function.b()));
            case ELU -> onnx.add(Operator.ELU, name, Map.of("alpha", 1f), x);
            case TANH -> onnx.add(Operator.TANH, name, x);
            case SIGMOID -> onnx.add(ONNXOperators.SIGMOID, name, x);
            case SWISH -> onnx.add(ONNXOperators.MUL, name, x, onnx.add(ONNXOperators.SIGMOID, name, x));
            case SOFTPLUS -> onnx.add(Operator.SOFTPLUS, name, x);
            case SOFTSIGN -> onnx.add(Operator.SOFTSIGN, name, x);
        };
    }

    private String linear(String name, String x, double factor, double offset) {
        String scaled = factor == 1 ? x : onnx.add(ONNXOperators.MUL, name, x, onnx.scalar(name + "/factor", factor));
        return offset == 0 && factor != 1
                ? scaled
                : onnx.add(ONNXOperators.ADD, name, scaled, onnx.scalar(name + "/term", offset));
    }

    @Override
    public String softmax(GraphNode place) {
        return onnx.add(ONNXOperators.SOFTMAX, place.vertex(), Map.of("axis", 1), x(place));
    }

    @Override
    public String pool(GraphNode place, GraphStep.Pool pool) {
        Map<String, Object> attributes = window(pool.window(), place.from());
        if (pool.isMaximum()) {
            attributes.put("dilations", integers(pool.window().dilations()));
            return onnx.add(Operator.MAX_POOL, place.vertex(), attributes, x(place));
        }
        attributes.put("count_include_pad", pool.countsPadding() ? 1 : 0);
        return onnx.add(Operator.AVERAGE_POOL, place.vertex(), attributes, x(place));
    }

    /** Kernel, strides, and pads: top, left, bottom, right. */
    private static Map<String, Object> window(Window window, Extent from) {
        long[] before = window.paddingBefore(from.height(), from.width());
        long[] after = window.paddingAfter(from.height(), from.width());
        return new HashMap<>(Map.of(
                "kernel_shape",
                integers(window.kernel()),
                "strides",
                integers(window.strides()),
                "pads",
                integers(before[0], before[1], after[0], after[1])));
    }

    private static int[] integers(long... values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
    }

    @Override
    public String poolAll(GraphNode place, GraphStep.Whole whole) {
        String x = x(place);
        String name = place.vertex();
        String pooled = switch (whole) {
            case AVERAGE -> onnx.add(Operator.GLOBAL_AVERAGE_POOL, name, x);
            case MAXIMUM -> onnx.add(Operator.GLOBAL_MAX_POOL, name, x);
            case SUM ->
                onnx.add(ONNXOperators.REDUCE_SUM, name, Map.of("keepdims", 1), x, onnx.integers(name + "/axes", 2, 3));
            case LENGTH -> onnx.add(Operator.REDUCE_L2, name, Map.of("axes", new int[] {2, 3}, "keepdims", 1), x);
        };
        return place.extent().isRow() ? onnx.add(Operator.FLATTEN, name, Map.of("axis", 1), pooled) : pooled;
    }

    @Override
    public String combine(GraphNode place, GraphStep.Combination how) {
        String[] x = all(place);
        String name = place.vertex();
        return switch (how) {
            case SUM -> onnx.add(x.length == 2 ? ONNXOperators.ADD : ONNXOperators.SUM, name, x);
            case DIFFERENCE -> onnx.add(ONNXOperators.SUB, name, x);
            case MAXIMUM -> onnx.add(Operator.MAX, name, x);
            case PRODUCT -> {
                String product = x[0];
                for (int i = 1; i < x.length; i++) {
                    product = onnx.add(ONNXOperators.MUL, name, product, x[i]);
                }
                yield product;
            }
        };
    }

    @Override
    public String merge(GraphNode place) {
        return onnx.add(ONNXOperators.CONCAT, place.vertex(), Map.of("axis", 1), all(place));
    }

    @Override
    public String subset(GraphNode place, GraphStep.Subset subset) {
        return onnx.add(
                Operator.SLICE,
                place.vertex(),
                x(place),
                onnx.integers(place.vertex() + "/from", subset.first()),
                onnx.integers(place.vertex() + "/to", subset.last() + 1L),
                onnx.integers(place.vertex() + "/axis", 1));
    }

    @Override
    public String unitLength(GraphNode place, GraphStep.UnitLength unit) {
        String name = place.vertex();
        int[] axes = place.extent().isRow() || unit.eachPixel() ? new int[] {1} : new int[] {1, 2, 3};
        String length = onnx.add(Operator.REDUCE_L2, name, Map.of("axes", axes, "keepdims", 1), x(place));
        return onnx.add(
                ONNXOperators.DIV,
                name,
                x(place),
                onnx.add(Operator.MAX, name, length, onnx.scalar(name + "/epsilon", unit.least())));
    }

    @Override
    public String reshape(GraphNode place) {
        Extent to = place.extent();
        return to.isRow()
                ? onnx.add(Operator.FLATTEN, place.vertex(), Map.of("axis", 1), x(place))
                : onnx.add(
                        Operator.RESHAPE,
                        place.vertex(),
                        x(place),
                        onnx.integers(place.vertex() + "/shape", -1, to.channels(), to.height(), to.width()));
    }

    @Override
    public String pad(GraphNode place, GraphStep.Pad pad) {
        return onnx.add(
                Operator.PAD,
                place.vertex(),
                x(place),
                onnx.integers(place.vertex() + "/pads", 0, 0, pad.top(), pad.left(), 0, 0, pad.bottom(), pad.right()));
    }

    @Override
    public String slopes(GraphNode place, GraphStep.Slopes slopes) {
        Extent sides = slopes.sides();
        long[] shape = sides.isRow()
                ? new long[] {sides.channels()}
                : new long[] {sides.channels(), sides.height(), sides.width()};
        return onnx.add(
                Operator.PRELU,
                place.vertex(),
                x(place),
                onnx.constant(place.vertex() + "/slope", slopes.values(), shape));
    }
}
