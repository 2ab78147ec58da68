package io.github.horkd.model;

import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.internal.graph.GraphCopy;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * A network as a file: DL4J's model zip with one entry more, {@value #DESCRIPTION}. Reading hands DL4J nothing unchecked: exactly these entries, once each;
 * classes from a list; sizes bounded by what they would allocate; parameters read here. Nothing is deserialised.
 */
final class NetworkFile {

    private static final String CONFIGURATION = "configuration.json";
    private static final String COEFFICIENTS = "coefficients.bin";
    private static final String DESCRIPTION = "horkd.json";
    private static final List<String> ENTRIES = List.of(CONFIGURATION, COEFFICIENTS, DESCRIPTION);

    private static final int LARGEST_TEXT = 32 << 20;
    /** Above so many bytes, parameters that were packed a hundred times smaller are no network's. */
    private static final long LARGE = 64 << 20;

    private static final int TIGHTEST = 100;

    record Contents(ComputationGraph graph, Description description) {}

    private NetworkFile() {}

    static void write(ComputationGraph graph, Description description, Path file) {
        ComputationGraphConfiguration conf = graph.getConfiguration().clone();
        ScalingVertices.insert(conf, description.input());
        ComputationGraph whole = GraphCopy.of(conf, graph);
        byte[] configuration = conf.toJson().getBytes(StandardCharsets.UTF_8);
        byte[] further = description(description);
        checkReadable(configuration, further, graph.getConfiguration(), description);
        WholeFile.write(file, "the network", beside -> {
            try (ZipOutputStream zip = new ZipOutputStream(beside)) {
                put(zip, CONFIGURATION, configuration);
                // Packing wins a few per cent; many that are alike would become so small that reading takes them for a
                // bomb.
                zip.setLevel(Deflater.NO_COMPRESSION);
                zip.putNextEntry(new ZipEntry(COEFFICIENTS));
                Coefficients.write(whole.params(), zip);
                zip.closeEntry();
                zip.setLevel(Deflater.DEFAULT_COMPRESSION);
                put(zip, DESCRIPTION, further);
            }
        });
    }

    private static byte[] description(Description description) {
        try {
            return DescriptionJson.write(description);
        } catch (IOException e) {
            throw new UncheckedIOException("the network: its description cannot be written: " + e.getMessage(), e);
        }
    }

    /** Refuses what reading would refuse, while the network is still there. */
    private static void checkReadable(
            byte[] configuration, byte[] further, ComputationGraphConfiguration bare, Description description) {
        try {
            GraphLimits.checkNumbers(json(configuration, CONFIGURATION));
            GraphLimits.check(bare.clone(), description.input().shape());
            checkType(bare.getDataType());
            Class<?>[] head = description.head() == null
                    ? new Class<?>[0]
                    : new Class<?>[] {description.head().getClass()};
            DescriptionJson.read(json(further, DESCRIPTION), new AllowedClasses(head));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "network: Network.load would refuse the file: " + e.getMessage()
                            + "; graph().save(file) writes it as DL4J does, for ComputationGraph.load and Network.of",
                    e);
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] contents) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(contents);
        zip.closeEntry();
    }

    static Contents read(Path file, AllowedClasses allowed) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new FileNotFoundException(file + ": no such file");
            }
            try (ZipFile zip = new ZipFile(file.toFile())) {
                return read(zip, allowed);
            }
        } catch (FileNotFoundException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": not a readable network file (" + e.getMessage() + ")", e);
        }
    }

    private static Contents read(ZipFile zip, AllowedClasses allowed) throws IOException {
        checkEntries(zip);
        try {
            return contents(zip, allowed);
        } catch (RuntimeException e) {
            // DL4J says what does not fit with whatever exception comes first, at any step from the text to the graph.
            throw new IOException("its graph cannot be built: " + e.getMessage(), e);
        }
    }

    private static Contents contents(ZipFile zip, AllowedClasses allowed) throws IOException {
        Description description = DescriptionJson.read(json(zip, DESCRIPTION), allowed);
        JsonNode text = json(zip, CONFIGURATION);
        allowed.check(text);
        GraphLimits.checkNumbers(text);
        ComputationGraphConfiguration conf = configuration(text);
        ComputationGraphConfiguration bare = conf.clone();
        if (bare.getNetworkInputs().size() != 1 || !ScalingVertices.remove(bare, description.input())) {
            throw new IOException("its first vertices do not scale images as its description says, "
                    + description.input().scaling());
        }
        GraphLimits.check(bare, description.input().shape());
        ComputationGraph whole = new ComputationGraph(conf);
        whole.init(coefficients(zip, GraphCopy.parameters(conf), conf.getDataType()), false);
        Contents contents = new Contents(GraphCopy.of(bare, whole), description);
        description.checkAgainst(contents.graph());
        description.space(); // Refuses one that cannot be read.
        return contents;
    }

    private static void checkEntries(ZipFile zip) throws IOException {
        Set<String> seen = new HashSet<>();
        for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
            String name = entries.nextElement().getName();
            if (!ENTRIES.contains(name) || !seen.add(name)) {
                String short_ = name.length() > 60 ? name.substring(0, 60) + "…" : name;
                throw new IOException("wanted the entries " + ENTRIES + " once each, got another '" + short_ + "'");
            }
        }
        if (!seen.contains(DESCRIPTION)) {
            throw new IOException("it has no entry " + DESCRIPTION
                    + "; a plain DL4J file is opened with ComputationGraph.load and Network.of");
        }
        if (!seen.containsAll(ENTRIES)) {
            throw new IOException("wanted the entries " + ENTRIES + ", got " + seen);
        }
    }

    private static JsonNode json(ZipFile zip, String name) throws IOException {
        try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
            return json(in.readNBytes(LARGEST_TEXT + 1), name);
        }
    }

    private static JsonNode json(byte[] text, String name) throws IOException {
        if (text.length > LARGEST_TEXT) {
            throw new IOException("its entry " + name + " is larger than " + LARGEST_TEXT + " bytes");
        }
        return BoundedJson.read(text);
    }

    private static void checkType(DataType type) throws IOException {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IOException("wanted a graph of type FLOAT or DOUBLE, got " + type);
        }
    }

    private static ComputationGraphConfiguration configuration(JsonNode text) throws IOException {
        try {
            // What was looked at, not what was in the file: nobody else's reading of that counts.
            return ComputationGraphConfiguration.fromJson(text.toString());
        } catch (RuntimeException e) {
            throw new IOException("its configuration cannot be read: " + e.getMessage(), e);
        }
    }

    private static INDArray coefficients(ZipFile zip, long count, DataType type) throws IOException {
        ZipEntry entry = zip.getEntry(COEFFICIENTS);
        checkType(type);
        if (count == 0) {
            throw new IOException("wanted a graph with parameters, got one without");
        }
        if (count * type.width() > LARGE && count * type.width() / TIGHTEST > entry.getCompressedSize()) {
            throw new IOException("its parameters are packed more than " + TIGHTEST + " times smaller");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            return Coefficients.read(in, count, type);
        }
    }
}
