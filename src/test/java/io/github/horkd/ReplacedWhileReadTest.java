package io.github.horkd;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.IdxImages;
import io.github.horkd.data.ImageFolder;
import io.github.horkd.data.ImageOptions;
import io.github.horkd.data.ImagePass;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PackBytes;
import io.github.horkd.data.Pose;
import io.github.horkd.data.RecordIoImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.VerificationSet;
import io.github.horkd.distill.CheckpointBytes;
import io.github.horkd.distill.Listeners;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.eval.PairList;
import io.github.horkd.experiment.ExperimentFiles;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.PrecomputedKnowledge;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.knowledge.TransferSet;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import io.github.horkd.model.Network;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.PerIdentity;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/**
 * A file that is replaced by a longer or shorter one while it is read, as {@code save} does it: a reader gets the one that it opened, whole. A reader that asks
 * by the name how long the file is that it has opened gets the length of another one.
 */
@DisabledOnOs(OS.WINDOWS) // An open file is not replaced there.
class ReplacedWhileReadTest {

    private static final Degradation HALF = Degradation.downscaleTo(4);

    @TempDir
    Path folder;

    /** Something that is written small (0) or large (1). */
    private interface Sound {
        byte[] of(int size, Path folder) throws IOException;
    }

    private record Kind(String file, Sound sound, Consumer<Path> reading) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind("a.gallery", ReplacedWhileReadTest::gallery, Gallery::load),
                new Kind("a.space", (size, folder) -> space(size), EmbeddingSpace::load),
                new Kind("network.zip", ReplacedWhileReadTest::network, Network::load),
                new Kind(
                        "a.checkpoint",
                        (size, folder) -> CheckpointBytes.sound(folder, 4 + 400 * size, new byte[3]),
                        CheckpointBytes::read),
                new Kind("experiment.yaml", ReplacedWhileReadTest::experiment, ExperimentFiles::load),
                new Kind("experiment.json", ReplacedWhileReadTest::experiment, ExperimentFiles::load),
                new Kind("probes.npy", ReplacedWhileReadTest::table, ExperimentFiles::table),
                new Kind(
                        "epochs.csv",
                        (size, folder) -> text(
                                "stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,seconds_left,term,raw,weighted\n"
                                        + "a,1,1,,1,1,1,\"t\",1,1\n".repeat(100 * size)),
                        Listeners::csv),
                new Kind(
                        "pairs.txt",
                        (size, folder) -> text(1 + 100 * size + "\n" + "anna\t1\t2\n".repeat(1 + 100 * size)
                                + "bert\t1\tcleo\t3\n".repeat(1 + 100 * size)),
                        PairList::read),
                new Kind(
                        "pairs.bin",
                        (size, folder) -> size == 0 ? resource("pairs.bin") : PackBytes.pickle(10),
                        file -> VerificationSet.load(file, ImageShape.colour(8), HALF)),
                new Kind("images.idx", (size, folder) -> idx(1 + 10 * size), file -> IdxImages.open(file, HALF)),
                new Kind(
                        "faces.rec",
                        (size, folder) -> records(size),
                        file -> RecordIoImages.open(file, ImageShape.colour(8), HALF)),
                new Kind(
                        "images.tar",
                        (size, folder) -> size == 0 ? resource("shard-000000.tar") : PackBytes.tar(folder, 40),
                        file -> ImageFolder.open(file, ImageShape.colour(8), HALF)),
                new Kind(
                        "a.csv",
                        (size, folder) -> text(",0,1\na,1,2\n" + (size == 0 ? "" : "b,3,4\nc,5,6\n")),
                        PrecomputedKnowledge::csv),
                new Kind("a.transfer", ReplacedWhileReadTest::transfer, ReplacedWhileReadTest::readTransfer),
                new Kind("a.pixels", ReplacedWhileReadTest::packed, PackBytes::read));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ReplacedWhileReadTest.class.getResourceAsStream("/sources/" + name)) {
            return in.readAllBytes();
        }
    }

    private static byte[] records(int size) throws IOException {
        byte[] one = resource("faces.rec");
        return size == 0
                ? one
                : ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
    }

    private static byte[] idx(int count) {
        return ByteBuffer.allocate(16 + 64 * count)
                .putInt(0x803)
                .putInt(count)
                .putInt(8)
                .putInt(8)
                .array();
    }

    private static byte[] gallery(int size, Path folder) throws IOException {
        Path file = folder.resolve("sound");
        var builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new PixelGuide("pixels", 4, 0));
        for (int person = 0; person <= 20 * size; person++) {
            builder.enrol("person " + person, Nd4j.createFromArray(new float[][] {{1, person, 3, 4}}));
        }
        builder.build().save(file);
        return Files.readAllBytes(file);
    }

    private static byte[] space(int size) {
        return EmbeddingSpace.fit(EmbeddingRows.of(Nd4j.rand(20, 2 + 6 * size)), SpaceMethod.whitened())
                .toBytes();
    }

    private static byte[] network(int size, Path folder) throws IOException {
        Path file = folder.resolve("sound");
        Network.create(
                        Backbone.plain(2 + 2 * size, 4),
                        new Head.Softmax(),
                        new Input(ImageShape.gray(4), Scaling.STANDARDISED),
                        List.of("a", "b"),
                        1)
                .save(file);
        return Files.readAllBytes(file);
    }

    private static byte[] experiment(int size, Path folder) throws IOException {
        Path file = folder.resolve("sound.json"); // JSON is YAML.
        ExperimentFiles.save(
                size == 0 ? ExperimentFiles.shapes().withVariants("naive") : ExperimentFiles.shapes(), file);
        return Files.readAllBytes(file);
    }

    private static byte[] table(int size, Path folder) throws IOException {
        ExperimentFiles.table(folder, 1 + 100 * size);
        return Files.readAllBytes(folder.resolve("probes.npy"));
    }

    private static byte[] transfer(int size, Path folder) throws IOException {
        Path records = Files.write(folder.resolve("to-transfer.rec"), PackBytes.records(5 + 65 * size, 8));
        ImagePass pass = ImagePass.over(records, ImageShape.gray(8), HALF, ImageOptions.defaults());
        Path file = folder.resolve("sound.transfer");
        Files.deleteIfExists(file);
        return Files.readAllBytes(TransferSet.from(pass).write(file));
    }

    private static byte[] packed(int size, Path folder) throws IOException {
        return Files.readAllBytes(PackBytes.packed(
                folder.resolve("packed" + size), PackBytes.pictures(folder.resolve(size + ".zip"), 1 + 3 * size)));
    }

    private static void readTransfer(Path file) {
        TransferSet set = TransferSet.open(file);
        set.batch(Resolution.LOW, IntStream.range(0, set.size()).toArray(), Pose.IDENTITY);
    }

    private byte[][] both(Kind kind) throws IOException {
        byte[][] both = {kind.sound.of(0, folder), kind.sound.of(1, folder)};
        assertNotEquals(both[0].length, both[1].length);
        return both;
    }

    private void replace(Path file, byte[] bytes) {
        try {
            Path beside = Files.write(folder.resolve("next"), bytes);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each time that a reader opens it or asks something by its name, the other one is there afterwards. */
    @ParameterizedTest
    @MethodSource("kinds")
    void afterEveryUseOfItsName(Kind kind) throws IOException {
        byte[][] both = both(kind);
        RecordedDisk disk = new RecordedDisk(folder);
        for (int first = 0; first < 2; first++) {
            Path file = Files.write(folder.toRealPath().resolve(kind.file), both[first]);
            int[] turn = {first};
            disk.afterEachUse(path -> {
                if (path.equals(file)) {
                    turn[0] = 1 - turn[0];
                    replace(file, both[turn[0]]);
                }
            });
            assertDoesNotThrow(() -> kind.reading.accept(disk.root().resolve(kind.file)), "first " + first);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whileThreadsRead(Kind kind) throws Exception {
        byte[][] both = both(kind);
        Path file = Files.write(folder.resolve(kind.file), both[0]);
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                reading.add(readers.submit(() -> {
                    do {
                        kind.reading.accept(file);
                    } while (!over.get());
                }));
            }
            long end = System.nanoTime() + 50_000_000;
            for (int turn = 1; System.nanoTime() < end; turn = 1 - turn) {
                replace(file, both[turn]);
            }
            over.set(true);
            for (Future<?> each : reading) {
                each.get();
            }
        } finally {
            over.set(true);
            readers.shutdown();
        }
    }
}
