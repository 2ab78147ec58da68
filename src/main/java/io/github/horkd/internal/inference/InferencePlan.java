package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.graph.GraphReader;
import io.github.horkd.internal.graph.GraphSteps;
import io.github.horkd.internal.graph.UnknownPart;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inference past DL4J: the arithmetic of a graph as a list of oneDNN's primitives, with sums and activations fused into the convolutions before them.
 * It holds the weights as they were when it was made. Any number of threads may ask it at once; each computes with primitives and buffers of its own,
 * and an image's answer does not depend on how many there are.
 *
 * <p>A batch is cut into portions that fit the cache. Several of them go to several threads, each of which computes by itself: that is faster than many threads
 * at one portion, who meet after every primitive. A batch that is no more than a portion, or has fewer images than there are threads, is computed by all threads
 * together, unless other callers are at work: then by one.
 */
public final class InferencePlan {

    private static final Logger LOG = LoggerFactory.getLogger(InferencePlan.class);
    /** The largest value of a pass stays about this small, so that what one step writes is still in the cache when the next reads it. */
    private static final int VALUE_BYTES = 512 << 10;

    private static final int MOST_AT_ONCE = 64;
    /** Passes kept. There are {@link #MOST_AT_ONCE} and its halves, each to the embedding, the logits, or both. */
    private static final int KEPT = 21;

    /** How many callers are at work in the whole process. */
    private static final AtomicInteger CALLERS = new AtomicInteger();

    private final Extent image;
    private final Scaler scaler;
    private final GraphSteps steps;
    private final List<PlanNode> nodes;
    private final int atOnce;
    private final PlanConstants constants = new PlanConstants();
    /** For one caller at work with all threads, and for those at work with one thread each. */
    private final PassPool<Size> together = new PassPool<>(this::passes);

    private final PassPool<Size> alone = new PassPool<>(this::passes);

    /** Turns intensities 0…1 into what the graph computes with. */
    @FunctionalInterface
    public interface Scaler {

        /** Scales one image in place. */
        void scale(float[] pixels, int from, int count);
    }

    private record Size(int images, List<String> outputs) {}

    private record Portion(int first, int count) {}

    /** What one call is about. */
    private record Question(INDArray images, List<String> outputs, float[][] answers) {}

    private InferencePlan(Extent image, Scaler scaler, GraphSteps steps, List<String> vertices) {
        this.image = image;
        this.scaler = scaler;
        this.steps = steps;
        this.nodes = PlanNode.fused(
                PlanTranslation.nodes(steps),
                new HashSet<>(vertices.stream().map(steps::node).toList()));
        int largest = nodes.stream().mapToInt(node -> node.sides().size()).max().orElse(1);
        this.atOnce = Integer.highestOneBit(Math.max(1, Math.min(MOST_AT_ONCE, VALUE_BYTES / Float.BYTES / largest)));
    }

    private PrimitiveCache<Size, InferencePass> passes() {
        var working = new WorkingMemory();
        return new PrimitiveCache<>(
                KEPT,
                (size, natives) -> new PassBuilder(size.images, constants, natives, working)
                        .build(
                                PlanNode.neededFor(size.outputs, nodes),
                                steps.input(),
                                PlanSides.of(image),
                                size.outputs));
    }

    /**
     * A plan for a graph.
     *
     * @param graph    its weights are copied
     * @param image    what one image is
     * @param scaler   from intensities to what the graph takes
     * @param vertices those that will be asked for, rows
     * @return empty when there is no oneDNN, or something in the graph that no step does
     */
    public static Optional<InferencePlan> of(
            ComputationGraph graph, Extent image, Scaler scaler, List<String> vertices) {
        if (!OneDnn.isAvailable()
                || MemoryOrder.blockSize() == Integer.MAX_VALUE
                || graph.getConfiguration().getDataType() != DataType.FLOAT) {
            return Optional.empty();
        }
        try {
            GraphSteps steps = GraphReader.read(graph, image, vertices);
            return vertices.stream().allMatch(vertex -> steps.extent(vertex).isRow())
                    ? Optional.of(new InferencePlan(image, scaler, steps, vertices))
                    : Optional.empty();
        } catch (UnknownPart e) {
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
        int count = Math.toIntExact(images.size(0));
        float[][] answers = vertices.stream()
                .map(vertex -> new float[Math.multiplyExact(count, width(vertex))])
                .toArray(float[][]::new);
        Question question =
                new Question(plain, vertices.stream().map(steps::node).toList(), answers);
        int threads = NativeThreads.count();
        boolean isShared = CALLERS.getAndIncrement() > 0;
        try {
            // Whether there is enough for every thread; one portion is no more work than it takes to wake another.
            if (threads > 1 && count > atOnce && count >= threads) {
                share(question, portions(count, threads), threads);
            } else if (isShared) {
                NativeThreads.alone(() -> answer(question, portions(count, 1), alone));
            } else {
                answer(question, portions(count, 1), together);
            }
        } finally {
            CALLERS.decrementAndGet();
        }
        Reference.reachabilityFence(plain);
        return answers;
    }

    private void share(Question question, List<Portion> portions, int threads) {
        var slots = new AtomicReferenceArray<PrimitiveCache<Size, InferencePass>>(threads);
        try {
            ForkJoin.share(
                    threads,
                    portions.size(),
                    (slot, portion) -> {
                        if (slots.get(slot) == null) {
                            slots.set(slot, alone.take());
                        }
                        answer(question, portions.get(portion), slots.get(slot));
                    },
                    NativeThreads::alone);
        } finally {
            for (int slot = 0; slot < threads; slot++) {
                if (slots.get(slot) != null) {
                    alone.giveBack(slots.get(slot));
                }
            }
        }
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

    private void answer(Question question, List<Portion> portions, PassPool<Size> pool) {
        PrimitiveCache<Size, InferencePass> passes = pool.take();
        try {
            portions.forEach(portion -> answer(question, portion, passes));
        } finally {
            pool.giveBack(passes);
        }
    }

    private void answer(Question question, Portion portion, PrimitiveCache<Size, InferencePass> passes) {
        int size = image.size();
        float[] pixels = new float[portion.count * size];
        NativeFloats.of(question.images).position((long) portion.first * size).get(pixels);
        for (int i = 0; i < portion.count; i++) {
            scaler.scale(pixels, i * size, size);
        }
        InferencePass pass = passes.of(new Size(portion.count, question.outputs));
        pass.run(pixels);
        for (int v = 0; v < question.answers.length; v++) {
            float[] rows = question.answers[v];
            pass.read(v, rows, Math.toIntExact(rows.length / question.images.size(0) * portion.first));
        }
    }

    /** The width of what a vertex gives. */
    public int width(String vertex) {
        return steps.extent(vertex).channels();
    }
}
