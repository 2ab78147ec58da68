package io.github.horkd.examples.faces;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * An array of a network of face-api.
 *
 * @param shape  its sides
 * @param values row after row
 */
record Weights(int[] shape, float[] values) {

    /** All arrays of a model by name, from the manifest and the 8-bit values beside it. */
    static Map<String, Weights> of(String model) {
        try (InputStream manifest = resource(model + "-weights_manifest.json");
                InputStream bytes = resource(model + ".bin")) {
            Map<String, Weights> all = new HashMap<>();
            for (JsonNode part : new ObjectMapper().readTree(manifest)) {
                for (JsonNode each : part.get("weights")) {
                    all.put(each.get("name").asText(), read(each, bytes));
                }
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(model + ": " + e.getMessage(), e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream found = Weights.class.getResourceAsStream("/face-api/" + name);
        if (found == null) {
            throw new IOException("no resource /face-api/" + name);
        }
        return found;
    }

    private static Weights read(JsonNode told, InputStream bytes) throws IOException {
        int[] shape = new int[told.get("shape").size()];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = told.get("shape").get(i).asInt();
            count *= shape[i];
        }
        double scale = told.get("quantization").get("scale").asDouble();
        double least = told.get("quantization").get("min").asDouble();
        byte[] read = bytes.readNBytes(count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (least + scale * (read[i] & 0xff));
        }
        return new Weights(shape, values);
    }
}
