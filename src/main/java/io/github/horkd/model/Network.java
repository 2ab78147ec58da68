package io.github.horkd.model;

import io.github.horkd.accelerate.Acceleration;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.internal.inference.Folding;
import io.github.horkd.internal.setup.Backend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A DL4J graph that recognises images, with what is needed to use it: where its embedding and its logits are, what it takes,
 * what its classes are called and how it was made. The graph is ours ({@link #create}) or the user's own ({@link #of}).
 *
 * <p>Any number of threads may ask a network at once. Through DL4J they wait for each other; a {@link #folded()} network that {@link #isPlanned()}
 * answers them side by side. Convolution and batch-norm are switched to oneDNN where it is there ({@link Acceleration}).
 */
public final class Network implements Guide {

    /** The vertex of every network of ours that delivers embeddings, [N, D]. */
    public static final String EMBEDDING = "embedding";

    private final ComputationGraph graph;
    private final Description description;
    private final ForwardPass pass;
    private final NetworkIdentity identity;
    private final Optional<EmbeddingSpace> space;
    /** 0 until somebody asks: for some graphs an image has to go through to tell. */
    private volatile int embeddingWidth;

    private Network(ComputationGraph graph, Description description) {
        this(graph, description, new GraphPass(graph, description.input().scaling()));
    }

    private Network(ComputationGraph graph, Description description, ForwardPass pass) {
        this.graph = graph;
        this.description = description;
        this.pass = pass;
        this.space = description.space();
        this.identity = new NetworkIdentity(graph, description, isPlanned());
        synchronized (graph) { // Another network around it may be at work.
            Acceleration.on(graph);
        }
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
        Backend.require();
        boolean only = classes.isEmpty();
        Map<String, String> provenance = Map.of(
                "backbone", backbone.toString(), "head", only ? "none" : head.toString(), "seed", Long.toString(seed));
        return new Network(
                NewGraph.of(backbone, head, input.shape(), classes.size(), seed),
                new Description(EMBEDDING, only ? null : Head.LOGITS, input, classes, only ? null : head, provenance));
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

    /** The same network around another graph with the same vertices, for instance a copy that was trained; provenance is added, or replaced key by key. */
    public Network with(ComputationGraph graph, Map<String, String> provenance) {
        return new Network(graph, description.with(provenance));
    }

    /** The DL4J graph itself, not a copy. It takes images as {@link Input#scaling()} scales them. */
    public ComputationGraph graph() {
        return graph;
    }

    @Override
    public Input input() {
        return description.input();
    }

    /** The vertex that delivers embeddings. */
    public String embeddingVertex() {
        return description.embedding();
    }

    /** The vertex that delivers logits; empty for a network that only embeds. */
    public Optional<String> logitsVertex() {
        return Optional.ofNullable(description.logits());
    }

    @Override
    public List<String> classes() {
        return description.classes();
    }

    /** How the network tells classes apart; empty for a network that only embeds. */
    public Optional<Head> head() {
        return Optional.ofNullable(description.head());
    }

    /** How the network was made: backbone, seeds, stage, schedule; in the order of the keys. */
    public Map<String, String> provenance() {
        return description.provenance();
    }

    /** The space of its teacher in which its embeddings lie, when it was taught in one. */
    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return space;
    }

    /** The same network, of which is said that its embeddings lie in its teacher's space; after a raw one, that they lie in a space of their own. */
    public Network withSpace(EmbeddingSpace space) {
        return new Network(graph, description.in(space));
    }

    @Override
    public int embeddingWidth() {
        if (embeddingWidth == 0) {
            embeddingWidth = description.embeddingWidth(graph);
        }
        return embeddingWidth;
    }

    /** How many trained parameters it has; the running statistics of batch-norm do not count. */
    public long parameterCount() {
        return graph.paramTable().entrySet().stream()
                .filter(e -> !e.getKey().matches(".*(_mean|_var|_log10stdev)"))
                .mapToLong(e -> e.getValue().length())
                .sum();
    }

    /** {@inheritDoc} Graph, parameters, input, vertices and classes count. It is taken once, and anew when the parameters have changed. */
    @Override
    public String identity() {
        return identity.text();
    }

    /** Embeddings, [N, D], of images with intensities 0…1, [N, channels, height, width]. */
    public INDArray embed(INDArray images) {
        return checked(images, List.of(embeddingVertex())).get(0);
    }

    /** Probabilities, [N, C], of images with intensities 0…1; an IllegalStateException when this network has no classes. */
    public INDArray classify(INDArray images) {
        String logits = logitsVertex()
                .orElseThrow(() ->
                        new IllegalStateException("network: it has no classes; match embeddings with embed() instead"));
        description.requireShape(images);
        return pass.probabilities(images, logits);
    }

    @Override
    public Output output(INDArray images) {
        List<INDArray> all = checked(images, description.outputs());
        return all.size() == 1 ? Output.of(all.get(0)) : Output.of(all.get(0), all.get(1));
    }

    /**
     * {@inheritDoc} Here vertices of the graph: of our backbones "stem", "block1" and so on. They are computed by DL4J, and so is all else that the guide then answers.
     */
    @Override
    public Guide withMaps(String... names) {
        return NetworkMaps.of(this, description, List.of(names));
    }

    private List<INDArray> checked(INDArray images, List<String> vertices) {
        description.requireShape(images);
        return pass.run(images, vertices);
    }

    /**
     * The same network for inference: its batch normalisation folded into the layers before it, the same answers
     * up to rounding (1e-5 of the largest), embedding and logits under the same names. Where {@code org.bytedeco:dnnl} is on the class path and every
     * vertex on the way is of a common kind (two-dimensional convolution, pooling, dense, sum, activation and the like), answers
     * no longer run through DL4J but through oneDNN's primitives directly, many times faster for a few small images.
     *
     * <p>Not to be trained on: it answers by the weights as they are now, whatever becomes of its {@link #graph()}.
     * Saved, it is an ordinary file; what was loaded becomes fast by a call of this method again. It has parameters of its own.
     */
    public Network folded() {
        ComputationGraph folded = Folding.fold(graph, Set.copyOf(description.outputs()));
        Description how = description.with(Map.of("folded", "batch-norm"));
        return PlannedPass.of(folded, how)
                .map(planned -> new Network(folded, how, planned))
                .orElseGet(() -> new Network(folded, how));
    }

    /** {@inheritDoc} Here {@link #folded()}. */
    @Override
    public Network forInference() {
        return folded();
    }

    /** Whether answers come past DL4J. */
    public boolean isPlanned() {
        return pass instanceof PlannedPass;
    }

    /**
     * Saves the network as a DL4J model file. DL4J's own {@code ComputationGraph.load} reads it without this library and gets a graph that takes
     * intensities 0…1: the scaling of images stands in front of its other vertices, in vertices of DL4J's own. What a
     * plain graph cannot say (input, classes, provenance) stands in one further entry. Written beside, then moved.
     *
     * @param file where to; missing directories are made
     * @throws java.io.UncheckedIOException when it cannot be written; nothing then stands under that name that did not before
     * @throws IllegalArgumentException     when {@link #load} would refuse the file, as for a user's graph with windows wider than 255; the message says what is wrong
     */
    public void save(Path file) {
        NetworkFile.write(graph, description, file);
    }

    /**
     * Loads a network that {@link #save} wrote.
     *
     * <p>The file may come from a stranger: it is looked at before DL4J does, nothing is deserialised, no code of the file runs. What it can and cannot do is said
     * at the {@linkplain io.github.horkd.model package}.
     *
     * @param file a model file
     * @param own  further classes that the file may name, for a user's own layers, losses and heads: their constructors and setters run with what the file says
     * @return the network
     * @throws java.io.UncheckedIOException when the file is missing, truncated, refused, or not such a file
     */
    public static Network load(Path file, Class<?>... own) {
        Backend.require();
        NetworkFile.Contents contents = NetworkFile.read(file, new AllowedClasses(own));
        return new Network(contents.graph(), contents.description());
    }

    /** What it takes first: a graph in memory wants scaled images. */
    @Override
    public String toString() {
        return "Network[" + input().shape() + " " + input().scaling() + " to " + embeddingWidth() + ", "
                + classes().size() + " classes, " + parameterCount() + " parameters]";
    }
}
