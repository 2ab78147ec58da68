package io.github.horkd.onnx;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * What a graph does not say about itself, as ONNX metadata properties; lists and maps are JSON.
 *
 * @param scalingInside whether the file itself scales intensities 0…1
 * @param space         the space that embeddings lie in, empty when none was stated; Base64 of what {@link EmbeddingSpace#toBytes} gives
 */
record Metadata(
        Input input,
        boolean scalingInside,
        List<String> classes,
        Map<String, String> provenance,
        Optional<EmbeddingSpace> space) {

    private static final String SHAPE = "horkd.input";
    private static final String SCALING = "horkd.scaling";
    private static final String INSIDE = "horkd.scaling.inside";
    private static final String CLASSES = "horkd.classes";
    private static final String PROVENANCE = "horkd.provenance";
    private static final String SPACE = "horkd.space";
    private static final ObjectMapper JSON = new ObjectMapper();

    Metadata {
        classes = List.copyOf(classes);
        provenance = Map.copyOf(provenance);
    }

    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(SHAPE, input.shape().toString());
        properties.put(SCALING, input.scaling().toString());
        properties.put(INSIDE, Boolean.toString(scalingInside));
        try {
            properties.put(CLASSES, JSON.writeValueAsString(classes));
            properties.put(PROVENANCE, JSON.writeValueAsString(new TreeMap<>(provenance)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings are always JSON", e);
        }
        space.ifPresent(each -> properties.put(SPACE, Base64.getEncoder().encodeToString(each.toBytes())));
        return properties;
    }

    /** Reads what {@link #properties} wrote; empty for a file from elsewhere. */
    static Optional<Metadata> read(Map<String, String> properties) {
        if (!properties.containsKey(SHAPE)) {
            return Optional.empty();
        }
        try {
            String[] sides = properties.get(SHAPE).split("x");
            var shape =
                    new ImageShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), Integer.parseInt(sides[2]));
            Map<String, String> provenance = new TreeMap<>();
            JSON.readTree(properties.get(PROVENANCE))
                    .fields()
                    .forEachRemaining(
                            e -> provenance.put(e.getKey(), e.getValue().asText()));
            return Optional.of(new Metadata(
                    new Input(shape, Scaling.parse(properties.get(SCALING))),
                    Boolean.parseBoolean(properties.get(INSIDE)),
                    List.of(JSON.readValue(properties.get(CLASSES), String[].class)),
                    provenance,
                    Optional.ofNullable(properties.get(SPACE))
                            .map(text -> EmbeddingSpace.of(Base64.getDecoder().decode(text)))));
        } catch (JsonProcessingException | RuntimeException e) {
            throw new IllegalArgumentException(
                    "metadata: the properties horkd.* are damaged: " + properties.keySet(), e);
        }
    }
}
