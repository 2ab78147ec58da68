package io.github.horkd.model;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.internal.graph.Extent;
import io.github.horkd.internal.inference.Folding;
import io.github.horkd.internal.inference.InferencePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitVarScalingUniformFanIn;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * A DL4J graph that recognises images, with what is needed to use it: where its embedding and its logits are, what it takes,
 * what its classes are called and how it was made. The graph is ours ({@link #create}) or the user's own ({@link #of}).
 *
 * <p>Convolution and batch-norm are switched to oneDNN where the backend has it ({@link Acceleration}). Use a network from one
 * thread at a time.
 */
public final class Network implements Guide {

    /** The vertex of every network of ours that delivers embeddings, [N, D]. */
    public static final String EMBEDDING = "embedding";

    static final String INPUT = "input";
    /**
     * Uniform within ±1/√fan-in. Behind batch-norm the size of a weight sets nothing but how fast it turns: with He's initialisation, 2.4 times
     * larger, short trainings of small students ended clearly lower.
     */
    private static final IWeightInit FAN_IN = new WeightInitVarScalingUniformFanIn(1 / 3.0);
    /** Images a forward pass takes at once; larger batches are cut, so that memory stays bounded. */
    private static final int AT_ONCE = 256;

    private final ComputationGraph graph;
    private final Description description;
    /** 0 until somebody asks: for some graphs an image has to go through to tell. */
    private int embeddingWidth;
    /** Answers in the graph's place where there is one; only {@link #folded()} makes it. */
    private final Optional<Planned> plan;

    /** A plan, and the identity of the weights it was made with. */
    private record Planned(InferencePlan steps, String identity) {}

    private Network(ComputationGraph graph, Description description) {
        this(graph, description, Optional.empty());
    }

    private Network(ComputationGraph graph, Description description, Optional<Planned> plan) {
        this.graph = graph;
        this.description = description;
        this.plan = plan;
        Acceleration.on(graph);
    }

    /**
     * A new network of ours, with random weights.
     *
     * @param backbone from image to embedding
     * @param head     from embedding to logits; not used when there are no classes
     * @param input    what the network takes
     * @param classes  the names of the classes; empty for a network that only embeds
     * @param seed     seeds the weights
     * @return the network
     */
    public static Network create(Backbone backbone, Head head, Input input, List<String> classes, long seed) {
        ImageShape shape = input.shape();
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(FAN_IN)
                .updater(new NoOp())
                .dataType(DataType.FLOAT)
                .graphBuilder()
                .addInputs(INPUT)
                .setInputTypes(InputType.convolutional(shape.height(), shape.width(), shape.channels()));
        backbone.addTo(builder, INPUT, shape, EMBEDDING);
        if (classes.isEmpty()) {
            builder.addLayer(
                            "end",
                            new ActivationLayer.Builder()
                                    .activation(Activation.IDENTITY)
                                    .build(),
                            EMBEDDING)
                    .setOutputs("end");
        } else {
            head.addTo(builder, EMBEDDING, classes.size());
            builder.addLayer(
                            "classes",
                            new LossLayer.Builder(new LossMCXENT())
                                    .activation(Activation.SOFTMAX)
                                    .build(),
                            Head.LOGITS)
                    .setOutputs("classes");
        }
        ComputationGraphConfiguration configuration = builder.build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        if (graph.getVertex(Head.COSINES) != null) {
            // The constraint acts after a step; the first one must see unit columns too.
            INDArray weights = graph.getLayer(Head.COSINES).getParam("W");
            weights.diviRowVector(weights.norm2(true, 0));
        }
        Map<String, String> provenance = new TreeMap<>();
        provenance.put("backbone", backbone.toString());
        provenance.put("head", classes.isEmpty() ? "none" : head.toString());
        provenance.put("seed", Long.toString(seed));
        return new Network(
                graph,
                new Description(
                        EMBEDDING,
                        classes.isEmpty() ? null : Head.LOGITS,
                        input,
                        classes,
                        classes.isEmpty() ? null : head,
                        provenance));
    }

    /**
     * A user's own graph as a network. It is used as it is, not copied. A {@code MultiLayerNetwork} goes through its
     * {@code toComputationGraph()}, whose vertices are called "0", "1", ….
     *
     * @param graph     an initialised graph with one input
     * @param embedding the vertex that delivers embeddings, [N, D]
     * @param logits    the vertex that delivers logits, [N, C], before any softmax; null when it has none
     * @param input     what the graph takes
     * @param classes   the names of the C classes; empty when there are no logits
     * @return the network
     * @throws IllegalArgumentException when a vertex is missing or gives something else than [N, D] and [N, C]
     */
    public static Network of(
            ComputationGraph graph, String embedding, String logits, Input input, List<String> classes) {
        Description description = new Description(
                embedding, logits, input, classes, logits == null ? null : new Head.Softmax(), Map.of());
        Network network = new Network(graph, description);
        description.checkAgainst(graph);
        return network;
    }

    /**
     * The same description around other parameters, for instance those of a copy that was trained.
     *
     * @param graph      a graph with the vertices that this network names
     * @param provenance how it was made; replaces what was there under the same keys
     * @return a new network
     */
    public Network with(ComputationGraph graph, Map<String, String> provenance) {
        Map<String, String> all = new TreeMap<>(description.provenance());
        all.putAll(provenance);
        return new Network(graph, description.withProvenance(all));
    }

    /**
     * The DL4J graph itself.
     *
     * @return not a copy
     */
    public ComputationGraph graph() {
        return graph;
    }

    @Override
    public Input input() {
        return description.input();
    }

    /**
     * The vertex that delivers embeddings.
     *
     * @return a vertex name
     */
    public String embeddingVertex() {
        return description.embedding();
    }

    /**
     * The vertex that delivers logits.
     *
     * @return a vertex name, empty for a network that only embeds
     */
    public Optional<String> logitsVertex() {
        return Optional.ofNullable(description.logits());
    }

    /**
     * The names of the classes.
     *
     * @return an immutable list, empty for a network that only embeds
     */
    @Override
    public List<String> classes() {
        return description.classes();
    }

    /**
     * How the network tells classes apart.
     *
     * @return its head, empty for a network that only embeds
     */
    public Optional<Head> head() {
        return Optional.ofNullable(description.head());
    }

    /**
     * How the network was made: backbone, seeds, stage, schedule.
     *
     * @return an immutable map in the order of its keys
     */
    public Map<String, String> provenance() {
        return description.provenance();
    }

    @Override
    public int embeddingWidth() {
        if (embeddingWidth == 0) {
            embeddingWidth = description.embeddingWidth(graph);
        }
        return embeddingWidth;
    }

    /**
     * How many trained parameters it has; the running statistics of batch-norm do not count.
     *
     * @return a count
     */
    public long parameterCount() {
        return graph.paramTable().entrySet().stream()
                .filter(e -> !e.getKey().endsWith("_mean")
                        && !e.getKey().endsWith("_var")
                        && !e.getKey().endsWith("_log10stdev"))
                .mapToLong(e -> e.getValue().length())
                .sum();
    }

    @Override
    public String identity() {
        return plan.map(Planned::identity).orElseGet(() -> NetworkFile.digest(graph));
    }

    /**
     * Embeds images.
     *
     * @param images intensities 0…1, [N, channels, height, width]
     * @return [N, D]
     */
    public INDArray embed(INDArray images) {
        return forward(images, List.of(description.embedding())).get(0);
    }

    /**
     * Classifies images.
     *
     * @param images intensities 0…1, [N, channels, height, width]
     * @return probabilities, [N, C]
     * @throws IllegalStateException when this network has no classes
     */
    public INDArray classify(INDArray images) {
        String logits = logitsVertex()
                .orElseThrow(() ->
                        new IllegalStateException("network: it has no classes; match embeddings with embed() instead"));
        if (plan.isPresent()) {
            checkShape(images);
            float[] rows = plan.get().steps.answer(images, List.of(logits))[0];
            softmax(rows, classes().size());
            return array(rows, classes().size());
        }
        return Nd4j.nn().softmax(forward(images, List.of(logits)).get(0), 1);
    }

    @Override
    public Output output(INDArray images) {
        if (description.logits() == null) {
            return Output.of(embed(images));
        }
        List<INDArray> both = forward(images, List.of(description.embedding(), description.logits()));
        return Output.of(both.get(0), both.get(1));
    }

    private static void softmax(float[] rows, int width) {
        for (int start = 0; start < rows.length; start += width) {
            float largest = Float.NEGATIVE_INFINITY;
            for (int i = start; i < start + width; i++) {
                largest = Math.max(largest, rows[i]);
            }
            double sum = 0;
            for (int i = start; i < start + width; i++) {
                double power = Math.exp(rows[i] - largest);
                rows[i] = (float) power;
                sum += power;
            }
            for (int i = start; i < start + width; i++) {
                rows[i] = (float) (rows[i] / sum);
            }
        }
    }

    @SuppressWarnings("try") // The scope is opened for its effect.
    private static INDArray array(float[] rows, int width) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(rows, new long[] {rows.length / width, width}, 'c');
        }
    }

    private void checkShape(INDArray images) {
        ImageShape shape = description.input().shape();
        if (images.rank() != 4
                || images.size(1) != shape.channels()
                || images.size(2) != shape.height()
                || images.size(3) != shape.width()) {
            throw new IllegalArgumentException(
                    "images: wanted [N, " + shape.channels() + ", " + shape.height() + ", " + shape.width()
                            + "], got " + java.util.Arrays.toString(images.shape())
                            + "; another size must be resized first, for instance with Interpolation.BILINEAR");
        }
    }

    private List<INDArray> forward(INDArray images, List<String> vertices) {
        checkShape(images);
        if (plan.isPresent()) {
            float[][] answers = plan.get().steps.answer(images, vertices);
            return IntStream.range(0, vertices.size())
                    .mapToObj(v -> array(answers[v], plan.get().steps.width(vertices.get(v))))
                    .toList();
        }
        long count = images.size(0);
        List<List<INDArray>> parts = new ArrayList<>();
        vertices.forEach(v -> parts.add(new ArrayList<>()));
        for (long from = 0; from < count; from += AT_ONCE) {
            INDArray part = count <= AT_ONCE
                    ? images
                    : images.get(
                            NDArrayIndex.interval(from, Math.min(count, from + AT_ONCE)),
                            NDArrayIndex.all(),
                            NDArrayIndex.all(),
                            NDArrayIndex.all());
            INDArray[] out = graph.output(
                    vertices,
                    false,
                    new INDArray[] {description.input().scaling().apply(part)},
                    null);
            for (int v = 0; v < out.length; v++) {
                parts.get(v).add(out[v]);
            }
        }
        return parts.stream()
                .map(p -> p.size() == 1 ? p.get(0) : Nd4j.concat(0, p.toArray(INDArray[]::new)))
                .toList();
    }

    /**
     * The same network for inference: its batch normalisation folded into the layers before it ({@link Folding}), the same answers
     * up to rounding (1e-5 of the largest), embedding and logits under the same names. Where {@code org.bytedeco:dnnl} is on the class path and every
     * vertex on the way is of a common kind (two-dimensional convolution, pooling, dense, sum, activation and the like), {@link #embed},
     * {@link #classify} and {@link #output} no longer run through DL4J but through oneDNN's primitives directly, many times faster for a few small images.
     *
     * <p>Not to be trained on: it answers by the weights as they are now, whatever becomes of its {@link #graph()}.
     * Saved, it is an ordinary file; what was loaded becomes fast by a call of this method again.
     *
     * @return a new network with parameters of its own
     */
    public Network folded() {
        List<String> named = new ArrayList<>(List.of(description.embedding()));
        logitsVertex().ifPresent(named::add);
        Network folded = with(Folding.fold(graph, Set.copyOf(named)), Map.of("folded", "batch-norm"));
        return new Network(
                folded.graph,
                folded.description,
                InferencePlan.of(
                                folded.graph,
                                Extent.map(
                                        input().shape().channels(),
                                        input().shape().height(),
                                        input().shape().width()),
                                input().scaling()::scale,
                                named)
                        .map(steps -> new Planned(steps, folded.identity())));
    }

    /** {@inheritDoc} Here {@link #folded()}. */
    @Override
    public Network forInference() {
        return folded();
    }

    /** Whether answers come past DL4J. */
    public boolean isPlanned() {
        return plan.isPresent();
    }

    /**
     * Saves the network as a DL4J model file. DL4J's own {@code ComputationGraph.load} reads it without this library; what a
     * plain graph cannot say (input, classes, provenance) stands in one further entry. Written beside, then moved.
     *
     * @param file where to; its directory must exist
     * @throws java.io.UncheckedIOException when it cannot be written; nothing then stands under that name that did not before
     */
    public void save(Path file) {
        NetworkFile.write(graph, description, file);
    }

    /**
     * Loads a network that {@link #save} wrote.
     *
     * @param file a model file
     * @return the network
     * @throws java.io.UncheckedIOException when the file is missing, truncated, or not such a file
     */
    public static Network load(Path file) {
        NetworkFile.Contents contents = NetworkFile.read(file);
        Network network = new Network(contents.graph(), contents.description());
        try {
            contents.description().checkAgainst(contents.graph());
        } catch (IllegalArgumentException e) {
            throw new UncheckedIOException(file + ": its description does not fit its graph", new IOException(e));
        }
        return network;
    }

    @Override
    public String toString() {
        return "Network[" + input().shape() + " to " + embeddingWidth() + ", "
                + classes().size() + " classes, " + parameterCount() + " parameters]";
    }
}
