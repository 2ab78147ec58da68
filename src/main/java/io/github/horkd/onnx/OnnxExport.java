package io.github.horkd.onnx;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.model.Network;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A DL4J graph as an ONNX file, opset 13, for ONNX Runtime and whatever else reads ONNX. Needs {@code org.tribuo:tribuo-util-onnx}.
 *
 * <p>The file has one input, {@value #IMAGES}, float32 [batch, channels, height, width] with an open batch, intensities 0…1 unless
 * {@link #scalingOutside()}; and the outputs {@value #EMBEDDING} [batch, D], {@value #LOGITS} and {@value #PROBABILITIES} [batch, C],
 * those that were asked for. Batch-norm goes into the convolution or dense layer in front of it. Its metadata properties say
 * {@code horkd.input} ("3x16x16"), {@code horkd.scaling}, {@code horkd.scaling.inside}, {@code horkd.classes} and
 * {@code horkd.provenance} (JSON); where it was stated, {@code horkd.space} is the embedding space.
 *
 * <p>Translated, by exact class, are the layers Convolution, Dense, Output, Loss, Activation, PReLU, Dropout, BatchNormalization,
 * Subsampling (maximum, average), GlobalPooling, ZeroPadding, each also frozen; the vertices ElementWise, Merge, Subset, Scale, Shift,
 * L2Normalize, Preprocessor; the preprocessors between convolutional and dense layers; and the activations identity, ReLU (bounded,
 * leaky), ReLU6, leaky ReLU, ELU, tanh, hard tanh, sigmoid, softmax, swish, softplus, softsign. Anything else is refused by name before a
 * file is touched. A {@code MultiLayerNetwork} goes through its {@code toComputationGraph()}.
 */
public final class OnnxExport {

    /** The name of the input. */
    public static final String IMAGES = "images";
    /** The name of the output that delivers embeddings. */
    public static final String EMBEDDING = "embedding";
    /** The name of the output that delivers embeddings in the teacher's own space. */
    public static final String RAW_EMBEDDING = "raw_embedding";
    /** The name of the output that delivers logits. */
    public static final String LOGITS = "logits";
    /** The name of the output that delivers probabilities. */
    public static final String PROBABILITIES = "probabilities";

    private final ComputationGraph graph;
    private final Input input;
    private final Map<String, String> outputs = new LinkedHashMap<>();
    private List<String> classes = List.of();
    private Map<String, String> provenance = Map.of();
    private boolean scalingInside = true;
    private boolean described = true;
    private WeightPrecision weights = WeightPrecision.FLOAT32;
    private EmbeddingSpace space;
    private boolean rawToo;

    private OnnxExport(ComputationGraph graph, Input input) {
        this.graph = Objects.requireNonNull(graph, "graph");
        this.input = Objects.requireNonNull(input, "input");
    }

    /**
     * An export of a graph; name at least one output.
     *
     * @param graph an initialised graph with one input; it is left as it is
     * @param input what the graph takes
     * @return the export, to be told what to write
     */
    public static OnnxExport of(ComputationGraph graph, Input input) {
        return new OnnxExport(graph, input);
    }

    /**
     * An export of a network with all it has: embedding, logits and probabilities, classes, provenance, embedding space.
     *
     * @param network the network
     * @return the export, ready to write
     */
    public static OnnxExport of(Network network) {
        OnnxExport export = of(network.graph(), network.input())
                .embedding(network.embeddingVertex())
                .classes(network.classes())
                .provenance(network.provenance());
        network.logitsVertex().ifPresent(export::logits);
        network.embeddingSpace().ifPresent(export::space);
        return export;
    }

    /**
     * Writes a network with all it has.
     *
     * @param network the network
     * @param file    where to; missing directories are made
     * @throws java.io.UncheckedIOException when it cannot be written; nothing then stands under that name that did not before
     */
    public static void write(Network network, Path file) {
        of(network).write(file);
    }

    /**
     * Asks for the output {@value #EMBEDDING}.
     *
     * @param vertex the vertex that delivers embeddings, [N, D]
     * @return this
     */
    public OnnxExport embedding(String vertex) {
        return output(EMBEDDING, vertex);
    }

    /**
     * Asks for the outputs {@value #LOGITS} and {@value #PROBABILITIES}, the latter the softmax of the former.
     *
     * @param vertex the vertex that delivers logits, [N, C]
     * @return this
     */
    public OnnxExport logits(String vertex) {
        return output(LOGITS, vertex);
    }

    /**
     * Asks for the output {@value #PROBABILITIES} of a graph whose own output layer has the softmax.
     *
     * @param vertex the vertex that delivers probabilities, [N, C]
     * @return this
     */
    public OnnxExport probabilities(String vertex) {
        return output(PROBABILITIES, vertex);
    }

    private OnnxExport output(String name, String vertex) {
        if (graph.getVertex(vertex) == null) {
            throw new IllegalArgumentException(name + ": no vertex '" + vertex + "' in the graph; it has "
                    + graph.getConfiguration().getVertices().keySet());
        }
        outputs.put(name, vertex);
        if (outputs.containsKey(LOGITS) && outputs.containsKey(PROBABILITIES)) {
            throw new IllegalArgumentException(
                    "probabilities: logits('" + outputs.get(LOGITS) + "') brings them already; name one of the two");
        }
        return this;
    }

    /**
     * The names of the classes, for the metadata.
     *
     * @param names as many as there are logits; none by default
     * @return this
     */
    public OnnxExport classes(List<String> names) {
        classes = List.copyOf(names);
        return this;
    }

    /**
     * How the network was made, for the metadata.
     *
     * @param facts names and values; none by default
     * @return this
     */
    public OnnxExport provenance(Map<String, String> facts) {
        provenance = Map.copyOf(facts);
        return this;
    }

    /**
     * Leaves the scaling of intensities to whoever runs the file; by default the file does it. The metadata still name it.
     *
     * @return this
     */
    public OnnxExport scalingOutside() {
        scalingInside = false;
        return this;
    }

    /**
     * Leaves the metadata properties out, so that the file says of itself what any file from elsewhere does: names and shapes.
     *
     * @return this
     */
    public OnnxExport withoutMetadata() {
        described = false;
        return this;
    }

    /**
     * The space that the embeddings lie in, for the metadata: whoever matches them with a teacher's brings those into it first.
     *
     * @param space in which the network was taught
     * @return this
     */
    public OnnxExport space(EmbeddingSpace space) {
        this.space = Objects.requireNonNull(space, "space");
        return this;
    }

    /**
     * Asks for the output {@value #RAW_EMBEDDING} too: embeddings brought back into the teacher's own space by a last affine step
     * ({@link EmbeddingSpace#toRaw}), for a gallery of raw descriptors that is there already.
     *
     * @param space in which the network was taught; goes into the metadata as by {@link #space}
     * @return this
     */
    public OnnxExport rawEmbedding(EmbeddingSpace space) {
        rawToo = true;
        return space(space);
    }

    /**
     * How weights are kept.
     *
     * @param how float32 by default
     * @return this
     */
    public OnnxExport weights(WeightPrecision how) {
        weights = Objects.requireNonNull(how, "weights");
        return this;
    }

    /**
     * Writes the file beside its place and moves it there.
     *
     * @param file where to; missing directories are made
     * @throws IllegalArgumentException      when no output was named, an output is not [N, D], the number of classes does not fit, or
     *                                       something in the graph cannot be translated; the file is then not touched
     * @throws IllegalStateException         when Tribuo's ONNX utilities are not on the class path
     * @throws java.io.UncheckedIOException when it cannot be written; nothing then stands under that name that did not before
     */
    public void write(Path file) {
        Dependency.PROTOS.require("OnnxExport");
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException(
                    "outputs: wanted at least one, got none; call embedding(…), logits(…) or probabilities(…)");
        }
        if (rawToo && !outputs.containsKey(EMBEDDING)) {
            throw new IllegalArgumentException("raw embedding: wanted embedding(…) too, from which it is made");
        }
        Metadata metadata = new Metadata(input, scalingInside, classes, provenance, Optional.ofNullable(space));
        new OnnxModel(graph, metadata, described, outputs, rawToo, weights).write(file);
    }
}
