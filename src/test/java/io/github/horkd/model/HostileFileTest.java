package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.CrossEntropyLoss;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.shade.jackson.databind.JsonNode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A model file from a stranger is refused by name before DL4J sees a byte of it, or is the network that it says. */
@Timeout(60)
class HostileFileTest {

    private static final String CONF = "configuration.json";
    private static final String PARAMS = "coefficients.bin";
    private static final String OURS = "horkd.json";

    /** Loading this class at all would be noticed. */
    public static final class Trap extends org.deeplearning4j.nn.conf.layers.DenseLayer {
        private static final long serialVersionUID = 1L;

        static {
            System.setProperty("horkd.trap", "sprung");
        }

        public Trap() {}
    }

    /** Runs code when it is read by Java's serialisation. */
    public static final class Payload implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(java.io.ObjectInputStream in) {
            System.setProperty("horkd.trap", "sprung");
        }
    }

    /** A user's own head. */
    public record OwnHead(int times) implements Head {
        @Override
        public BatchLoss labelLoss() {
            return new CrossEntropyLoss(0);
        }

        @Override
        public String trainedVertex() {
            return LOGITS;
        }

        @Override
        public void addTo(GraphBuilder graph, String embedding, int classes) {
            new Head.Softmax().addTo(graph, embedding, classes);
        }
    }

    @TempDir
    Path folder;

    @BeforeEach
    void setTheTrap() {
        System.clearProperty("horkd.trap");
    }

    private Map<String, byte[]> good(Head head) throws IOException {
        Network.create(
                        Backbone.plain(4, 6),
                        head,
                        new Input(ImageShape.gray(8), Scaling.STANDARDISED),
                        List.of("a", "b"),
                        1)
                .save(folder.resolve("good.zip"));
        return entries();
    }

    private Map<String, byte[]> entries() throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipFile zip = new ZipFile(folder.resolve("good.zip").toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                entries.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }

    private Path write(Map<String, byte[]> entries) throws IOException {
        Path file = folder.resolve("bad.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private static Arguments text(String said, String entry, String from, String to) {
        UnaryOperator<byte[]> change = bytes -> {
            String before = new String(bytes, StandardCharsets.UTF_8).replaceAll("\\s*([:,{}\\[\\]])\\s*", "$1");
            String after = before.replaceFirst(from, to);
            assertFalse(before.equals(after), "nothing was changed: " + before);
            return after.getBytes(StandardCharsets.UTF_8);
        };
        return Arguments.of(said, entry, change);
    }

    private static Arguments bytes(String said, int lengthOfHeader, UnaryOperator<ByteBuffer> change) {
        UnaryOperator<byte[]> whole = bytes -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.clone());
            buffer.position(lengthOfHeader);
            return change.apply(buffer).array();
        };
        return Arguments.of(said, PARAMS, whole);
    }

    static Stream<Arguments> attacks() {
        String conv = "\"block1-conv\":\\{\"@class\":\"org.deeplearning4j.nn.conf.graph.LayerVertex\"";
        return Stream.of(
                // Classes.
                text(
                        "it names the class " + Trap.class.getName(),
                        CONF,
                        "org.deeplearning4j.nn.conf.layers.DenseLayer",
                        Trap.class.getName().replace("$", "\\$")),
                text(
                        "it names the class java.lang.ProcessBuilder",
                        CONF,
                        "org.nd4j.linalg.activations.impl.ActivationReLU",
                        "java.lang.ProcessBuilder"),
                text(
                        "it names the class org.deeplearning4j.nn.conf.layers.samediff",
                        CONF,
                        "org.deeplearning4j.nn.conf.layers.DenseLayer",
                        "org.deeplearning4j.nn.conf.layers.samediff.SameDiffLambdaLayer"),
                text(
                        "its head is of the class java.lang.Thread",
                        OURS,
                        "\"type\":\"Softmax\"",
                        "\"type\":\"java.lang.Thread\""),
                text(
                        "does not say its class",
                        CONF,
                        "\"block1-conv\":\\{\"@class\":\"[A-Za-z0-9.]*\",",
                        "\"block1-conv\":{"),
                text("Duplicate field", CONF, "\"networkInputs\":", "\"networkInputs\":[\"other\"],\"networkInputs\":"),
                text(
                        "it names the class org.deeplearning4j",
                        CONF,
                        "org.deeplearning4j.nn.conf.layers.DenseLayer",
                        "org.deeplearning4j.nn.conf.layers.DenseLayer" + "\\$a".repeat(100_000)),
                text("digits", CONF, "\"nout\":4", "\"nout\":" + "9".repeat(3_000_000)),
                text("digits", OURS, "\"version\":2", "\"version\":" + "9".repeat(3_000_000)),
                // Shapes.
                text("stride", CONF, "\"stride\":\\[2,2\\]", "\"stride\":[-1,2]"),
                text("kernelSize", CONF, "\"kernelSize\":\\[3,3\\]", "\"kernelSize\":[3,99999999]"),
                text("nout", CONF, "\"nout\":4", "\"nout\":2000000000"),
                text("depend on each other", CONF, "\"block1-conv\":\\[\"stem\"\\]", "\"block1-conv\":[\"embedding\"]"),
                text("depend on each other", CONF, "\"block1-conv\":\\[\"stem\"\\]", "\"block1-conv\":[\"nowhere\"]"),
                // The description.
                text("'scaling'", OURS, "\"scaling\":\"STANDARDISED\"", "\"scaling\":null"),
                text("scaling", OURS, "\"scaling\":\"STANDARDISED\"", "\"scaling\":\"ZERO_TWO\""),
                text("first vertices do not scale", OURS, "\"scaling\":\"STANDARDISED\"", "\"scaling\":\"ZERO_255\""),
                text("version 99", OURS, "\"version\":2", "\"version\":99"),
                text("no vertex", OURS, "\"embedding\":\"embedding\"", "\"embedding\":\"gone\""),
                // Parameters: the first header is text of 2 + 16 bytes, 8 of length, text of 2 + 4, 8 numbers of 8
                // bytes.
                bytes("values", 80 + 18, b -> b.putLong(1L << 62)),
                bytes("values", 80 + 18, b -> b.putLong(1L << 31)),
                bytes("values", 80 + 18, b -> b.putLong(7)),
                bytes("a row", 40, b -> b.putLong(1L << 40)),
                bytes("a row", 32, b -> b.putLong(1000)),
                bytes("stride 1", 48, b -> b.putLong(-1)),
                bytes("finite", 80 + 18 + 8 + 7, b -> b.putFloat(Float.NaN)),
                bytes("finite", 80 + 18 + 8 + 7, b -> b.putFloat(Float.NEGATIVE_INFINITY)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void isRefusedByName(String said, String entry, UnaryOperator<byte[]> change) throws IOException {
        Map<String, byte[]> entries = good(new Head.Softmax());
        entries.computeIfPresent(entry, (name, bytes) -> change.apply(bytes));
        assertRefused(said, entries);
    }

    private void assertRefused(String said, Map<String, byte[]> entries) throws IOException {
        Path file = write(entries);
        var error = assertThrows(UncheckedIOException.class, () -> Network.load(file));
        assertTrue(error.getMessage().contains(said), error.getMessage());
        assertTrue(error.getMessage().contains("bad.zip"), error.getMessage());
        assertEquals(null, System.getProperty("horkd.trap"), "code of the file ran");
    }

    @Test
    void anImageThatWouldFillAllMemoryIsRefused() throws IOException {
        Network network = Network.create(
                Backbone.plain(4, 6),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of(),
                1);
        network.save(folder.resolve("good.zip"));
        Map<String, byte[]> entries = entries();
        String ours = new String(entries.get(OURS), StandardCharsets.UTF_8);
        entries.put(OURS, ours.replace("1x8x8", "1x30000x30000").getBytes(StandardCharsets.UTF_8));
        assertRefused("values between the layers", entries);
        entries.put(OURS, ours.replace("1x8x8", "3x8x8").getBytes(StandardCharsets.UTF_8));
        assertRefused("", entries);
    }

    @Test
    void nothingIsDeserialised() throws IOException {
        for (String name : List.of("preprocessor.bin", "normalizer.bin", "updaterState.bin")) {
            Map<String, byte[]> entries = good(new Head.Softmax());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(new Payload());
            }
            entries.put(name, bytes.toByteArray());
            assertRefused(name, entries);
        }
    }

    /** DL4J's time grows with the square of their number. */
    @Test
    void moreVerticesThanAnyNetworkHasAreRefused() throws IOException {
        Map<String, byte[]> entries = good(new Head.Softmax());
        String vertex = "{\"@class\":\"org.deeplearning4j.nn.conf.graph.ScaleVertex\",\"scaleFactor\":1.0}";
        StringBuilder many = new StringBuilder("\"vertices\":{");
        for (int i = 0; i < 2000; i++) {
            many.append("\"v").append(i).append("\":").append(vertex).append(',');
        }
        String conf = new String(entries.get(CONF), StandardCharsets.UTF_8)
                .replaceAll("\"vertices\"\\s*:\\s*\\{", "\"vertices\":{");
        entries.put(CONF, conf.replace("\"vertices\":{", many).getBytes(StandardCharsets.UTF_8));
        assertRefused("wanted 1 to 2000 vertices", entries);
    }

    @Test
    void entriesThatComeTwiceAreRefused() throws IOException {
        Map<String, byte[]> entries = good(new Head.Softmax());
        entries.put("horkd.jsom", entries.get(OURS));
        Path file = write(entries);
        // The same letters one bit apart, in the local header and in the directory.
        byte[] bytes = Files.readAllBytes(file);
        byte[] name = "horkd.jsom".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at + name.length <= bytes.length; at++) {
            if (java.util.Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
                bytes[at + name.length - 1] = 'n';
            }
        }
        Files.write(file, bytes);
        var error = assertThrows(UncheckedIOException.class, () -> Network.load(file));
        assertTrue(error.getMessage().contains("once each"), error.getMessage());
    }

    @Test
    void parametersEndWhereTheyShould() throws IOException {
        Map<String, byte[]> entries = good(new Head.Softmax());
        byte[] whole = entries.get(PARAMS);
        entries.put(PARAMS, java.util.Arrays.copyOf(whole, whole.length - 3));
        assertRefused("end early", entries);
        entries.put(PARAMS, java.util.Arrays.copyOf(whole, whole.length + 1));
        assertRefused("nothing behind", entries);
        entries.remove(PARAMS);
        assertRefused("wanted the entries", entries);
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        // Zeros without end for a layer of a million.
        Map<String, byte[]> entries = good(new Head.Softmax());
        String conf = new String(entries.get(CONF), StandardCharsets.UTF_8);
        entries.put(
                CONF,
                conf.replaceAll("\"nout\"\\s*:\\s*6", "\"nout\" : 1000000")
                        .replaceAll("\"nin\"\\s*:\\s*6", "\"nin\" : 1000000")
                        .replaceAll("\"nout\"\\s*:\\s*2\\b", "\"nout\" : 100")
                        .getBytes(StandardCharsets.UTF_8));
        entries.put(PARAMS, new byte[32 << 20]);
        assertRefused("packed more than 100 times smaller", entries);
        entries.put(OURS, ("{\"a\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
        assertRefused("nested deeper", entries);
    }

    @Test
    void anyByteChangedIsRefusedOrAnswers() throws IOException {
        Map<String, byte[]> entries = good(new Head.CosFace(16, 0.2));
        var random = new java.util.Random(5);
        for (int i = 0; i < 90; i++) {
            String name = List.of(CONF, PARAMS, OURS).get(i % 3);
            byte[] bytes = entries.get(name).clone();
            for (int change = 0; change <= i % 2; change++) {
                int at = random.nextInt(Math.min(bytes.length, name.equals(PARAMS) ? 140 : bytes.length));
                bytes[at] = (byte) random.nextInt(256);
            }
            Map<String, byte[]> changed = new TreeMap<>(entries);
            changed.put(name, bytes);
            Path file = write(changed);
            try {
                Network.load(file).toString();
            } catch (UncheckedIOException refused) {
                assertTrue(refused.getMessage().contains("bad.zip"), refused.getMessage());
            }
        }
    }

    @Test
    void whatKerasImportPutsBeforeADenseLayerIsAllowedAndItsLayersOfTensorFlowAreNot() throws IOException {
        String keras = "{\"@class\": \"org.deeplearning4j.nn.modelimport.keras.%s\"}";
        new AllowedClasses().check(json(keras.formatted("preprocessors.TensorFlowCnnToFeedForwardPreProcessor")));
        assertThrows(IOException.class, () -> new AllowedClasses().check(json(keras.formatted("layers.TFOpLayer"))));
    }

    private static JsonNode json(String text) throws IOException {
        return BoundedJson.read(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What loading refuses is not written: a training's result would be lost without anyone's noticing. */
    @Test
    void whatLoadingRefusesIsNotSaved() throws IOException {
        for (int width : List.of(255, 300)) {
            ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .graphBuilder()
                    .addInputs("in")
                    .setInputTypes(InputType.convolutional(1, 400, 1))
                    .addLayer(
                            "wide",
                            new ConvolutionLayer.Builder(1, width)
                                    .nIn(1)
                                    .nOut(2)
                                    .build(),
                            "in")
                    .addLayer("pool", new GlobalPoolingLayer.Builder().build(), "wide")
                    .addLayer("out", new DenseLayer.Builder().nIn(2).nOut(3).build(), "pool")
                    .setOutputs("out")
                    .build());
            graph.init();
            Network network =
                    Network.of(graph, "out", null, new Input(new ImageShape(1, 1, 400), Scaling.ZERO_ONE), List.of());
            Path file = folder.resolve(width + ".zip");
            if (width == 255) {
                network.save(file);
                assertEquals(network.identity(), Network.load(file).identity());
                continue;
            }
            String message = assertThrows(IllegalArgumentException.class, () -> network.save(file))
                    .getMessage();
            assertTrue(
                    message.contains("'wide'") && message.contains("300") && message.contains("graph().save"), message);
            assertFalse(Files.exists(file));
        }
    }

    /** From 64 MiB on, what is packed a hundred times smaller is a bomb; zeros would be a thousand times. */
    @Test
    void weightsThatAreAlikeAreNotPackedAsABombIs() throws IOException {
        Network network = Network.create(
                Backbone.plain(8, 64),
                new Head.Softmax(),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
        network.graph().params().assign(0);
        Path file = folder.resolve("zeros.zip");
        network.save(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry parameters = zip.getEntry(PARAMS);
            assertTrue(
                    parameters.getCompressedSize() >= parameters.getSize(), parameters.getCompressedSize() + " bytes");
        }
        assertEquals(0, Network.load(file).graph().params().amaxNumber().floatValue());
    }

    @Test
    void aUsersOwnClassesAreLetInByName() throws IOException {
        Path file = folder.resolve("own.zip");
        Network network = Network.create(
                Backbone.plain(4, 6),
                new OwnHead(3),
                new Input(ImageShape.gray(8), Scaling.ZERO_ONE),
                List.of("a", "b"),
                1);
        network.save(file);
        var error = assertThrows(UncheckedIOException.class, () -> Network.load(file));
        assertTrue(error.getMessage().contains(OwnHead.class.getName()), error.getMessage());
        assertEquals(new OwnHead(3), Network.load(file, OwnHead.class).head().orElseThrow());
    }
}
