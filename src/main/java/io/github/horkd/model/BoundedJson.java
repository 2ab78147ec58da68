package io.github.horkd.model;

import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Reads JSON that a stranger may have written: bounded in depth, no number without end, no key twice, nothing behind it. Makes no objects but nodes. */
final class BoundedJson {

    private static final int DEEPEST = 64;
    /** To make a number of a million digits takes Java minutes. */
    private static final int LONGEST_NUMBER = 100;

    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(org.nd4j.shade.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final ObjectMapper MAPPER = new ObjectMapper(STRICT);

    private BoundedJson() {}

    static JsonNode read(byte[] text) throws IOException {
        try (JsonParser parser = STRICT.createParser(text)) {
            int depth = 0;
            int whole = 0;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (depth > DEEPEST) {
                    throw new IOException("JSON nested deeper than " + DEEPEST);
                }
                if (token.isNumeric() && parser.getTextLength() > LONGEST_NUMBER) {
                    throw new IOException("a number of more than " + LONGEST_NUMBER + " digits");
                }
                if (depth == 0 && ++whole > 1) {
                    throw new IOException("more than one JSON value");
                }
            }
        }
        JsonNode node = MAPPER.readTree(text);
        if (node == null || !node.isObject()) {
            throw new IOException("wanted a JSON object");
        }
        return node;
    }
}
