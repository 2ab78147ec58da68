package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.ChannelScale;
import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.graph.Function;
import io.github.horkd.internal.graph.GraphNode;
import io.github.horkd.internal.graph.GraphStep;
import io.github.horkd.internal.graph.GraphSteps;
import io.github.horkd.internal.graph.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.dnnl.global.dnnl;

/** Says the steps of a graph in oneDNN's terms. */
final class PlanTranslation implements GraphStep.Translator<PlanStep> {

    private final GraphSteps graph;
    private final List<PlanNode> nodes = new ArrayList<>();

    private PlanTranslation(GraphSteps graph) {
        this.graph = graph;
    }

    /** The plan's nodes, in the order of computation, not fused yet. */
    static List<PlanNode> nodes(GraphSteps graph) {
        PlanTranslation translation = new PlanTranslation(graph);
        for (GraphNode node : graph.nodes()) {
            translation.nodes.add(new PlanNode(
                    node.name(), node.show(translation), translation.inputs(node), PlanSides.of(node.extent())));
        }
        return translation.nodes;
    }

    /** The inputs that the last step of a node has: of more than two values put together, the last and what the others came to. */
    private List<String> inputs(GraphNode node) {
        int count = node.inputs().size();
        return isOfTwo(node.step()) && count > 2
                ? List.of(part(node, count - 2), node.inputs().get(count - 1))
                : node.inputs();
    }

    /** Whether oneDNN takes two values at a time for it. */
    private static boolean isOfTwo(GraphStep step) {
        return step instanceof GraphStep.Combination;
    }

    private static String part(GraphNode node, int number) {
        return node.name() + "/" + number;
    }

    @Override
    public PlanStep convolution(GraphNode place, GraphStep.Convolution layer) {
        Window window = layer.window();
        Extent from = place.from();
        int out = place.extent().channels();
        int room = PlanSides.of(place.extent()).room();
        int each = window.kernelHeight() * window.kernelWidth();
        // Images come as they are; everything else has whole blocks of channels.
        int in = place.inputs().get(0).equals(graph.input())
                ? from.channels()
                : PlanSides.of(from).room();
        // First every output's inputs, then the outputs, are filled up with zeros.
        float[] weights =
                filled(filled(layer.weights(), from.channels() * each, in * each), out * in * each, room * in * each);
        return new PlanConvolution(weights, filled(layer.bias(), out, room), window, false, Optional.empty());
    }

    /** Rows of one length, one after the other, as rows of another that end in zeros. */
    private static float[] filled(float[] rows, int width, int room) {
        float[] all = new float[rows.length / width * room];
        for (int row = 0; row < rows.length / width; row++) {
            System.arraycopy(rows, row * width, all, row * room, width);
        }
        return all;
    }

    @Override
    public PlanStep dense(GraphNode place, GraphStep.Dense layer) {
        return new PlanDense(layer.weights(), layer.bias(), Optional.empty());
    }

    @Override
    public PlanStep scale(GraphNode place, ChannelScale scale) {
        return PlanScale.of(scale, PlanSides.of(place.extent()));
    }

    @Override
    public PlanStep function(GraphNode place, Function function) {
        Optional<PlanFunction> known = PlanFunction.of(function);
        return known.isPresent() ? known.get() : JavaSteps.softSign();
    }

    @Override
    public PlanStep softmax(GraphNode place) {
        return new PlanSoftmax();
    }

    @Override
    public PlanStep pool(GraphNode place, GraphStep.Pool pool) {
        return new PlanPool(
                pool.isMaximum()
                        ? dnnl.dnnl_pooling_max
                        : pool.countsPadding()
                                ? dnnl.dnnl_pooling_avg_include_padding
                                : dnnl.dnnl_pooling_avg_exclude_padding,
                pool.window());
    }

    @Override
    public PlanStep poolAll(GraphNode place, GraphStep.Whole whole) {
        Window window = Window.whole(place.from());
        return switch (whole) {
            case AVERAGE -> new PlanPool(dnnl.dnnl_pooling_avg_include_padding, window);
            case MAXIMUM -> new PlanPool(dnnl.dnnl_pooling_max, window);
            case SUM -> JavaSteps.channelSum(place.from());
            case LENGTH -> JavaSteps.channelLength(place.from());
        };
    }

    @Override
    public PlanStep combine(GraphNode place, GraphStep.Combination how) {
        PlanStep step = new PlanBinary(
                switch (how) {
                    case SUM -> dnnl.dnnl_binary_add;
                    case DIFFERENCE -> dnnl.dnnl_binary_sub;
                    case PRODUCT -> dnnl.dnnl_binary_mul;
                    case MAXIMUM -> dnnl.dnnl_binary_max;
                },
                Optional.empty());
        // oneDNN takes two at a time.
        String first = place.inputs().get(0);
        for (int i = 1; i < place.inputs().size() - 1; i++) {
            nodes.add(new PlanNode(
                    part(place, i), step, List.of(first, place.inputs().get(i)), PlanSides.of(place.extent())));
            first = part(place, i);
        }
        return step;
    }

    @Override
    public PlanStep merge(GraphNode place) {
        return JavaSteps.merge(place.extents());
    }

    @Override
    public PlanStep subset(GraphNode place, GraphStep.Subset subset) {
        return JavaSteps.subset(place.from(), place.extent(), subset.first());
    }

    @Override
    public PlanStep unitLength(GraphNode place, GraphStep.UnitLength unit) {
        return JavaSteps.unitLength(place.extent(), unit);
    }

    @Override
    public PlanStep reshape(GraphNode place) {
        return new PlanReshape();
    }

    @Override
    public PlanStep pad(GraphNode place, GraphStep.Pad pad) {
        return JavaSteps.pad(place.from(), place.extent(), pad);
    }

    @Override
    public PlanStep slopes(GraphNode place, GraphStep.Slopes slopes) {
        return JavaSteps.slopes(place.extent(), slopes);
    }
}
