package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A {@link Description} as JSON, written and read key by key: no class but a head's comes from the text, and that only from a list. */
final class DescriptionJson {

    private static final int VERSION = 2;
    private static final String README =
            "A DL4J graph with one entry more. Its input takes intensities 0 to 1; its first vertices scale them.";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Map<String, Class<? extends Head>> HEADS = Map.of(
            "Softmax", Head.Softmax.class,
            "CosFace", Head.CosFace.class,
            "ArcFace", Head.ArcFace.class,
            "AdaFace", Head.AdaFace.class,
            "MagFace", Head.MagFace.class);

    private DescriptionJson() {}

    static byte[] write(Description description) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", VERSION);
        root.put("readme", README);
        root.put("embedding", description.embedding());
        root.put("logits", description.logits());
        root.put("shape", description.input().shape().toString());
        root.put("scaling", description.input().scaling().toString());
        ArrayNode classes = root.putArray("classes");
        description.classes().forEach(classes::add);
        if (description.head() != null) {
            root.set("head", head(description.head()));
        }
        ObjectNode provenance = root.putObject("provenance");
        description.provenance().forEach(provenance::put);
        return JSON.writeValueAsBytes(root);
    }

    private static ObjectNode head(Head head) {
        String name = HEADS.containsValue(head.getClass())
                ? head.getClass().getSimpleName()
                : head.getClass().getName();
        ObjectNode node = JSON.createObjectNode().put("type", name);
        node.setAll((ObjectNode) JSON.valueToTree(head));
        return node;
    }

    static Description read(JsonNode root, AllowedClasses allowed) throws IOException {
        int version = root.path("version").asInt();
        if (version != VERSION) {
            throw new IOException("its description has version " + version + ", this library reads " + VERSION);
        }
        try {
            return new Description(
                    text(root, "embedding"),
                    root.hasNonNull("logits") ? text(root, "logits") : null,
                    new Input(shape(text(root, "shape")), Scaling.parse(text(root, "scaling"))),
                    texts(root, "classes"),
                    root.hasNonNull("head") ? head(root.get("head"), allowed) : null,
                    provenance(root.path("provenance")));
        } catch (IllegalArgumentException e) {
            throw new IOException("its description: " + e.getMessage(), e);
        }
    }

    private static Head head(JsonNode node, AllowedClasses allowed) throws IOException {
        String name = text(node, "type");
        Class<?> type = HEADS.containsKey(name) ? HEADS.get(name) : allowed.own(name);
        if (type == null || !Head.class.isAssignableFrom(type)) {
            throw new IOException(
                    "its head is of the class " + name
                            + ", which is none of this library's; if it is yours and you trust the file, load it with that class");
        }
        ObjectNode components = node.deepCopy();
        components.remove("type");
        return (Head) JSON.treeToValue(components, type);
    }

    private static ImageShape shape(String text) {
        String[] sides = text.split("x");
        if (sides.length != 3) {
            throw new IllegalArgumentException("wanted a shape like 3x16x16, got '" + text + "'");
        }
        return new ImageShape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), Integer.parseInt(sides[2]));
    }

    private static String text(JsonNode node, String key) throws IOException {
        JsonNode value = node.get(key);
        if (value == null || !value.isTextual()) {
            throw new IOException("its description: wanted a text '" + key + "', got " + value);
        }
        return value.asText();
    }

    private static List<String> texts(JsonNode root, String key) throws IOException {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : root.path(key)) {
            if (!each.isTextual()) {
                throw new IOException("its description: wanted texts in '" + key + "', got " + each);
            }
            texts.add(each.asText());
        }
        return texts;
    }

    private static Map<String, String> provenance(JsonNode node) {
        Map<String, String> facts = new TreeMap<>();
        for (Iterator<Map.Entry<String, JsonNode>> each = node.fields(); each.hasNext(); ) {
            Map.Entry<String, JsonNode> fact = each.next();
            facts.put(fact.getKey(), fact.getValue().asText());
        }
        return facts;
    }
}
