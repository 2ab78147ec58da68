package io.github.horkd.data;

import io.github.horkd.internal.file.PlacedBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PackedImagesTest {

    private static final ImageShape SHAPE = ImageShape.gray(8);
    private static final Degradation NOISY = Degradation.downscaleTo(4).then(Degradation.noise(0.1));

    @TempDir
    Path temp;

    private final Map<String, byte[]> files = new TreeMap<>();
    private Path source;
    private ImageOptions packed;

    @BeforeEach
    void drawFaces() throws IOException {
        for (String name : List.of("anna/1.png", "anna/2.png", "jos\u00e9/1.png", "jos\u00e9/x/2.png", "zoe/1.png")) {
            files.put("faces/" + name, Pictures.png(1, 8, 8, name.hashCode()));
        }
        files.put("faces/zoe/notes.txt", new byte[3]);
        source = Pictures.zip(temp.resolve("faces.zip"), files);
        packed = ImageOptions.defaults().leafClasses().packedIn(temp.resolve("packed"));
    }

    @Test
    void readsAsFromMemoryToTheBit() throws IOException {
        Path folder = temp.resolve("folder");
        Pictures.write(folder, files);
        Augmentation moved = Augmentation.none().flip().shift(2).rotate(0.3).contrast(0.2);
        for (Path each : List.of(source, folder)) {
            PairedImages memory =
                    ImageFolder.open(each, SHAPE, NOISY, ImageOptions.defaults().leafClasses());
            for (PairedImages disk : List.of(open(each), open(each), PackedImages.open(path(each), NOISY))) {
                assertEquals(memory.classes(), disk.classes());
                assertEquals(Pictures.names(memory), Pictures.names(disk));
                assertArrayEquals(Pictures.labels(memory), Pictures.labels(disk));
                assertEquals(memory.leftOut(), disk.leftOut());
                for (int i = 0; i < memory.size(); i++) {
                    Pose pose = moved.draw(i);
                    assertArrayEquals(Pictures.high(memory, i, pose), Pictures.high(disk, i, pose));
                    assertArrayEquals(Pictures.low(memory, i, pose), Pictures.low(disk, i, pose));
                    assertEquals(memory.fingerprint(i), disk.fingerprint(i));
                }
            }
        }
        assertEquals(
                List.of("anna", "jos\u00e9", "jos\u00e9/x", "zoe"), open(source).classes());
    }

    @Test
    void imagesMayLieAcrossMappings() throws IOException {
        Path file = path(source);
        PackedFile whole = PackedFile.open(file, "");
        for (long window : new long[] {64, 100, 333}) {
            PackedFile cut = PackedFile.open(file, "", new PlacedBytes.Mapping(window, Long.MAX_VALUE, Long.MAX_VALUE));
            for (int i = 0; i < whole.count(); i++) {
                assertArrayEquals(whole.samples(i), cut.samples(i));
                assertEquals(whole.name(i), cut.name(i));
            }
            cut.verify();
        }
    }

    /** A file that is too large to be mapped gives the same, to many threads, of which each is interrupted now and then, and after it was replaced. */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE})
    void recordsThatAreReadOneByOneAreTheSame(long cached) throws IOException {
        Path file = path(source);
        PlacedBytes.Mapping none = new PlacedBytes.Mapping(1 << 20, 0, cached);
        PackedFile mapped = PackedFile.open(file, "");
        PackedFile read = PackedFile.open(file, "", none);
        read.verify();
        byte[] damaged = Files.readAllBytes(file);
        damaged[PackLayout.HEADER + PackLayout.RECORD + 30] ^= 1;
        Path other = Files.write(temp.resolve("other"), damaged);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        IntStream.range(0, 2000).parallel().forEach(i -> {
            if (i % 10 == 0) {
                Thread.currentThread().interrupt();
            }
            int image = i % mapped.count();
            assertArrayEquals(mapped.samples(image), read.samples(image));
            assertEquals(mapped.name(image), read.name(image));
            assertEquals(i % 10 == 0, Thread.interrupted());
        });
        PackedFile found = PackedFile.open(file, "", none);
        assertThrows(IOException.class, found::verify);
    }

    @Test
    void aChangedSourceIsPackedAnew() throws IOException {
        Path file = path(source);
        byte[] before = Files.readAllBytes(file);
        files.put("faces/zoe/2.png", Pictures.png(1, 8, 8, 77));
        Pictures.zip(source, files);
        assertEquals(6, open(source).size());
        assertEquals(List.of(file), list());
        Files.write(file, before);
        assertEquals(6, open(source).size(), "a stale file is not taken");
        assertEquals(
                5,
                PackedImages.open(Files.write(temp.resolve("old"), before), NOISY)
                        .size());
        ImageFolder.open(source, SHAPE, NOISY, packed.withBackground(7));
        assertEquals(2, list().size(), "another way of reading has a file of its own");
    }

    @Test
    void aDamagedOrCutFileIsRefusedAndPackedAnew() throws IOException {
        Path file = path(source);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length += 13) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThrows(UncheckedIOException.class, () -> PackedImages.open(file, NOISY));
        }
        for (int at = 0; at < whole.length; at += 3) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 16;
            Files.write(file, damaged);
            try {
                PackedImages images = PackedImages.open(file, NOISY);
                assertThrows(UncheckedIOException.class, images::verify, "byte " + at);
            } catch (UncheckedIOException e) {
                assertTrue(e.getMessage().contains("refused, "), e.getMessage());
            }
        }
        int sample = new String(whole, StandardCharsets.ISO_8859_1).indexOf("anna/2.png") + "anna/2.png".length() + 5;
        byte[] damaged = whole.clone();
        damaged[sample] ^= 1;
        Files.write(file, damaged);
        assertTrue(assertThrows(
                        UncheckedIOException.class,
                        () -> PackedImages.open(file, NOISY).verify())
                .getMessage()
                .contains("the record of faces/anna/2.png is damaged"));
        Files.write(file, Arrays.copyOf(whole, whole.length - 9));
        assertEquals(5, open(source).size());
        PackedImages.open(file, NOISY).verify();
    }

    @Test
    void aPackingThatWasInterruptedGoesOn() throws IOException {
        Path file = path(source);
        byte[] whole = Files.readAllBytes(file);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        for (int length = 0; length < whole.length - 200; length += 29) {
            Files.delete(file);
            Files.write(part, Arrays.copyOf(whole, length));
            open(source);
            PackedImages again = PackedImages.open(file, NOISY);
            again.verify();
            assertEquals(Pictures.names(again), Pictures.names(PackedImages.open(copy(whole), NOISY)));
            assertEquals(List.of(file), list());
        }
        // What is there is not decoded again: a mark that fits other samples is believed.
        byte[] samples = new byte[64];
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        int name = text.indexOf("faces/zoe/1.png");
        System.arraycopy(samples, 0, whole, name + 15, 64);
        ByteBuffer.wrap(whole)
                .putLong(
                        name - 8,
                        PackLayout.of(whole)
                                .mark(StandardCharsets.UTF_8.encode("faces/zoe/1.png"), ByteBuffer.wrap(samples)));
        Files.delete(file);
        Files.write(part, Arrays.copyOf(whole, whole.length - 150));
        PairedImages again = open(source);
        assertArrayEquals(new float[64], Pictures.high(again, 4, Pose.IDENTITY));
    }

    /** Blocks are written by several threads, so a kill may leave a later one without an earlier one. */
    @Test
    void nothingBehindAHoleIsTaken() throws IOException {
        Path file = path(source);
        byte[] whole = Files.readAllBytes(file);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        for (int from = PackLayout.HEADER; from < whole.length - 250; from += 37) {
            byte[] holed = whole.clone();
            Arrays.fill(holed, from, from + 50, (byte) 0);
            Files.delete(file);
            Files.write(part, Arrays.copyOf(holed, whole.length - 200));
            open(source);
            PackedImages.open(file, NOISY).verify();
            assertEquals(
                    Pictures.names(PackedImages.open(copy(whole), NOISY)),
                    Pictures.names(PackedImages.open(file, NOISY)));
        }
    }

    @Test
    void onlyOneWritesAFile() throws IOException {
        Path file = path(source);
        Files.delete(file);
        try (FileChannel other = FileChannel.open(
                file.resolveSibling(file.getFileName() + ".part"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
            other.lock();
            assertTrue(assertThrows(UncheckedIOException.class, () -> open(source))
                    .getMessage()
                    .contains("is being written by somebody else"));
        }
    }

    @Test
    void saysWhatItNeeds() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ImageFolder.open(source, 8, NOISY, packed))
                .getMessage()
                .contains("gray or colour"));
        assertThrows(
                IllegalArgumentException.class,
                () -> PairedFolders.open(source, source, SHAPE, ImageShape.gray(4), packed));
        assertTrue(assertThrows(UncheckedIOException.class, () -> PackedImages.open(temp.resolve("none"), NOISY))
                .getMessage()
                .contains("there is no such file"));
    }

    @Test
    void saysInWhichFileTheImagesAreTooSmall() {
        Path file = path(source);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> PackedImages.open(file, Degradation.downscaleTo(SHAPE.height() + 1)))
                .getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("holds images of " + SHAPE), message);
    }

    private PairedImages open(Path path) {
        return ImageFolder.open(path, SHAPE, NOISY, packed);
    }

    private Path path(Path of) {
        return ((PackedImages) open(of)).path();
    }

    private Path copy(byte[] content) throws IOException {
        return Files.write(Files.createTempFile(temp, "copy", ".pixels"), content);
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("packed"))) {
            return files.sorted().toList();
        }
    }
}
