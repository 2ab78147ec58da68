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

    /** Refuses another scaling than the file wants: scaled once more, or otherwise, images are other ones. */
    void requireScaling(Scaling stated) {
        Scaling wanted = scalingInside ? Scaling.ZERO_ONE : input.scaling();
        if (!wanted.equals(stated)) {
            throw new IllegalArgumentException("scaling: the file says that it wants " + wanted
                    + (scalingInside ? " and scales images itself" : "")
                    + "; leave scaling(…) and normalisation(…) out");
        }
    }

    /** The names of logits, by the file or as stated: it may be given other names, but not its own in another order. */
    List<String> named(List<String> stated) {
        for (int i = 0; i < stated.size(); i++) {
            int place = classes.indexOf(stated.get(i));
            if (place >= 0 && place != i) {
                throw new IllegalArgumentException("classes: logit " + place + " is '" + classes.get(place)
                        + "' by the file, got it as the name of logit " + i + "; leave classes(…) out");
            }
        }
        return stated.isEmpty() ? classes : stated;
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
