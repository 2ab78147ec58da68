package io.github.horkd.experiment;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.StreamReadFeature;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Files of maps and lists: JSON, and YAML where its library is there. */
final class TreeFile {

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
            long size = Files.size(file);
            if (size > LARGEST) {
                throw new IOException("it has " + size + " bytes, more than the " + LARGEST + " allowed");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": could not be read (" + e + ")", e);
        }
    }

    static void write(Path file, String what, Object tree) {
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
