package io.github.horkd.experiment;

import io.github.horkd.internal.file.BoundedFile;
import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Files of maps and lists: JSON, and YAML where its library is there. Those of the library begin with {@code format: 1}, the version of their format, which
 * a person who writes one may leave out.
 */
final class TreeFile {

    private static final String FORMAT = "format";
    private static final int VERSION = 1;
    private static final int MOST_DIGITS = 1000;

    /** An experiment of a thousand variants, or the curves of a run, has less. */
    private static final long LARGEST = 64L << 20;

    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private TreeFile() {}

    private static boolean isYaml(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml");
    }

    /**
     * Reads a file by its ending.
     *
     * @throws UncheckedIOException     when it cannot be read
     * @throws IllegalArgumentException when it is not JSON or YAML
     */
    static Object read(Path file) {
        return parse(text(file), file.toString());
    }

    /**
     * Reads a text by the ending of its name.
     *
     * @throws IllegalArgumentException when it is not JSON or YAML
     */
    static Object parse(String text, String name) {
        Object tree = tree(text, name);
        if (!(tree instanceof Map<?, ?> map) || !map.containsKey(FORMAT)) {
            return tree;
        }
        Map<Object, Object> rest = new LinkedHashMap<>(map);
        Object version = rest.remove(FORMAT);
        if (!Integer.valueOf(VERSION).equals(version)) {
            throw new IllegalArgumentException(
                    name + ": it is of version " + version + ", this library reads version " + VERSION);
        }
        return rest;
    }

    /** To make a number of a million digits takes Java minutes. */
    private static void requireNumbersThatEnd(String text, String name) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            digits = Character.isDigit(text.charAt(i)) ? digits + 1 : 0;
            if (digits > MOST_DIGITS) {
                throw new IllegalArgumentException(name + ": it has a number of more than " + MOST_DIGITS + " digits");
            }
        }
    }

    private static Object tree(String text, String name) {
        requireNumbersThatEnd(text, name);
        if (isYaml(name)) {
            return YamlText.read(text, name);
        }
        try {
            return JSON.readValue(text, Object.class);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    name + ": wanted JSON, "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        } catch (StackOverflowError e) {
            throw new IllegalArgumentException(name + ": nested too deep for a file of this kind", e);
        }
    }

    private static String text(Path file) {
        try {
            return BoundedFile.text(file, LARGEST);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read (" + e + ")", e);
        }
    }

    static void write(Path file, String what, Object values) {
        Object tree = values;
        if (values instanceof Map<?, ?> map) {
            Map<Object, Object> all = new LinkedHashMap<>(Map.of(FORMAT, VERSION));
            all.putAll(map);
            tree = all;
        }
        String text = isYaml(file.toString()) ? YamlText.write(tree) : json(tree);
        WholeFile.write(file, what, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    static String json(Object tree) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line, for what identifies it. */
    static String line(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
