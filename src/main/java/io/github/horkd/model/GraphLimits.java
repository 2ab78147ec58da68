package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.internal.graph.GraphCopy;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.databind.JsonNode;

/** What a graph from a file may ask for, before any of it is allocated. */
final class GraphLimits {

    /** Parameters: 1 GiB of floats. */
    static final long MOST_PARAMETERS = 1L << 28;
    /** Values between all layers for one image: 1 GiB of floats. */
    static final long MOST_ACTIVATIONS = 1L << 28;

    private static final int MOST_VERTICES = 2_000;
    /** Any whole number in a layer's settings. */
    private static final long LARGEST_NUMBER = 1 << 20;

    private static final long LARGEST_WINDOW = 255;
    private static final Set<String> WINDOWS = Set.of("kernelsize", "stride", "dilation");
    private static final Set<String> NOT_NEGATIVE = Set.of("padding", "cropping", "nin", "nout");
    private static final Set<String> NO_SIZES = Set.of("seed", "iterationcount", "epochcount");

    private GraphLimits() {}

    /** Refuses settings out of all bounds, as text. */
    static void checkNumbers(JsonNode conf) throws IOException {
        JsonNode vertices = conf.get("vertices");
        if (vertices == null || !vertices.isObject() || vertices.isEmpty() || vertices.size() > MOST_VERTICES) {
            throw new IOException(
                    "wanted 1 to " + MOST_VERTICES + " vertices, got " + (vertices == null ? 0 : vertices.size()));
        }
        for (Iterator<Map.Entry<String, JsonNode>> each = vertices.fields(); each.hasNext(); ) {
            Map.Entry<String, JsonNode> vertex = each.next();
            if (!vertex.getValue().hasNonNull("@class")
                    || vertex.getValue().has("layerConf")
                            && !vertex.getValue()
                                    .path("layerConf")
                                    .path("layer")
                                    .hasNonNull("@class")) {
                throw new IOException("vertex '" + vertex.getKey() + "': does not say its class");
            }
            checkNumbers(vertex.getKey(), "", vertex.getValue());
        }
    }

    private static void checkNumbers(String vertex, String key, JsonNode node) throws IOException {
        if (node.isIntegralNumber()) {
            String name = key.toLowerCase(Locale.ROOT);
            long least = WINDOWS.contains(name) ? 1 : NOT_NEGATIVE.contains(name) ? 0 : -LARGEST_NUMBER;
            long most = WINDOWS.contains(name) || name.equals("padding") ? LARGEST_WINDOW : LARGEST_NUMBER;
            boolean fits = node.canConvertToLong() && node.asLong() >= least && node.asLong() <= most;
            if (!fits && !NO_SIZES.contains(name)) {
                throw new IOException("vertex '" + vertex + "': wanted " + key + " within " + least + " to " + most
                        + ", got " + node.asText());
            }
        } else if (node.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> each = node.fields(); each.hasNext(); ) {
                Map.Entry<String, JsonNode> part = each.next();
                checkNumbers(vertex, part.getKey(), part.getValue());
            }
        } else {
            for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
                checkNumbers(vertex, key, parts.next());
            }
        }
    }

    /** Refuses a graph that has cycles or gaps, whose layers do not fit each other, or that would allocate too much. */
    static void check(ComputationGraphConfiguration conf, ImageShape image) throws IOException {
        checkOrder(conf);
        long parameters = parameters(conf);
        if (parameters > MOST_PARAMETERS) {
            throw new IOException("wanted at most " + MOST_PARAMETERS + " parameters, got " + parameters);
        }
        long values = image.channels() * (long) image.height() * image.width();
        if (values <= MOST_ACTIVATIONS) {
            for (InputType type : types(conf, image).values()) {
                long size = type.arrayElementsPerExample();
                if (size < 0 || (values += size) > MOST_ACTIVATIONS) {
                    break;
                }
            }
        }
        if (values > MOST_ACTIVATIONS) {
            throw new IOException("images of " + image + ": wanted at most " + MOST_ACTIVATIONS
                    + " values between the layers for one image, got more");
        }
    }

    private static long parameters(ComputationGraphConfiguration conf) throws IOException {
        try {
            return GraphCopy.parameters(conf);
        } catch (RuntimeException e) {
            throw new IOException("its parameters cannot be counted: " + e.getMessage(), e);
        }
    }

    private static Map<String, InputType> types(ComputationGraphConfiguration conf, ImageShape image)
            throws IOException {
        try {
            // DL4J writes what it finds into the configuration that it is asked about.
            return conf.clone()
                    .getLayerActivationTypes(
                            true, false, InputType.convolutional(image.height(), image.width(), image.channels()));
        } catch (RuntimeException e) {
            throw new IOException("its layers do not fit each other or images of " + image + ": " + e.getMessage(), e);
        }
    }

    private static void checkOrder(ComputationGraphConfiguration conf) throws IOException {
        Set<String> known = new HashSet<>(conf.getNetworkInputs());
        Set<String> left = new HashSet<>(conf.getVertices().keySet());
        boolean found = true;
        while (found) {
            found = left.removeIf(vertex -> {
                List<String> inputs = conf.getVertexInputs().get(vertex);
                return inputs != null && !inputs.isEmpty() && known.containsAll(inputs) && known.add(vertex);
            });
        }
        if (!left.isEmpty()) {
            throw new IOException(
                    "the vertices " + left.stream().sorted().limit(5).toList()
                            + " depend on each other or on something that is not there");
        }
        if (conf.getNetworkInputs().size() != 1 || !known.containsAll(conf.getNetworkOutputs())) {
            throw new IOException("wanted one input and outputs among its vertices, got " + conf.getNetworkInputs()
                    + " and " + conf.getNetworkOutputs());
        }
    }
}
