package io.github.horkd.model;

import io.github.horkd.internal.file.Sha256;
import io.github.horkd.internal.file.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/** A network as a file: DL4J's model zip with one entry more, {@value #ENTRY}. */
final class NetworkFile {

    private static final String ENTRY = "horkd.json";
    private static final int VERSION = 1;
    private static final int LARGEST_ENTRY = 64 << 20;

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).addMixIn(Head.class, HeadByName.class);

    @JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS, property = "type")
    private interface HeadByName {}

    record Contents(ComputationGraph graph, Description description) {}

    private record Entry(int version, Description network) {}

    private NetworkFile() {}

    static void write(ComputationGraph graph, Description description, Path file) {
        WholeFile.write(file, "the network", beside -> {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            ModelSerializer.writeModel(graph, plain, false);
            try (ZipInputStream from = new ZipInputStream(new ByteArrayInputStream(plain.toByteArray()));
                    ZipOutputStream to = new ZipOutputStream(beside)) {
                for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                    to.putNextEntry(new ZipEntry(entry.getName()));
                    from.transferTo(to);
                    to.closeEntry();
                }
                to.putNextEntry(new ZipEntry(ENTRY));
                to.write(
                        JSON.writeValueAsString(new Entry(VERSION, description)).getBytes(StandardCharsets.UTF_8));
                to.closeEntry();
            }
        });
    }

    static Contents read(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new FileNotFoundException(file + ": no such file");
            }
            Description description = readDescription(file);
            ComputationGraph graph = ModelSerializer.restoreComputationGraph(file.toFile(), false);
            return new Contents(graph, description);
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": not a readable network file (" + e.getMessage() + ")", e);
        } catch (RuntimeException e) {
            // DL4J reports damaged contents with whatever exception its parsers happen to throw.
            throw new UncheckedIOException(
                    file + ": damaged, or not a network file of this library", new IOException(e));
        }
    }

    private static Description readDescription(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            var entry = zip.getEntry(ENTRY);
            if (entry == null) {
                throw new IOException("it has no entry " + ENTRY
                        + "; a plain DL4J file is opened with ComputationGraph.load and Network.of");
            }
            byte[] text = zip.getInputStream(entry).readNBytes(LARGEST_ENTRY + 1);
            if (text.length > LARGEST_ENTRY) {
                throw new IOException("its entry " + ENTRY + " is larger than " + LARGEST_ENTRY + " bytes");
            }
            Entry content = JSON.readValue(new String(text, StandardCharsets.UTF_8), Entry.class);
            if (content.version() != VERSION || content.network() == null) {
                throw new IOException(
                        "its entry " + ENTRY + " has version " + content.version() + ", this library reads " + VERSION);
            }
            return content.network();
        }
    }

    /** A digest of configuration-independent content: every parameter, by name. */
    static String digest(ComputationGraph graph) {
        Sha256 sha = Sha256.create();
        graph.paramTable().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(e ->
                        sha.text(e.getKey()).floats(e.getValue().dup('c').data().asFloat()));
        return "sha256:" + sha.hex();
    }
}
