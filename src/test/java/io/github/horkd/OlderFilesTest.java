package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.PackedImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.CheckpointBytes;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import io.github.horkd.experiment.ExperimentFiles;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunState;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Embeddings;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.Knowledge;
import io.github.horkd.knowledge.KnowledgeStore;
import io.github.horkd.knowledge.KnownPoses;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.loss.DistanceLoss;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.loss.RelationMemory;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.GalleryBuilder;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.TemplatePrecision;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
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
        Files.write(to.resolve("memory.checkpoint"), CheckpointBytes.sound(folder, 10, state(remembering(SEEN, SEEN))));
        ExperimentFiles.save(ExperimentFiles.shapes(), to.resolve("experiment/experiment.yaml"));
        ExperimentFiles.save(ExperimentFiles.shapes(), to.resolve("experiment/experiment.json"));
        ExperimentFiles.write(to.resolve("experiment"), 2);
        TrainingListener table = Listeners.csv(to.resolve("epochs.csv"));
        table.on(epoch(1));
        Path records = Files.write(folder.resolve("faces.rec"), PackBytes.records(5, 12));
        ImagePass pass =
                ImagePass.over(records, ImageShape.gray(12), Degradation.downscaleTo(4), ImageOptions.defaults());
        for (int shard = 0; shard < 2; shard++) {
            TransferSet.from(pass.part(shard, 2))
                    .guide(new PixelGuide("pixels", 4, 2))
                    .write(to.resolve("transfer").resolve(shard + TransferSet.EXTENSION));
        }
        Files.writeString(to.resolve("transfer.txt"), contents(TransferSet.open(to.resolve("transfer"))));
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

    private static String contents(TransferSet set) {
        int[] all = IntStream.range(0, set.size()).toArray();
        return String.join(
                "\n",
                IntStream.of(all).mapToObj(set::name).toList() + "",
                set.classes() + "",
                set.batch(Resolution.LOW, all, Pose.IDENTITY).ravel() + "",
                Embeddings.by(set.guide()).of(set, Resolution.HIGH).ravel() + "",
                "");
    }

    @ParameterizedTest
    @MethodSource("versions")
    void transferSets(Path version) throws IOException {
        TransferSet set = TransferSet.open(version.resolve("transfer"));
        set.verify();
        assertEquals(Files.readString(version.resolve("transfer.txt")), contents(set));
        assertEquals(3, TransferSet.open(version.resolve("transfer/0.transfer")).size());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void experiments(Path version) throws IOException {
        Path directory = version.resolve("experiment");
        for (String name : List.of("experiment.yaml", "experiment.json")) {
            assertEquals(ExperimentFiles.shapes(), ExperimentFiles.load(directory.resolve(name)));
        }
        RunDirectory read = RunDirectory.read(directory);
        assertEquals("shapes", read.manifest().name());
        assertEquals(RunState.RUNNING, read.manifest().state());
        assertEquals(2, read.runs().get(0).epochs().size());
        assertEquals(0.5, read.runs().get(0).epochs().get(1).loss());
        assertEquals(Map.of("rank-1", 0.5), read.runs().get(0).figures());
        assertEquals(List.of("Ada", ""), read.runs().get(0).probes().people());
        Path table = Files.copy(version.resolve("epochs.csv"), folder.resolve("epochs.csv"));
        Listeners.csv(table).on(epoch(2));
        assertEquals(3, Files.readAllLines(table).size());
    }

    private static TrainingEvent epoch(int number) {
        return new TrainingEvent.EpochFinished(
                "student",
                number,
                3,
                0.25,
                List.of(new TermValue("first order", 1, 0.25, 0.25)),
                OptionalDouble.empty(),
                0.01,
                1,
                Duration.ZERO);
    }

    private static final float[][] SEEN = {{1, 2, 3, 4}, {4, 3, 2, 2}, {0, 1, 0, 1}};

    private static RelationMemory remembering(float[][]... batches) {
        RelationMemory memory = new RelationMemory(DistanceLoss.guideScaled(), 5);
        for (int i = 0; i < batches.length; i++) {
            INDArray rows = Nd4j.createFromArray(batches[i]).addi(i);
            memory.lossAndGradient(rows, rows.mul(2));
        }
        return memory;
    }

    private static byte[] state(RelationMemory memory) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        memory.writeState(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    /** What it remembers goes on as if it had never stopped. */
    @ParameterizedTest
    @MethodSource("versions")
    void relationMemories(Path version) throws IOException {
        RelationMemory read = remembering();
        byte[] kept = CheckpointBytes.lossState(version.resolve("memory.checkpoint"));
        read.readState(new DataInputStream(new ByteArrayInputStream(kept)));
        RelationMemory right = remembering(SEEN, SEEN);
        INDArray next = Nd4j.createFromArray(new float[][] {{3, 1, 0, 2}, {1, 1, 2, 1}});
        assertEquals(right.lossAndGradient(next, next), read.lossAndGradient(next, next));
    }

    private static Consumer<byte[]> number(int at, int value) {
        return bytes -> ByteBuffer.wrap(bytes).putInt(at, value);
    }

    static Stream<Arguments> ofAnotherVersion() {
        Consumer<Path> packed = file -> PackedImages.open(file, Degradation.none());
        Consumer<Path> gallery = Gallery::load;
        Consumer<Path> space = EmbeddingSpace::load;
        Consumer<Path> checkpoint = CheckpointBytes::read;
        Consumer<Path> transfer = TransferSet::open;
        Consumer<Path> experiment = ExperimentFiles::load;
        Consumer<Path> manifest = file -> RunDirectory.state(file.getParent());
        Consumer<Path> run = file -> RunDirectory.read(file.resolve("../../..").normalize());
        Consumer<Path> table = ExperimentFiles::table;
        return Stream.of(
                Arguments.of("transfer/0.transfer", number(8, Integer.reverseBytes(99)), transfer),
                Arguments.of("experiment/experiment.yaml", text("format: 1", "format: 99"), experiment),
                Arguments.of("experiment/experiment.json", text("\"format\" : 1", "\"format\" :99"), experiment),
                Arguments.of("experiment/manifest.json", text("\"format\" : 1", "\"format\" :99"), manifest),
                Arguments.of("experiment/runs/one/run.json", text("\"format\" : 1", "\"format\" :99"), run),
                Arguments.of("experiment/runs/one/history.json", text("\"format\" : 1", "\"format\" :99"), run),
                Arguments.of("experiment/runs/one/probes.npy", (Consumer<byte[]>) bytes -> bytes[6] = 99, table),
                Arguments.of("FLOAT32.gallery", number(8, 99), gallery),
                Arguments.of("a.space", number(8, 99), space),
                Arguments.of("faces.pixels", number(8, 99), packed),
                Arguments.of("a.checkpoint", number(0, 0x686b6300 | '0' + 99), checkpoint),
                Arguments.of("memory.checkpoint", number(0, 0x686b6300 | '0' + 99), checkpoint));
    }

    /** A word of a text replaced, which may take the last line's end. */
    private static Consumer<byte[]> text(String word, String other) {
        return bytes -> {
            String all = new String(bytes, StandardCharsets.UTF_8);
            assertTrue(all.contains(word), all);
            byte[] changed = all.replace(word, other).getBytes(StandardCharsets.UTF_8);
            System.arraycopy(changed, 0, bytes, 0, bytes.length);
        };
    }

    /** Networks: HostileFileTest; knowledge, which is built anew then: KnowledgeFileTest. */
    @ParameterizedTest
    @MethodSource("ofAnotherVersion")
    void anUnknownVersionIsRefusedByItsNumber(String name, Consumer<byte[]> change, Consumer<Path> reading)
            throws IOException {
        Path newest = versions().reduce((a, b) -> b).orElseThrow();
        try (Stream<Path> all = Files.walk(newest)) {
            for (Path each : all.skip(1).toList()) {
                Files.copy(each, folder.resolve(newest.relativize(each).toString()));
            }
        }
        Path file = folder.resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        change.accept(bytes);
        Files.write(file, bytes);
        RuntimeException refused = assertThrows(RuntimeException.class, () -> reading.accept(file));
        assertTrue(
                refused instanceof UncheckedIOException || refused instanceof IllegalArgumentException,
                refused.toString());
        String message = refused.getMessage();
        assertTrue(message.contains(file.getFileName().toString()) && message.contains("version 99"), message);
    }
}
