package io.github.horkd.model;

import io.github.horkd.internal.file.Sha256;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * What tells networks apart that answer differently: a digest of the graph, every parameter, what goes in and what comes out. It is taken once. Later
 * it is taken anew only when parameters have changed since, which some of them, of every layer, and DL4J's count of steps tell.
 */
final class NetworkIdentity {

    /** Settings of training, which change no answer and may change from step to step. */
    private static final Set<String> OF_TRAINING = Set.of(
            "iupdater",
            "iUpdater",
            "biasUpdater",
            "gradientNormalization",
            "gradientNormalizationThreshold",
            "regularization",
            "regularizationBias",
            "weightInitFn",
            "constraints",
            "seed",
            "iterationCount",
            "epochCount",
            "stepFunction",
            "optimizationAlgo",
            "maxNumLineSearchIterations",
            "miniBatch",
            "minimize",
            "variables",
            "cacheMode",
            "lossFunction",
            "lossFn");

    /** Spread over all parameters, beside the first and the last of every array: who sets one array by hand changes nearly all of it. */
    private static final int WITNESSES = 64;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ComputationGraph graph;
    private final Description description;
    private final boolean isFixed;
    private Taken taken;
    private long[] places;

    private record Taken(String digest, List<Number> witnesses) {}

    /**
     * For one network.
     *
     * @param isFixed whether its answers no longer follow the graph's parameters; the digest is then taken at once
     */
    NetworkIdentity(ComputationGraph graph, Description description, boolean isFixed) {
        this.graph = graph;
        this.description = description;
        this.isFixed = isFixed;
        this.taken = isFixed ? new Taken(digest(), List.of()) : null;
    }

    synchronized String text() {
        if (isFixed) {
            return taken.digest;
        }
        List<Number> now = witnesses();
        if (taken == null || !taken.witnesses.equals(now)) {
            taken = new Taken(digest(), now);
        }
        return taken.digest;
    }

    private List<Number> witnesses() {
        List<Number> seen = new ArrayList<>();
        seen.add(graph.getIterationCount());
        INDArray params = graph.params();
        long count = params == null ? 0 : params.length();
        if (places == null || places.length > 0 && places[places.length - 1] != count - 1) {
            places = places(params, count);
        }
        for (long place : places) {
            seen.add(params.getDouble(place));
        }
        return seen;
    }

    /** Rising, the last parameter last. */
    private long[] places(INDArray params, long count) {
        long some = Math.min(WITNESSES, count);
        LongStream spread = LongStream.range(0, some).map(i -> i * (count - 1) / Math.max(1, some - 1));
        LongStream ends = count == 0
                ? LongStream.empty()
                : graph.paramTable().values().stream()
                        .flatMapToLong(array -> LongStream.of(array.offset(), array.offset() + array.length() - 1))
                        .map(place -> place - params.offset())
                        .filter(place -> place >= 0 && place < count);
        return LongStream.concat(spread, ends).distinct().sorted().toArray();
    }

    private String digest() {
        Sha256 sha = Sha256.create();
        add(sha, "embedding", description.embedding());
        add(sha, "logits", String.valueOf(description.logits()));
        add(sha, "shape", description.input().shape().toString());
        add(sha, "scaling", description.input().scaling().toString());
        description.classes().forEach(name -> add(sha, "class", name));
        add(sha, "graph", structure());
        for (Map.Entry<String, INDArray> entry : new TreeMap<>(graph.paramTable()).entrySet()) {
            add(sha, "parameter", entry.getKey());
            sha.floats(ArrayCopy.floats(entry.getValue()));
        }
        return "sha256:" + sha.hex();
    }

    private static void add(Sha256 sha, String what, String text) {
        sha.text(what + " " + text.length() + " " + text + "\n");
    }

    private String structure() {
        try {
            JsonNode all = JSON.readTree(graph.getConfiguration().toJson());
            JsonNode kept = JSON.createObjectNode()
                    .<ObjectNode>set("vertices", all.get("vertices"))
                    .set("vertexInputs", all.get("vertexInputs"));
            strip(kept);
            return JSON.writeValueAsString(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("DL4J's own configuration is JSON", e);
        }
    }

    private static void strip(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(OF_TRAINING);
        }
        for (Iterator<JsonNode> parts = node.elements(); parts.hasNext(); ) {
            strip(parts.next());
        }
    }
}
