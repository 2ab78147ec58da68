package io.github.horkd.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Face sets in the forms in which they are shared: RecordIO, verification pickles, WebDataset shards, written by {@code sources/make.py}. */
class SharedSetsTest {

    private static final ImageShape SHAPE = ImageShape.gray(6);
    private static final Degradation HALF = Degradation.downscaleTo(3);

    @TempDir
    Path temp;

    @Test
    void readsRecordsAsInsightFaceShipsThem() throws IOException {
        PairedImages faces = RecordIoImages.open(copy("faces.rec", "faces.idx"), SHAPE, HALF);
        assertEquals(List.of("0", "2", "10"), faces.classes());
        assertEquals(List.of("000000001", "000000002", "000000003", "000000004", "000000005"), Pictures.names(faces));
        assertArrayEquals(new int[] {0, 0, 2, 1, 1}, Pictures.labels(faces));
        assertArrayEquals(new int[] {10, 20, 30, 40, 50}, grays(faces));
    }

    @Test
    void readsRecordsWithoutTheirIndex() throws IOException {
        PairedImages faces = RecordIoImages.open(copy("faces.rec"), SHAPE, HALF);
        assertArrayEquals(new int[] {10, 20, 30, 40, 50}, grays(faces));
        assertArrayEquals(new int[] {0, 0, 2, 1, 1}, Pictures.labels(faces));
        assertEquals(
                List.of(),
                RecordIoImages.open(
                                copy("faces.rec"),
                                SHAPE,
                                HALF,
                                ImageOptions.defaults().unlabelled())
                        .classes());
        PairedImages pairs = PairedFolders.open(copy("faces.rec"), copy("faces.rec"), SHAPE, SHAPE);
        assertEquals(5, pairs.size());
    }

    @Test
    void anIndexOfAnotherFileIsRefused() throws IOException {
        Path rec = copy("faces.rec", "faces.idx");
        Path idx = rec.resolveSibling("faces.idx");
        Files.writeString(idx, Files.readString(idx) + "9\t44\n");
        assertTrue(refusal(rec).contains("names 10 places, of which 9 begin a record"), refusal(rec));
        Files.writeString(idx, "1 2 3\n");
        assertTrue(refusal(rec).contains("line 1"));
        assertThrows(
                IllegalArgumentException.class,
                () -> RecordIoImages.open(
                        copy("faces.rec"), SHAPE, HALF, ImageOptions.defaults().under("x")));
        assertTrue(refusal(temp.resolve("none.rec")).contains("there is no such file"));
    }

    @Test
    void recordsThatStateMoreThanTheyHaveAreRefused() throws IOException {
        byte[] whole = resource("faces.rec");
        ByteBuffer bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(4, (1 << 29) - 1);
        assertTrue(refusal(write(bytes.array())).contains("more than the 67108864 bytes allowed"));
        bytes.putInt(4, 3 << 29 | 8);
        assertTrue(refusal(write(bytes.array())).contains("no record at byte 0"));
        bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(8, Integer.MAX_VALUE);
        assertTrue(refusal(write(bytes.array())).contains("states 2147483647 labels"));
        bytes = ByteBuffer.wrap(whole.clone()).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putFloat(52, 0.5f);
        assertTrue(refusal(write(bytes.array())).contains("000000001 cannot be read (has the label 0.5"));
        for (int length = 1; length < whole.length; length += 7) {
            refusalOrNothing(Arrays.copyOf(whole, length));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pairs.bin", "pairs4.bin"})
    void readsVerificationSets(String name) throws IOException {
        VerificationSet set = VerificationSet.load(copy(name), SHAPE, HALF);
        assertArrayEquals(new boolean[] {true, false, true}, set.answers());
        assertArrayEquals(new int[] {11, 12, 21, 22, 31, 31}, grays(set.images()));
        assertArrayEquals(new int[] {0, 2, 4}, set.first());
        assertArrayEquals(new int[] {1, 3, 5}, set.second());
        assertArrayEquals(new int[] {0, 0, 1}, set.folds(2));
        assertEquals(List.of(), set.images().classes());
    }

    /** A file of some kilobytes that stands for a picture as often as it likes. */
    @Test
    void aPictureThatStandsInManyPlacesIsCountedInEach() throws IOException {
        byte[] png = Pictures.png(3, 8, 8, 1);
        ByteBuffer pickle = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        pickle.put(new byte[] {(byte) 0x80, 3, ']', '(', 'B'})
                .putInt(png.length)
                .put(png);
        pickle.put(new byte[] {'q', 0});
        for (int i = 1; i < 200; i++) {
            pickle.put(new byte[] {'h', 0});
        }
        pickle.put(new byte[] {'e', ']', '('});
        for (int i = 0; i < 100; i++) {
            pickle.put((byte) 0x88);
        }
        pickle.put(new byte[] {'e', (byte) 0x86, '.'});
        Path file = Files.write(temp.resolve("many.bin"), Arrays.copyOf(pickle.array(), pickle.position()));
        assertEquals(200, VerificationSet.load(file, SHAPE, HALF).images().size());
        String message = assertThrows(
                        UncheckedIOException.class,
                        () -> VerificationSet.load(file, SHAPE, HALF, new Limits(1000, 1 << 20, 5000, 1 << 20)))
                .getMessage();
        assertTrue(message.contains("more than the 5000 bytes"), message);
    }

    @Test
    void aPickleThatWouldRunSomethingIsRefusedByItsInstruction() throws IOException {
        Path foreign = copy("foreign.bin");
        String message = assertThrows(UncheckedIOException.class, () -> VerificationSet.load(foreign, SHAPE, HALF))
                .getMessage();
        assertTrue(message.contains("instruction 0x63 at byte 5"), message);
    }

    @ParameterizedTest
    @CsvSource({
        "'\\x80\\x02]', truncated",
        "'\\x80\\x02].', tuple of encoded pictures",
        "'\\x80\\x02)]\\x86.', no readable images",
        "'\\x80\\x02\\x88\\x88a', something is appended",
        "'\\x80\\x02e', without its values",
        "'\\x80\\x02(a', without its values",
        "'\\x80\\x02]q\\x01h\\x02', nothing is kept under 2",
        "'\\x80\\x02T\\xff\\xff\\xff\\x7f', truncated",
        "'\\x80\\x04\\x8e\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff', a length of -1",
        "'\\x80\\x02](U\\x01aU\\x01be](\\x88\\x88e\\x86.', two pictures for each of its 2",
        "'\\x80\\x02](U\\x01aU\\x01be](\\x88e\\x86.', 000000000 is no image",
        "xello, instruction 0x78",
        "'', truncated"
    })
    void brokenPicklesAreRefused(String pickle, String part) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pickle.length(); i++) {
            if (pickle.startsWith("\\x", i)) {
                text.append((char) Integer.parseInt(pickle.substring(i + 2, i + 4), 16));
                i += 3;
            } else {
                text.append(pickle.charAt(i));
            }
        }
        Path file = Files.write(temp.resolve("x.bin"), text.toString().getBytes(StandardCharsets.ISO_8859_1));
        String message = assertThrows(UncheckedIOException.class, () -> VerificationSet.load(file, SHAPE, HALF))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void damagedSetsAreRefusedOrReadButNothingElse() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        for (String name : List.of("pairs.bin", "pairs4.bin", "faces.rec", "shard-000000.tar")) {
            byte[] whole = resource(name);
            for (int k = 0; k < 150; k++) {
                byte[] damaged = whole.clone();
                damaged[random.nextInt(Math.min(whole.length, 2600))] ^= (byte) (1 << random.nextInt(8));
                refusalOrNothing(damaged, name);
            }
        }
    }

    @Test
    void readsShards() throws IOException {
        copy("shard-000000.tar");
        copy("shard-000001.tar");
        PairedImages faces = WebDatasetImages.open(temp + "/shard-{000000..000001}.tar", SHAPE, HALF);
        assertEquals(List.of("7", "10"), faces.classes());
        assertEquals(List.of("a/0001.png", "a/0002.png", "b/0001.png", "b/0002.png"), Pictures.names(faces));
        assertArrayEquals(new int[] {0, 1, 0, 1}, Pictures.labels(faces));
        assertArrayEquals(new int[] {1, 2, 3, 4}, grays(faces));
        assertEquals("a/0002.seg.txt", faces.leftOut().files().get(0).name());
        assertTrue(assertThrows(
                        UncheckedIOException.class,
                        () -> WebDatasetImages.open(temp + "/shard-{000000..000002}.tar", SHAPE, HALF))
                .getMessage()
                .contains("shard-000002.tar"));
    }

    @Test
    void bracesStandForAllTheyHold() {
        assertEquals(
                List.of("a08x", "a09x", "a10x", "b08x", "b09x", "b10x"), WebDatasetImages.expand("{a,b}{08..10}x"));
        assertEquals(List.of("p1", "p2", "q"), WebDatasetImages.expand("{p{1..2},q}"));
        assertEquals(List.of("plain"), WebDatasetImages.expand("plain"));
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab")); // where numbers are written in other digits
            assertEquals(List.of("s008", "s009"), WebDatasetImages.expand("s{008..009}"));
        } finally {
            Locale.setDefault(before);
        }
        for (String wrong : List.of("{a", "{3..1}", "{0..999999999}", "{0..999}{0..999}")) {
            assertThrows(IllegalArgumentException.class, () -> WebDatasetImages.expand(wrong), wrong);
        }
    }

    private void refusalOrNothing(byte[] content) throws IOException {
        refusalOrNothing(content, "x.rec");
    }

    private void refusalOrNothing(byte[] content, String name) throws IOException {
        Path file = Files.write(temp.resolve("damaged-" + name), content);
        try {
            if (name.endsWith("bin")) {
                VerificationSet.load(file, SHAPE, HALF);
            } else if (name.endsWith("tar")) {
                WebDatasetImages.open(file.toString(), SHAPE, HALF);
            } else {
                RecordIoImages.open(file, SHAPE, HALF);
            }
        } catch (UncheckedIOException | IllegalArgumentException expected) {
            assertTrue(
                    expected.getMessage().contains(file.toString())
                            || expected.getMessage().contains("verification"),
                    expected.getMessage());
        }
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(Files.createTempDirectory(temp, "rec").resolve("x.rec"), content);
    }

    private static String refusal(Path rec) {
        return assertThrows(UncheckedIOException.class, () -> RecordIoImages.open(rec, SHAPE, HALF))
                .getMessage();
    }

    private Path copy(String name, String... beside) throws IOException {
        Path folder = name.endsWith("tar") ? temp : Files.createTempDirectory(temp, "set");
        for (String each : beside) {
            Files.write(folder.resolve(each), resource(each));
        }
        return Files.write(folder.resolve(name), resource(name));
    }

    private static int[] grays(PairedImages images) {
        return IntStream.range(0, images.size())
                .map(i -> Math.round(Pictures.high(images, i, Pose.IDENTITY)[7] * 255))
                .toArray();
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = SharedSetsTest.class.getResourceAsStream("/sources/" + name)) {
            return in.readAllBytes();
        }
    }
}
