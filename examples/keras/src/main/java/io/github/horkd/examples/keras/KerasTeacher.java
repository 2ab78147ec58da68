package io.github.horkd.examples.keras;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A Keras model as a teacher.
 *
 * <p><b>The embedding</b> is the layer that the caller names, or what the classifier at the end is given: the input of the last layer
 * with weights, when the model ends in softmax, and its output when it does not. It must deliver [N, D].
 *
 * <p><b>Channels.</b> This library has channels first, [N, channels, rows, columns]; Keras as a rule last, [N, rows, columns, channels],
 * and DL4J imports such a model as it is. So every batch is turned round on its way in, as the file says.
 *
 * <p>There are no logits: Keras keeps softmax inside its last layer, and only probabilities come out. Use it from one thread at a time.
 */
public final class KerasTeacher implements Guide {

    /** Images a forward pass takes at once. */
    private static final int AT_ONCE = 256;

    private final ComputationGraph graph;
    private final Map<String, String> vertices;
    private final boolean channelsLast;
    private final Input input;
    private final String embedding;
    private final int width;
    private final String identity;

    private KerasTeacher(KerasFile model, Scaling scaling, Optional<String> layer) {
        this.graph = model.graph();
        this.vertices = model.vertices();
        this.channelsLast = model.channelsLast();
        this.input = new Input(model.shape(), scaling);
        Map<String, long[]> shapes = shapes();
        this.embedding = layer.orElseGet(this::beforeTheClassifier);
        long[] shape = shapes.get(embedding);
        if (shape == null || shape.length != 2) {
            throw new IllegalArgumentException("embedding: wanted a layer that delivers [N, D], got " + embedding
                    + (shape == null ? ", which the model does not have" : ", which delivers " + batch(shape))
                    + "; it has "
                    + shapes.entrySet().stream()
                            .map(e -> e.getKey() + " " + batch(e.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        this.width = (int) shape[1];
        this.identity = digest();
    }

    /**
     * Reads a model.
     *
     * @param file      what {@code model.save("….h5")} of Keras 2 wrote: architecture and weights
     * @param scaling   what the model was trained on, from intensities 0…1; a model for 0…255 is {@code ZERO_255}
     * @param embedding the name of the Keras layer whose output is the embedding; empty for the one before the classifier
     * @return the teacher
     * @throws java.io.UncheckedIOException when the file cannot be read, or DL4J does not know one of its layers
     * @throws IllegalArgumentException     when it takes no single gray or colour image of a fixed size, or that layer does not give [N, D]
     */
    public static KerasTeacher load(Path file, Scaling scaling, Optional<String> embedding) {
        return load(file, scaling, embedding, 0);
    }

    /**
     * Reads a model that leaves the size of its images open.
     *
     * @param file      architecture and weights
     * @param scaling   what the model was trained on, from intensities 0…1
     * @param embedding the name of the Keras layer whose output is the embedding; empty for the one before the classifier
     * @param size      rows and columns of an image, where the file says none; it then has to pool globally before its dense layers
     * @return the teacher
     */
    public static KerasTeacher load(Path file, Scaling scaling, Optional<String> embedding, int size) {
        return new KerasTeacher(KerasFile.read(file, size), scaling, embedding);
    }

    @Override
    public Input input() {
        return input;
    }

    @Override
    public int embeddingWidth() {
        return width;
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public String identity() {
        return identity;
    }

    /**
     * The layer that delivers the embedding.
     *
     * @return its name in Keras
     */
    public String embedding() {
        return embedding;
    }

    /**
     * Whether the model takes channels last.
     *
     * @return true for [N, rows, columns, channels], as most Keras models do; images are given channels first all the same
     */
    public boolean channelsLast() {
        return channelsLast;
    }

    @Override
    public Output output(INDArray images) {
        ImageShape shape = input.shape();
        if (images.rank() != 4
                || images.size(1) != shape.channels()
                || images.size(2) != shape.height()
                || images.size(3) != shape.width()) {
            throw new IllegalArgumentException("images: wanted [N, " + shape.channels() + ", " + shape.height() + ", "
                    + shape.width() + "], channels first, got " + Arrays.toString(images.shape()));
        }
        List<INDArray> parts = new ArrayList<>();
        for (long from = 0; from < images.size(0); from += AT_ONCE) {
            INDArray part = images.get(
                    NDArrayIndex.interval(from, Math.min(images.size(0), from + AT_ONCE)),
                    NDArrayIndex.all(),
                    NDArrayIndex.all(),
                    NDArrayIndex.all());
            parts.add(graph.output(
                            List.of(vertices.get(embedding)),
                            false,
                            new INDArray[] {turned(input.scaling().apply(part))},
                            null)[0]);
        }
        return Output.of(Nd4j.concat(0, parts.toArray(INDArray[]::new)));
    }

    private INDArray turned(INDArray images) {
        return channelsLast ? images.permute(0, 2, 3, 1).dup('c') : images;
    }

    /** What every layer delivers for one image, in the order of the model. */
    private Map<String, long[]> shapes() {
        ImageShape shape = input.shape();
        Map<String, INDArray> all =
                graph.feedForward(turned(Nd4j.zeros(1, shape.channels(), shape.height(), shape.width())), false);
        Map<String, long[]> shapes = new LinkedHashMap<>();
        vertices.forEach((name, vertex) -> shapes.put(name, all.get(vertex).shape()));
        return shapes;
    }

    private static String batch(long[] shape) {
        return Arrays.stream(shape).skip(1).mapToObj(Long::toString).collect(Collectors.joining(", ", "[N, ", "]"));
    }

    private String beforeTheClassifier() {
        String vertex = graph.getConfiguration().getNetworkOutputs().get(0);
        if (endsInSoftmax(vertex)) {
            while (graph.getVertex(vertex).numParams() == 0 && inputOf(vertex).isPresent()) {
                vertex = inputOf(vertex).get();
            }
            vertex = inputOf(vertex).orElse(vertex);
        }
        String found = vertex;
        return vertices.entrySet().stream()
                .filter(e -> e.getValue().equals(found))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "embedding: the model is a single layer; nothing comes before its classifier"));
    }

    private Optional<String> inputOf(String vertex) {
        return Optional.ofNullable(graph.getConfiguration().getVertexInputs().get(vertex))
                .map(inputs -> inputs.get(0));
    }

    private boolean endsInSoftmax(String vertex) {
        if (!graph.getVertex(vertex).hasLayer()) {
            return false;
        }
        Layer layer = graph.getLayer(vertex).conf().getLayer();
        IActivation activation = layer instanceof BaseLayer with
                ? with.getActivationFn()
                : layer instanceof ActivationLayer alone ? alone.getActivationFn() : null;
        return activation instanceof ActivationSoftmax;
    }

    /** Changes when the answers do: weights, layers, scaling and the layer taken. */
    private String digest() {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            float[] weights = graph.params().dup('c').data().asFloat();
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(weights.length, Float.BYTES));
            bytes.asFloatBuffer().put(weights);
            sha.update(bytes);
            sha.update((input + " " + embedding + " " + channelsLast + " "
                            + graph.getConfiguration().getVertexInputs())
                    .getBytes(StandardCharsets.UTF_8));
            return "keras-" + HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Keras model that takes " + input.shape() + " (channels, rows, columns; in the file "
                + (channelsLast ? "last" : "first") + "), scaled " + input.scaling() + ", embedding = layer '"
                + embedding + "', " + width + " wide";
    }
}
