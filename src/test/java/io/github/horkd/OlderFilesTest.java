package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.CheckpointBytes;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.TemplatePrecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Files of every version that wrote them, in {@code src/test/resources/formats/VERSION}, are read by this one, with the values that they were written with.
 * A file whose header states another version is refused by that number.
 *
 * <p>A format that changes gets a directory of its own: {@code mvn -o test -Dtest=OlderFilesTest -Dformats.write=VERSION} writes it. Older ones stay as they are.
 */
class OlderFilesTest {

    private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
    private static final List<String> NAMES = List.of("Ada", "Bruno", "Chiara");
    private static final int[] ALL = {0, 1, 2, 3, 4, 5};

    @TempDir
    Path folder;

    /** Pictures that no class of the library makes: their pixels are counted. */
    private static PairedImages pictures() {
        List<byte[]> pixels = new ArrayList<>();
        for (int i : ALL) {
            byte[] picture = new byte[64];
            for (int p = 0; p < picture.length; p++) {
                picture[p] = (byte) (37 * i + 11 * p + i * p);
            }
            pixels.add(picture);
        }
        return MemoryImages.of(
                ImageShape.gray(8),
                pixels,
                new int[] {0, 0, 1, 1, 2, 2},
                NAMES,
                IntStream.of(ALL).mapToObj(i -> "picture " + i).toList(),
                Degradation.downscaleTo(4));
    }

    private static INDArray low() {
        return pictures().batch(Resolution.LOW, ALL, Pose.IDENTITY);
    }

    private static Knowledge known(Path folder, Network network, List<Integer> asked) {
        return KnowledgeStore.inFolder(folder)
                .of(network, pictures(), Resolution.LOW, KnownPoses.asIs(), seen -> asked.add(seen));
    }

    @Test
    @EnabledIfSystemProperty(named = "formats.write", matches = ".+")
    void write() throws IOException {
        Path to = FORMATS.resolve(System.getProperty("formats.write"));
        Files.createDirectories(to.resolve("knowledge"));
        Network network = Network.create(
                Backbone.plain(2, 4),
                new Head.CosFace(16, 0.1),
                new Input(ImageShape.gray(4), Scaling.STANDARDISED),
                NAMES,
                1);
        network.save(to.resolve("network.zip"));
        INDArray embeddings = network.output(low()).embeddings();
        for (TemplatePrecision precision : TemplatePrecision.values()) {
            GalleryBuilder builder =
                    Gallery.builder(PerIdentity.BEST_TEMPLATE, network).precision(precision);
            for (int i : ALL) {
                builder.enrol(NAMES.get(i / 2), embeddings.getRow(i, true));
            }
            builder.build().save(to.resolve(precision + ".gallery"));
        }
        known(to.resolve("knowledge"), network, new ArrayList<>());
        try (Stream<Path> locks = Files.list(to.resolve("knowledge"))) {
            locks.filter(file -> file.toString().endsWith(".lock"))
                    .forEach(file -> assertTrue(file.toFile().delete()));
        }
        Files.write(to.resolve("a.checkpoint"), CheckpointBytes.sound(folder));
        Files.write(to.resolve("faces.pixels"), PackBytes.sound(folder));
        EmbeddingSpace space =
                EmbeddingSpace.fit(known(folder, network, new ArrayList<>()).embeddingRows(), SpaceMethod.whitened());
        space.save(to.resolve("a.space"));
        Files.writeString(
                to.resolve("expected.txt"),
                String.join(
                        "\n",
                        network.identity(),
                        Arrays.toString(embeddings.ravel().toFloatVector()),
                        Arrays.toString(space.apply(embeddings).ravel().toFloatVector()),
                        ""));
    }

    static Stream<Path> versions() throws IOException {
        try (Stream<Path> found = Files.list(FORMATS)) {
            return found.sorted().toList().stream();
        }
    }

    private static String expected(Path version, int line) throws IOException {
        return Files.readAllLines(version.resolve("expected.txt")).get(line);
    }

    private static float[] values(String text) {
        String[] each = text.substring(1, text.length() - 1).split(", ");
        float[] values = new float[each.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(each[i]);
        }
        return values;
    }

    /** Its identity stays too: galleries and knowledge know a network by it. */
    @ParameterizedTest
    @MethodSource("versions")
    void networks(Path version) throws IOException {
        Network network = Network.load(version.resolve("network.zip"));
        assertEquals(expected(version, 0), network.identity());
        assertEquals(NAMES, network.classes());
        // Another processor may round otherwise.
        assertArrayEquals(
                values(expected(version, 1)),
                network.output(low()).embeddings().ravel().toFloatVector(),
                1e-5f);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void galleries(Path version) throws IOException {
        Network network = Network.load(version.resolve("network.zip"));
        for (TemplatePrecision precision : TemplatePrecision.values()) {
            Gallery gallery = Gallery.load(version.resolve(precision + ".gallery"));
            assertEquals(NAMES, gallery.identities());
            assertEquals(precision, gallery.precision());
            var answers = gallery.identify(gallery.embed(network, low()), 3);
            for (int i : ALL) {
                assertEquals(1, answers.get(i).ranked().get(0).similarity(), 0.02, "its own template");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void knowledge(Path version) throws IOException {
        try (Stream<Path> files = Files.list(version.resolve("knowledge"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        List<Integer> asked = new ArrayList<>();
        Pose[] asIs = new Pose[ALL.length];
        Arrays.fill(asIs, Pose.IDENTITY);
        INDArray embeddings = known(folder, Network.load(version.resolve("network.zip")), asked)
                .embeddings(ALL, asIs);
        assertEquals(List.of(), asked, "nobody is asked again");
        assertArrayEquals(values(expected(version, 1)), embeddings.ravel().toFloatVector(), 1e-5f);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void checkpointsPicturesAndSpaces(Path version) throws IOException {
        CheckpointBytes.read(version.resolve("a.checkpoint"));
        PackBytes.read(version.resolve("faces.pixels"));
        PackedImages images = PackedImages.open(version.resolve("faces.pixels"), Degradation.none());
        assertEquals(List.of("anna", "zoe"), images.classes());
        assertEquals(3, images.size());
        INDArray embeddings = Nd4j.createFromArray(values(expected(version, 1))).reshape(ALL.length, 4);
        assertArrayEquals(
                values(expected(version, 2)),
                EmbeddingSpace.load(version.resolve("a.space"))
                        .apply(embeddings)
                        .ravel()
                        .toFloatVector(),
                1e-4f);
    }

    private static Consumer<byte[]> number(int at, int value) {
        return bytes -> ByteBuffer.wrap(bytes).putInt(at, value);
    }

    static Stream<Arguments> ofAnotherVersion() {
        Consumer<Path> packed = file -> PackedImages.open(file, Degradation.none());
        Consumer<Path> gallery = Gallery::load;
        Consumer<Path> space = EmbeddingSpace::load;
        Consumer<Path> checkpoint = CheckpointBytes::read;
        return Stream.of(
                Arguments.of("FLOAT32.gallery", number(8, 99), gallery),
                Arguments.of("a.space", number(8, 99), space),
                Arguments.of("faces.pixels", number(8, 99), packed),
                Arguments.of("a.checkpoint", number(0, 0x686b6300 | '0' + 99), checkpoint));
    }

    /** Networks: HostileFileTest; knowledge, which is built anew then: KnowledgeFileTest. */
    @ParameterizedTest
    @MethodSource("ofAnotherVersion")
    void anUnknownVersionIsRefusedByItsNumber(String name, Consumer<byte[]> change, Consumer<Path> reading)
            throws IOException {
        Path newest = versions()
                .reduce((a, b) -> b)
                .map(version -> version.resolve(name))
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(newest);
        change.accept(bytes);
        Path file = Files.write(folder.resolve(name), bytes);
        String message = assertThrows(UncheckedIOException.class, () -> reading.accept(file))
                .getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("version 99"), message);
    }
}
