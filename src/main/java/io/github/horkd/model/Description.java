package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.internal.file.ComposedName;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.workspace.ND4JWorkspaceException;

/**
 * What a graph does not say about itself. Kept in the model file beside DL4J's own entries.
 *
 * @param logits null for a network that only embeds
 * @param head   null for a network that only embeds
 */
record Description(
        String embedding, String logits, Input input, List<String> classes, Head head, Map<String, String> provenance) {

    private static final String SPACE = "embeddingSpace";

    Description {
        classes = List.copyOf(classes);
        provenance = Collections.unmodifiableMap(new TreeMap<>(provenance));
        Set<String> names = new HashSet<>();
        for (String name : classes) {
            if (!names.add(ComposedName.of(name))) {
                throw new IllegalArgumentException(
                        "classes: wanted names all different, since they pair classes, got '" + name + "' twice");
            }
        }
        if (logits == null && !classes.isEmpty()) {
            throw new IllegalArgumentException("classes: " + classes.size() + " are named, but no logits vertex is");
        }
        if (logits != null && classes.isEmpty()) {
            throw new IllegalArgumentException(
                    "classes: wanted a name for each logit of vertex '" + logits + "', got none");
        }
    }

    /** The same network made in yet another way; new facts replace those of the same key. */
    Description with(Map<String, String> facts) {
        Map<String, String> all = new TreeMap<>(provenance);
        all.putAll(facts);
        return new Description(embedding, logits, input, classes, head, all);
    }

    /** The same network with its embeddings in a space; of a raw one nothing is said. */
    Description in(EmbeddingSpace space) {
        Map<String, String> all = new TreeMap<>(provenance);
        if (space.kind() == SpaceMethod.Kind.RAW) {
            all.remove(SPACE);
        } else {
            all.put(SPACE, Base64.getEncoder().encodeToString(space.toBytes()));
        }
        return new Description(embedding, logits, input, classes, head, all);
    }

    /** The space in which its embeddings lie, when it was taught in one. */
    Optional<EmbeddingSpace> space() {
        return Optional.ofNullable(provenance.get(SPACE))
                .map(text -> EmbeddingSpace.of(Base64.getDecoder().decode(text)));
    }

    /** The vertices that are asked for: the embedding and, where there are classes, the logits. */
    List<String> outputs() {
        return logits == null ? List.of(embedding) : List.of(embedding, logits);
    }

    /** Refuses images of another shape. */
    void requireShape(INDArray images) {
        ImageShape shape = input.shape();
        if (images.rank() != 4
                || images.size(1) != shape.channels()
                || images.size(2) != shape.height()
                || images.size(3) != shape.width()) {
            throw new IllegalArgumentException(
                    "images: wanted [N, " + shape.channels() + ", " + shape.height() + ", " + shape.width()
                            + "], got " + Arrays.toString(images.shape())
                            + "; another size must be resized first, for instance with Interpolation.BILINEAR");
        }
    }

    int embeddingWidth(ComputationGraph graph) {
        // Batch-norm and dense layers say their width; for anything else one image tells.
        if (graph.getVertex(embedding).hasLayer()
                && graph.getLayer(embedding).conf().getLayer() instanceof FeedForwardLayer layer
                && layer.getNOut() > 0) {
            return (int) layer.getNOut();
        }
        return (int) oneImage(graph, embedding).size(1);
    }

    void checkAgainst(ComputationGraph graph) {
        if (graph.getNumInputArrays() != 1) {
            throw new IllegalArgumentException(
                    "graph: wanted one input, got " + graph.getConfiguration().getNetworkInputs());
        }
        check(graph, "embedding", embedding, -1);
        if (logits != null) {
            check(graph, "logits", logits, classes.size());
            refuseSoftmax(graph);
        }
    }

    /** A class's probability would go through a softmax once more, in what is classified and in what is taught. */
    private void refuseSoftmax(ComputationGraph graph) {
        Layer layer = graph.getVertex(logits).hasLayer()
                ? graph.getLayer(logits).conf().getLayer()
                : null;
        if (layer instanceof BaseLayer base && base.getActivationFn() instanceof ActivationSoftmax
                || layer instanceof ActivationLayer alone && alone.getActivationFn() instanceof ActivationSoftmax) {
            throw new IllegalArgumentException("logits: wanted what goes into a softmax, got vertex '" + logits
                    + "', which has one as its activation; name the vertex before it, or where its weights are in it too, give that layer's"
                    + " configuration an ActivationIdentity: setActivationFn(new ActivationIdentity())");
        }
    }

    private void check(ComputationGraph graph, String role, String vertex, int width) {
        if (graph.getVertex(vertex) == null) {
            throw new IllegalArgumentException(role + ": no vertex '" + vertex + "' in the graph; it has "
                    + graph.getConfiguration().getVertices().keySet());
        }
        INDArray out = oneImage(graph, vertex);
        if (out.rank() != 2 || width >= 0 && out.size(1) != width) {
            throw new IllegalArgumentException(role + ": wanted vertex '" + vertex + "' to give [N, "
                    + (width < 0 ? "D" : width) + "], got " + Arrays.toString(out.shape()));
        }
        try {
            graph.output(List.of(vertex), false, new INDArray[] {image()}, null);
        } catch (ND4JWorkspaceException e) {
            // For some layers, batch-norm of rank 2 among them, DL4J closes the memory of its own result.
            throw new IllegalArgumentException(
                    role + ": DL4J cannot deliver vertex '" + vertex
                            + "' as an output; put an ActivationLayer with Activation.IDENTITY behind it and name that one",
                    e);
        }
    }

    private INDArray oneImage(ComputationGraph graph, String vertex) {
        synchronized (graph) {
            return graph.feedForward(image(), false).get(vertex);
        }
    }

    private INDArray image() {
        return Nd4j.zeros(
                1,
                input.shape().channels(),
                input.shape().height(),
                input.shape().width());
    }
}
