package io.github.horkd.model;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
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
        Path target = file.toAbsolutePath();
        Path beside = target.resolveSibling(target.getFileName() + ".part");
        try {
            ModelSerializer.writeModel(graph, beside.toFile(), false);
            try (FileSystem zip = FileSystems.newFileSystem(beside)) {
                Files.writeString(zip.getPath(ENTRY), JSON.writeValueAsString(new Entry(VERSION, description)));
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": the network could not be saved there; is the directory there and writable?", e);
        } finally {
            deleteIfLeft(beside);
        }
    }

    private static void deleteIfLeft(Path beside) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException e) {
            throw new UncheckedIOException(beside + ": could not be removed", e);
        }
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
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            graph.paramTable().entrySet().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(e -> {
                        sha.update(e.getKey().getBytes(StandardCharsets.UTF_8));
                        sha.update(bytes(e.getValue()));
                    });
            return "sha256:" + HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ByteBuffer bytes(INDArray values) {
        float[] plain = values.dup('c').data().asFloat();
        ByteBuffer buffer = ByteBuffer.allocate(plain.length * Float.BYTES);
        buffer.asFloatBuffer().put(plain);
        return buffer;
    }
}
