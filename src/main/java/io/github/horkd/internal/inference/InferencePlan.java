package io.github.horkd.internal.inference;

import io.github.horkd.guide.Input;
import io.github.horkd.internal.onednn.MemoryOrder;
import io.github.horkd.internal.onednn.NativeFloats;
import io.github.horkd.internal.onednn.NativeThreads;
import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.onednn.PrimitiveCache;
import io.github.horkd.internal.onednn.WorkingMemory;
import io.github.horkd.internal.parallel.ForkJoin;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inference past DL4J: the arithmetic of a graph as a list of oneDNN's primitives, with sums and activations fused into the convolutions before them.
 * It holds the weights as they were when it was made. From one thread at a time.
 *
 * <p>A batch is cut into portions that fit the cache. Several of them go to several threads, each of which computes by itself: that is faster than many threads
 * at one portion, who meet after every primitive. A batch that is no more than a portion, or has fewer images than there are threads, is computed by all threads together.
 */
public final class InferencePlan {

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
    private final PlanConstants constants = new PlanConstants();
    private final PrimitiveCache<Size, InferencePass> together;
    /** What each thread that works by itself uses. */
    private final List<PrimitiveCache<Size, InferencePass>> lanes = new ArrayList<>();

    private record Size(int images, List<String> outputs) {}

    private record Portion(int first, int count) {}

    private InferencePlan(Input input, PlanTranslation steps, List<String> vertices) {
        this.input = input;
        this.steps = steps;
        this.nodes = PlanNode.fused(
                steps.nodes(), new HashSet<>(vertices.stream().map(steps::node).toList()));
        int largest = nodes.stream().mapToInt(node -> node.sides().size()).max().orElse(1);
        this.atOnce = Integer.highestOneBit(Math.max(1, Math.min(MOST_AT_ONCE, VALUE_BYTES / Float.BYTES / largest)));
        this.together = passes();
    }

    private PrimitiveCache<Size, InferencePass> passes() {
        var working = new WorkingMemory();
        return new PrimitiveCache<>(
                KEPT,
                (size, natives) -> new InferencePass.Builder(size.images, constants, natives, working)
                        .build(PlanNode.neededFor(size.outputs, nodes), steps.input(), sides(input), size.outputs));
    }

    private static PlanSides sides(Input input) {
        return PlanSides.map(
                input.shape().channels(), input.shape().height(), input.shape().width());
    }

    /**
     * A plan for a graph.
     *
     * @param graph    its weights are copied
     * @param input    what it takes
     * @param vertices those that will be asked for
     * @return empty when there is no oneDNN, or something in the graph that no step does
     */
    public static Optional<InferencePlan> of(ComputationGraph graph, Input input, List<String> vertices) {
        if (!OneDnn.isAvailable()
                || MemoryOrder.blockSize() == Integer.MAX_VALUE
                || graph.getConfiguration().getDataType() != DataType.FLOAT) {
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
    public float[][] answer(INDArray images, List<String> vertices) {
        INDArray plain = images.dataType() == DataType.FLOAT && NativeFloats.isContiguous(images)
                ? images
                : images.castTo(DataType.FLOAT).dup('c');
        List<String> outputs = vertices.stream().map(steps::node).toList();
        float[][] answers = vertices.stream()
                .map(vertex -> new float[Math.multiplyExact(Math.toIntExact(images.size(0)), width(vertex))])
                .toArray(float[][]::new);
        int threads = NativeThreads.count();
        // Whether there is enough for every thread; one portion is no more work than it takes to wake another.
        boolean apart = threads > 1 && images.size(0) > atOnce && images.size(0) >= threads;
        List<Portion> portions = portions(Math.toIntExact(images.size(0)), apart ? threads : 1);
        if (apart) {
            Stream.generate(this::passes)
                    .limit(Math.max(0, threads - lanes.size()))
                    .forEach(lanes::add);
            ForkJoin.share(
                    threads,
                    portions.size(),
                    (lane, portion) -> answer(plain, portions.get(portion), lanes.get(lane), outputs, answers),
                    NativeThreads::alone);
        } else {
            portions.forEach(portion -> answer(plain, portion, together, outputs, answers));
        }
        Reference.reachabilityFence(plain);
        return answers;
    }

    /** Portions for so many threads: small enough that none has much more to do than another. */
    private List<Portion> portions(int images, int threads) {
        int most = Math.min(atOnce, Integer.highestOneBit(Math.max(1, images / threads)));
        List<Portion> portions = new ArrayList<>();
        for (int from = 0, now; from < images; from += now) {
            // Powers of two only, so that there are few passes whatever sizes of batches come.
            now = Math.min(most, Integer.highestOneBit(images - from));
            portions.add(new Portion(from, now));
        }
        return portions;
    }

    private void answer(
            INDArray images,
            Portion portion,
            PrimitiveCache<Size, InferencePass> passes,
            List<String> outputs,
            float[][] answers) {
        int size = input.shape().size();
        float[] pixels = new float[portion.count * size];
        NativeFloats.of(images).position((long) portion.first * size).get(pixels);
        for (int i = 0; i < portion.count; i++) {
            input.scaling().scale(pixels, i * size, size);
        }
        InferencePass pass = passes.of(new Size(portion.count, outputs));
        pass.run(pixels);
        for (int v = 0; v < answers.length; v++) {
            pass.read(v, answers[v], Math.toIntExact(answers[v].length / images.size(0) * portion.first));
        }
    }

    /** The width of what a vertex gives. */
    public int width(String vertex) {
        return steps.sides(vertex).channels();
    }
}
