package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.distill.Log;
import io.github.horkd.distill.PixelGuide;
import io.github.horkd.distill.Shapes;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.PlacedBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A file says what the guide said, or nothing. */
class KnowledgeFileTest {

    private static final Resolution HIGH = Resolution.HIGH;
    private static final PairedImages IMAGES = Shapes.drawn(10, 1);

    @TempDir
    private Path folder;

    private Path file;
    private byte[] sound;

    @BeforeEach
    void build() throws IOException {
        gather(folder, guide(), IMAGES, false, Precision.FLOAT32);
        file = onlyKnowledgeIn(folder);
        sound = Files.readAllBytes(file);
    }

    private static PixelGuide guide() {
        return new PixelGuide("pixels", 4, 2);
    }

    private static Knowledge gather(
            Path folder, KnowledgeSource guide, PairedImages images, boolean mirrored, Precision precision) {
        return KnowledgeStore.inFolder(folder, precision)
                .of(guide, images, HIGH, mirrored ? KnownPoses.withMirror() : KnownPoses.asIs(), seen -> {});
    }

    private static Path onlyKnowledgeIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(f -> f.toString().endsWith(".knowledge")).toList();
            assertEquals(1, found.size(), found.toString());
            return found.get(0);
        }
    }

    private static float[] embeddings(Knowledge knowledge, int images, Pose pose) {
        Pose[] poses = new Pose[images];
        Arrays.fill(poses, pose);
        return knowledge
                .embeddings(IntStream.range(0, images).toArray(), poses)
                .data()
                .asFloat();
    }

    @Test
    void theNameSaysWhatItIs() {
        assertTrue(
                file.getFileName().toString().matches("high-10x4-float32-[0-9a-f]{16}\\.knowledge"), file.toString());
        assertEquals(4096 + 10 * (4 + 2) * 4, sound.length);
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void aFileSaysWhatMemorySays(Precision precision, @TempDir Path other) {
        PairedImages images = Shapes.drawn(300, 3);
        PixelGuide guide = new PixelGuide("wide", 2000, 3);
        Knowledge heap = KnowledgeStore.inMemory().of(guide, images, HIGH, KnownPoses.withMirror(), seen -> {});
        Knowledge mapped = gather(other, guide, images, true, precision);
        int[] indices = {299, 0, 131, 7, 7, 130};
        Pose[] poses = {Pose.IDENTITY, Pose.MIRRORED, Pose.MIRRORED, Pose.IDENTITY, Pose.MIRRORED, Pose.IDENTITY};
        float step = precision == Precision.FLOAT32 ? 0 : 0x1p-11f;
        for (boolean embeddings : new boolean[] {true, false}) {
            float[] said = (embeddings
                            ? heap.embeddings(indices, poses)
                            : heap.logits(indices, poses).orElseThrow())
                    .data()
                    .asFloat();
            float[] kept = (embeddings
                            ? mapped.embeddings(indices, poses)
                            : mapped.logits(indices, poses).orElseThrow())
                    .data()
                    .asFloat();
            assertEquals(indices.length * (embeddings ? 2000 : 3), kept.length);
            for (int i = 0; i < said.length; i++) {
                assertEquals(said[i], kept[i], step * Math.abs(said[i]));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void manyMappingsSayWhatOneSays(Precision precision, @TempDir Path other) throws IOException {
        PairedImages images = Shapes.drawn(300, 3);
        KnowledgeRequest request =
                new KnowledgeRequest(new PixelGuide("wide", 2000, 3), images, HIGH, KnownPoses.withMirror());
        gather(other, request.source(), images, true, precision);
        KnowledgeHeader header = KnowledgeHeader.of(request, precision);
        Path file = onlyKnowledgeIn(other);
        KnowledgeRows one = MappedRows.open(file, header);
        List<PlacedBytes.Mapping> mappings = List.of(
                new PlacedBytes.Mapping(2_500_000, Long.MAX_VALUE, Long.MAX_VALUE),
                new PlacedBytes.Mapping(1, Long.MAX_VALUE, Long.MAX_VALUE),
                new PlacedBytes.Mapping(1, 0, Long.MAX_VALUE),
                new PlacedBytes.Mapping(1, 0, 0));
        float[] row = new float[2003];
        float[] again = new float[2003];
        for (PlacedBytes.Mapping mapping : mappings) {
            KnowledgeRows many = MappedRows.open(file, header, mapping);
            for (int view = 0; view < request.views(); view++) {
                one.read(view, 0, row, 0, 2003);
                many.read(view, 0, again, 0, 2003);
                assertArrayEquals(row, again, "view " + view + ", " + mapping);
            }
            many.read(1, 2000, again, 1, 3);
            one.read(1, 2000, row, 1, 3);
            assertArrayEquals(row, again);
            many.close();
            assertThrows(IllegalStateException.class, () -> many.read(0, 0, row, 0, 1));
        }
        assertTrue(header.layout().blocks() > 2, "there was more than one mapping to make");
    }

    private void assertRefused(KnowledgeHeader wanted) {
        assertThrows(RefusedException.class, () -> MappedRows.open(file, wanted));
    }

    private static KnowledgeHeader wanted() {
        return KnowledgeHeader.of(new KnowledgeRequest(guide(), IMAGES, HIGH, KnownPoses.asIs()), Precision.FLOAT32);
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        KnowledgeHeader wanted = wanted();
        for (int at = 0; at < sound.length; at++) {
            byte[] broken = sound.clone();
            broken[at] ^= (byte) (1 << at % 8);
            Files.write(file, broken);
            assertRefused(wanted);
        }
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        KnowledgeHeader wanted = wanted();
        for (int length = 0; length < sound.length; length++) {
            Files.write(file, Arrays.copyOf(sound, length));
            assertRefused(wanted);
        }
    }

    /** What is wrong with a file, and what is said of it. */
    private record Wrong(String what, Damage damage, String said) {
        interface Damage {
            byte[] to(byte[] sound) throws IOException;
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private static Wrong.Damage flip(int at) {
        return sound -> {
            sound[at < 0 ? sound.length + at : at] ^= 4;
            return sound;
        };
    }

    /** Another value in a header whose checksum is right again. */
    private static Wrong.Damage stating(int at, long value, int bytes) {
        return sound -> {
            ByteBuffer all = ByteBuffer.wrap(sound).order(ByteOrder.LITTLE_ENDIAN);
            int length = all.getInt(12);
            for (int i = 0; i < bytes; i++) {
                sound[at + i] = (byte) (value >>> 8 * i);
            }
            CRC32C sum = new CRC32C();
            sum.update(sound, 0, length - 4);
            all.putInt(length - 4, (int) sum.getValue());
            return sound;
        };
    }

    private static Wrong.Damage replacedBy(
            Guide guide, PairedImages images, Resolution sees, boolean mirrored, Precision precision) {
        return sound -> {
            Path elsewhere = Files.createTempDirectory("knowledge");
            try {
                KnowledgeStore.inFolder(elsewhere, precision)
                        .of(guide, images, sees, mirrored ? KnownPoses.withMirror() : KnownPoses.asIs(), seen -> {});
                return Files.readAllBytes(onlyKnowledgeIn(elsewhere));
            } finally {
                try (Stream<Path> files = Files.list(elsewhere)) {
                    for (Path left : files.toList()) {
                        Files.delete(left);
                    }
                }
                Files.delete(elsewhere);
            }
        };
    }

    static Stream<Wrong> wrongs() {
        Precision whole = Precision.FLOAT32;
        return Stream.of(
                new Wrong("empty", sound -> new byte[0], "it is empty"),
                new Wrong("cut off in the header", sound -> Arrays.copyOf(sound, 30), "cut off within its header"),
                new Wrong(
                        "cut off in the rows",
                        sound -> Arrays.copyOf(sound, sound.length - 1),
                        "it is cut off: wanted 4336 bytes, got 4335"),
                new Wrong("too long", sound -> Arrays.copyOf(sound, sound.length + 1), "longer than it says"),
                new Wrong(
                        "another type",
                        sound -> "PK, something else entirely".getBytes(StandardCharsets.UTF_8),
                        "not knowledge written by this library"),
                new Wrong("another version", stating(8, 2, 4), "it is of version 2, this library reads version 1"),
                new Wrong("a bit of the header", flip(42), "the checksum of its header"),
                new Wrong("a bit of a checksum", flip(4096 - 16 - 8), "its table of checksums is damaged"),
                new Wrong("a bit of the checksum of checksums", flip(4096 - 8), "its table of checksums is damaged"),
                new Wrong("a bit of the first row", flip(4096), "its rows 0 to 9 are damaged"),
                new Wrong("a bit of the last row", flip(-1), "its rows 0 to 9 are damaged"),
                new Wrong(
                        "not finished",
                        sound -> {
                            Arrays.fill(sound, 4096 - 8, 4096, (byte) 0);
                            return sound;
                        },
                        "its table of checksums is damaged"),
                new Wrong(
                        "a header of 2 GiB", stating(12, Integer.MAX_VALUE, 4), "states a length of 2147483647 bytes"),
                new Wrong("a header of negative length", negativeLength(), "states a length of -"),
                new Wrong(
                        "2^62 rows",
                        stating(32, 1L << 62, 8),
                        "another number of rows: wanted 10 rows, got 4611686018427387904 rows"),
                new Wrong(
                        "embeddings of 2^31 − 1 values",
                        stating(20, Integer.MAX_VALUE, 4),
                        "its embeddings have another width"),
                new Wrong("a negative count of logits", stating(24, -2, 4), "its logits have another width"),
                new Wrong("blocks of no rows", stating(28, 0, 4), "its blocks have another size"),
                new Wrong("64 bits a value", stating(16, 64, 4), "it has another precision"),
                new Wrong(
                        "a name of 2 GiB",
                        stating(40, Integer.MAX_VALUE, 4),
                        "a name of its guide of 2147483647 bytes"),
                new Wrong("a name of negative length", stating(40, -1, 4), "a name of its guide of -1 bytes"),
                new Wrong(
                        "another guide",
                        replacedBy(new PixelGuide("others", 4, 2), IMAGES, HIGH, false, whole),
                        "it is of another guide: wanted guide pixels with logits of"),
                new Wrong(
                        "other images",
                        replacedBy(
                                guide(),
                                Shapes.drawn(20, 1).subset(10, 11, 12, 13, 14, 15, 16, 17, 18, 19),
                                HIGH,
                                false,
                                whole),
                        "it is of other images"),
                new Wrong(
                        "other pixels under the same names",
                        replacedBy(guide(), Shapes.drawn(10, 2), HIGH, false, whole),
                        "it is stale: the pixels"),
                new Wrong(
                        "another view",
                        replacedBy(guide(), IMAGES, HIGH, true, whole),
                        "it is of another view: wanted view high, got view high-mirrored"),
                new Wrong(
                        "another precision",
                        replacedBy(guide(), IMAGES, HIGH, false, Precision.FLOAT16),
                        "it has another precision: wanted 32 bits a value, got 16 bits a value"));
    }

    /** The sign of the header's stated length; its checksum cannot be looked for then. */
    private static Wrong.Damage negativeLength() {
        return sound -> {
            sound[15] ^= (byte) 0x80;
            return sound;
        };
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    void whatIsWrongIsRefusedByNameAndBuiltAnew(Wrong wrong) throws IOException {
        byte[] broken = wrong.damage().to(sound.clone());
        assertNotEquals(-1, Arrays.mismatch(sound, broken));
        Files.write(file, broken);
        PixelGuide guide = guide();
        Knowledge knowledge;
        try (Log log = new Log()) {
            knowledge = gather(folder, guide, IMAGES, false, Precision.FLOAT32);
            assertTrue(
                    log.text().contains("WARN")
                            && log.text().contains(file + ": refused, ")
                            && log.text().contains(wrong.said()),
                    log.text());
            assertEquals(1, log.text().lines().count(), log.text());
        }
        assertEquals(IMAGES.size(), guide.asked);
        assertArrayEquals(sound, Files.readAllBytes(file));
        assertArrayEquals(
                embeddings(
                        KnowledgeStore.inMemory().of(guide(), IMAGES, HIGH, KnownPoses.asIs(), seen -> {}),
                        10,
                        Pose.IDENTITY),
                embeddings(knowledge, 10, Pose.IDENTITY));
    }

    @Test
    void aSoundFileIsReadAndTheGuideLeftAlone() {
        PixelGuide guide = guide();
        try (Log log = new Log()) {
            gather(folder, guide, IMAGES, false, Precision.FLOAT32);
            assertEquals("", log.text());
        }
        assertEquals(0, guide.asked);
    }

    @Test
    void picturesThatChangedUnderTheirNamesReplaceTheFile() throws IOException {
        PixelGuide guide = guide();
        gather(folder, guide, Shapes.drawn(10, 2), false, Precision.FLOAT32);
        assertEquals(10, guide.asked);
        assertEquals(file, onlyKnowledgeIn(folder));
        assertNotEquals(-1, Arrays.mismatch(sound, Files.readAllBytes(file)));
    }
}
