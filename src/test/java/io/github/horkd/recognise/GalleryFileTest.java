package io.github.horkd.recognise;

import io.github.horkd.guide.EmbeddingSpace;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.LocalScaling;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GalleryFileTest {

    @TempDir
    private Path folder;

    private Path file;
    private byte[] saved;

    private static Gallery gallery(PerIdentity perIdentity) {
        GalleryBuilder builder = Gallery.builder(perIdentity, new FakeGuide("teacher", 2), new FakeGuide("student", 2));
        builder.enrol("anna", GalleryTest.angles(0, 40));
        builder.enrol("Zoë 東京", GalleryTest.angles(90));
        return builder.build();
    }

    private static LocalScaling scaling() {
        return LocalScaling.of(GalleryTest.angles(0, 10, 20, 200), GalleryTest.angles(5, 100, 300), 2);
    }

    @Test
    void keepsItsLocalScaling() throws IOException {
        assertEquals(2, ByteBuffer.wrap(saved).getInt(8)); // As libraries of before read it.
        Gallery before = gallery(PerIdentity.MEAN_TEMPLATE).toBuilder()
                .localScaling(scaling())
                .build();
        before.save(file);
        assertEquals(3, ByteBuffer.wrap(Files.readAllBytes(file)).getInt(8));
        Gallery after = Gallery.load(file);
        assertEquals(Optional.of(scaling()), after.localScaling());
        assertEquals(
                before.identify(GalleryTest.angles(3, 80, 250), 2), after.identify(GalleryTest.angles(3, 80, 250), 2));
        byte[] sound = Files.readAllBytes(file);
        for (int at = 0; at < sound.length; at++) {
            byte[] changed = sound.clone();
            changed[at] ^= 1;
            Files.write(file, changed);
            String message = assertThrows(UncheckedIOException.class, () -> Gallery.load(file))
                    .getMessage();
            assertTrue(message.contains(file.toString()), message);
        }
    }

    @BeforeEach
    void save() throws IOException {
        file = folder.resolve("people.gallery");
        gallery(PerIdentity.BEST_TEMPLATE).save(file);
        saved = Files.readAllBytes(file);
    }

    @ParameterizedTest
    @EnumSource(PerIdentity.class)
    void survivesTheTrip(PerIdentity perIdentity) throws IOException {
        Gallery before = gallery(perIdentity);
        before.save(file);
        Gallery after = Gallery.load(file);
        assertEquals(before.identities(), after.identities());
        assertEquals(before.guides(), after.guides());
        assertEquals(perIdentity, after.perIdentity());
        assertEquals(2, after.templates("anna"));
        assertArrayEquals(rows(before), rows(after));
        assertEquals(before.identify(GalleryTest.angles(33, 80), 2), after.identify(GalleryTest.angles(33, 80), 2));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }

    /** A student that knows the space that it was taught in. */
    private record Taught(FakeGuide guide, EmbeddingSpace space) implements Guide {
        @Override
        public Optional<EmbeddingSpace> embeddingSpace() {
            return Optional.of(space);
        }

        @Override
        public Input input() {
            return guide.input();
        }

        @Override
        public List<String> classes() {
            return List.of();
        }

        @Override
        public int embeddingWidth() {
            return guide.embeddingWidth();
        }

        @Override
        public String identity() {
            return "taught";
        }

        @Override
        public Output output(INDArray images) {
            return guide.output(images);
        }
    }

    @Test
    void theEmptyGallerySurvivesToo() {
        Gallery.builder(PerIdentity.MEAN_TEMPLATE, new FakeGuide("teacher", 7))
                .build()
                .save(file);
        assertEquals(List.of(), Gallery.load(file).identities());
        assertEquals(7, Gallery.load(file).width());
    }

    @Test
    void manyRowsSurviveTheTrip() {
        Random random = new Random(1);
        float[][] rows = new float[20_000][3];
        for (float[] row : rows) {
            for (int d = 0; d < 3; d++) {
                row[d] = random.nextFloat();
            }
        }
        for (TemplatePrecision precision : TemplatePrecision.values()) {
            GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, new FakeGuide("g", 3))
                    .precision(precision);
            builder.enrol("all", Nd4j.create(rows));
            Gallery gallery = builder.build();
            gallery.save(file);
            assertEquals(precision, Gallery.load(file).precision());
            assertArrayEquals(rows(gallery), rows(Gallery.load(file)));
        }
    }

    private static float[] rows(Gallery gallery) {
        float[] all = new float[gallery.templates() * gallery.width()];
        int[] at = new int[1];
        gallery.forEachTemplate((identity, row) -> {
            System.arraycopy(row, 0, all, at[0], row.length);
            at[0] += row.length;
        });
        return all;
    }

    @Test
    void templatesThatAreNoUnitRowsAreRefused() throws IOException {
        for (float factor : new float[] {1000, 0, Float.NaN, Float.POSITIVE_INFINITY}) {
            Files.write(file, written(2, 1, 1, factor));
            assertTrue(refusal().contains("a template of anna is of length"), refusal());
        }
    }

    @Test
    void spacesSurviveTheTrip() {
        INDArray raw = Nd4j.create(new float[][] {{5, 1, 0}, {5, -1, 0.5f}, {6, 0, 1}, {5.5f, 0.5f, -1}});
        EmbeddingSpace space = EmbeddingSpace.fit(raw);
        FakeGuide teacher = new FakeGuide("teacher", 3);
        FakeGuide student = new FakeGuide("student", 3);
        GalleryBuilder builder =
                Gallery.builder(PerIdentity.BEST_TEMPLATE, student).acceptInto(space, teacher);
        builder.enrol("anna", teacher, raw.getRow(0, true).reshape(1, 1, 1, 3));
        builder.build().save(file);
        Gallery after = Gallery.load(file);
        assertEquals(List.of("student", "teacher"), after.guides());
        INDArray image = raw.getRow(1, true).reshape(1, 1, 1, 3);
        assertEquals(space.apply(raw.getRow(1, true)), after.embed(teacher, image));
        assertEquals(raw.getRow(1, true), after.embed(student, image));
        assertEquals(
                1,
                after.identify(space.apply(raw.getRow(0, true)), 1)
                        .get(0)
                        .best()
                        .orElseThrow()
                        .similarity(),
                1e-6);
        // The other way: a gallery of raw descriptors that was there before the student.
        GalleryBuilder old = Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher);
        old.enrol("anna", raw.getRow(0, true));
        old.build().save(file);
        Gallery going =
                Gallery.load(file).toBuilder().acceptBackFrom(space, student).build();
        going.save(file);
        INDArray answer = space.apply(raw.getRow(2, true));
        assertEquals(space.toRaw(answer), Gallery.load(file).embed(student, answer.reshape(1, 1, 1, 3)));
        Guide taught = new Taught(student, space);
        Gallery found = Gallery.load(file).toBuilder().accept(taught).build();
        assertEquals(space.toRaw(answer), found.embed(taught, answer.reshape(1, 1, 1, 3)), "it knows its space");
        Gallery spaced =
                Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher, taught).build();
        spaced.save(file);
        assertEquals(answer, Gallery.load(file).embed(taught, answer.reshape(1, 1, 1, 3)));
        assertEquals(space.apply(raw.getRow(1, true)), Gallery.load(file).embed(teacher, image));
        Guide elsewhere = new Taught(new FakeGuide("other", 3), EmbeddingSpace.raw(3));
        assertThrows(
                IllegalArgumentException.class,
                () -> Gallery.load(file).toBuilder().accept(elsewhere));
        assertThrows(
                IllegalArgumentException.class,
                () -> Gallery.builder(PerIdentity.BEST_TEMPLATE, new FakeGuide("narrow", 2))
                        .acceptInto(space, teacher));
    }

    @Test
    void theWayInWhichANetworkComesStaysOnceSomebodyIsEnrolled() {
        INDArray raw = Nd4j.create(new float[][] {{5, 1, 0}, {5, -1, 0.5f}, {6, 0, 1}, {5.5f, 0.5f, -1}});
        EmbeddingSpace space = EmbeddingSpace.fit(raw);
        FakeGuide teacher = new FakeGuide("teacher", 3);
        GalleryBuilder builder = Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher);
        builder.acceptInto(space, teacher);
        builder.enrol("anna", teacher, raw.getRow(0, true).reshape(1, 1, 1, 3));
        builder.acceptInto(space, teacher); // as before
        GalleryBuilder old = Gallery.builder(PerIdentity.BEST_TEMPLATE, teacher);
        old.enrol("anna", raw.getRow(0, true));
        String message = assertThrows(IllegalArgumentException.class, () -> old.acceptInto(space, teacher))
                .getMessage();
        assertTrue(message.contains("as it is before, and 1 identities are enrolled"), message);
        assertThrows(IllegalArgumentException.class, () -> old.acceptBackFrom(space, teacher));
        assertThrows(
                IllegalArgumentException.class, () -> old.build().toBuilder().acceptInto(space, teacher));
        assertEquals(List.of("teacher"), old.accept(teacher).build().guides());
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.acceptInto(EmbeddingSpace.fit(raw.mul(2)), new FakeGuide("other", 3)),
                "one gallery, one space");
        assertThrows(
                IllegalArgumentException.class,
                () -> builder.acceptBackFrom(space, new FakeGuide("other", 3)),
                "nor is it raw");
    }

    private String refusal() {
        String message = assertThrows(UncheckedIOException.class, () -> Gallery.load(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()), message);
        return message;
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        for (int length = 0; length < saved.length; length++) {
            Files.write(file, Arrays.copyOf(saved, length));
            refusal();
        }
        assertTrue(refusal().contains("it is cut off"));
    }

    @Test
    void everyFlippedByteIsRefused() throws IOException {
        for (int at = 0; at < saved.length; at++) {
            byte[] broken = saved.clone();
            broken[at] ^= 0x11;
            Files.write(file, broken);
            refusal();
        }
        assertTrue(refusal().contains("checksum"), "the last byte is the checksum's");
    }

    @Test
    void foreignFilesAndVersionsAreRefused() throws IOException {
        Files.writeString(file, "PK something else entirely");
        assertTrue(refusal().contains("not a gallery"));
        Files.write(file, ByteBuffer.wrap(saved.clone()).putInt(8, 4).array());
        assertTrue(refusal().contains("it is of version 4, this library reads versions 1 to 3"));
        Files.write(file, Arrays.copyOf(saved, saved.length + 1));
        assertTrue(refusal()
                .contains("longer than it says: wanted " + saved.length + " bytes, got " + (saved.length + 1)));
        Files.delete(file);
        assertTrue(refusal().endsWith(": no such file"), refusal());
    }

    @Test
    void hostileCountsAreRefusedBeforeAnythingIsAllocated() throws IOException {
        for (int[] counts : new int[][] {
            {Integer.MAX_VALUE, Integer.MAX_VALUE},
            {2, Integer.MAX_VALUE},
            {1 << 30, 4},
            {2, 0},
            {0, 1},
            {-2, 1},
            {2, -1}
        }) {
            Files.write(file, written(counts[0], counts[1], 1));
            refusal();
        }
        Files.write(file, written(2, 1, Integer.MAX_VALUE));
        refusal();
        Files.write(file, written(2, 1, 1));
        assertEquals(1, Gallery.load(file).templates());
    }

    /** A file with one template of width 2 whose description says something else, under a right checksum. */
    private static byte[] written(int width, int templates, int identities) throws IOException {
        return written(width, templates, identities, 1);
    }

    /** In version 1, which this version has to read. */
    private static byte[] written(int width, int templates, int identities, float value) throws IOException {
        ByteArrayOutputStream description = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(description);
        out.writeByte(0);
        out.writeInt(width);
        out.writeInt(1);
        out.writeUTF("teacher");
        out.writeInt(identities);
        out.writeUTF("anna");
        out.writeInt(templates);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        out = new DataOutputStream(bytes);
        out.writeBytes("HORKDGAL");
        out.writeInt(1);
        out.writeInt(description.size());
        out.write(description.toByteArray());
        out.writeFloat(value);
        out.writeFloat(0);
        CRC32C sum = new CRC32C();
        sum.update(bytes.toByteArray());
        out.writeLong(sum.getValue());
        return bytes.toByteArray();
    }

    @Test
    void aFailedSaveLeavesNothingBehind() throws IOException {
        Path taken = Files.createDirectories(folder.resolve("taken/inside")).getParent();
        String message = assertThrows(
                        UncheckedIOException.class,
                        () -> gallery(PerIdentity.BEST_TEMPLATE).save(taken))
                .getMessage();
        assertTrue(message.startsWith(taken.toString()), message);
        assertThrows(
                UncheckedIOException.class,
                () -> gallery(PerIdentity.BEST_TEMPLATE).save(file.resolve("people.gallery")),
                "a file is no directory");
        try (var left = Files.list(folder)) {
            assertEquals(List.of(file, taken), left.sorted().toList());
        }
        assertArrayEquals(saved, Files.readAllBytes(file));
    }
}
