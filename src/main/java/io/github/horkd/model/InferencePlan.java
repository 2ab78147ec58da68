package io.github.horkd.model;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.ref.Reference;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Inference past DL4J: the arithmetic of a graph as a list of oneDNN's primitives, with sums and activations fused into the convolutions before them.
 * It holds the weights as they were when it was made. From one thread at a time.
 */
final class InferencePlan {

    private static final Logger LOG = LoggerFactory.getLogger(InferencePlan.class);
    /** The largest value of a pass stays about this small, so that what one step writes is still in the cache when the next reads it. */
    private static final int VALUE_BYTES = 512 << 10;
    private static final int MOST_AT_ONCE = 64;
    /** Passes kept. There are {@link #MOST_AT_ONCE} and its halves, each to the embedding, the logits, or both. */
    private static final int KEPT = 21;

    private final Input input;
    private final PlanTranslation steps;
    private final List<PlanNode> nodes;
    private final int atOnce;
    private final OneDnn.Plans<Size> passes;

    private record Size(int images, List<String> outputs) {
    }

    private InferencePlan(Input input, PlanTranslation steps, List<String> vertices) {
        this.input = input;
        this.steps = steps;
        this.nodes = PlanNode.fused(steps.nodes(), new HashSet<>(vertices.stream().map(steps::node).toList()));
        int largest = nodes.stream().mapToInt(node -> node.sides().size()).max().orElse(1);
        this.atOnce = Integer.highestOneBit(Math.max(1, Math.min(MOST_AT_ONCE, VALUE_BYTES / Float.BYTES / largest)));
        var constants = new PlanConstants();
        var scratch = new OneDnn.Scratch();
        this.passes = new OneDnn.Plans<>(KEPT, (size, natives) -> new InferencePass.Builder(size.images, constants, natives, scratch)
                .build(PlanNode.neededFor(size.outputs, nodes), steps.input(), sides(input), size.outputs));
    }

    private static PlanSides sides(Input input) {
        return PlanSides.map(input.shape().channels(), input.shape().height(), input.shape().width());
    }

    /**
     * A plan for a graph.
     *
     * @param graph    its weights are copied
     * @param input    what it takes
     * @param vertices those that will be asked for
     * @return empty when there is no oneDNN, or something in the graph that no step does
     */
    static Optional<InferencePlan> of(ComputationGraph graph, Input input, List<String> vertices) {
        if (!OneDnn.isAvailable() || OneDnn.blockSize() == Integer.MAX_VALUE || graph.getConfiguration().getDataType() != DataType.FLOAT) {
            return Optional.empty();
        }
        try {
            return Optional.of(new InferencePlan(input, new PlanTranslation(graph, sides(input), vertices), vertices));
        } catch (PlanTranslation.NotTaken e) {
            LOG.debug("no plan: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * What some vertices give for images.
     *
     * @param images intensities 0…1, [N, channels, height, width]
     * @return for each vertex its N rows, one after the other
     */
    float[][] answer(INDArray images, List<String> vertices) {
        INDArray plain = images.dataType() == DataType.FLOAT && NativeFloats.isContiguous(images) ? images : images.castTo(DataType.FLOAT).dup('c');
        var source = NativeFloats.of(plain);
        int count = Math.toIntExact(images.size(0));
        List<String> outputs = vertices.stream().map(steps::node).toList();
        int[] widths = vertices.stream().mapToInt(this::width).toArray();
        float[][] answers = new float[widths.length][];
        for (int v = 0; v < widths.length; v++) {
            answers[v] = new float[Math.multiplyExact(count, widths[v])];
        }
        int size = input.shape().size();
        for (int from = 0, now; from < count; from += now) {
            // Powers of two only, so that there are few passes whatever sizes of batches come.
            now = Math.min(atOnce, Integer.highestOneBit(count - from));
            float[] pixels = new float[now * size];
            source.position((long) from * size).get(pixels);
            for (int i = 0; i < now; i++) {
                input.scaling().scale(pixels, i * size, size);
            }
            InferencePass pass = (InferencePass) passes.of(new Size(now, outputs));
            pass.run(pixels);
            for (int v = 0; v < widths.length; v++) {
                pass.read(v, answers[v], from * widths[v]);
            }
        }
        Reference.reachabilityFence(plain);
        return answers;
    }

    /** The width of what a vertex gives. */
    int width(String vertex) {
        return steps.sides(vertex).channels();
    }
}
