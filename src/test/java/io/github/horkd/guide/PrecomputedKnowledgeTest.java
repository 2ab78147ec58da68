package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PrecomputedKnowledgeTest {

    private static final ImageShape SHAPE = ImageShape.gray(8);
    private static final float[][] VALUES = {{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10, 11}};
    private static final List<String> NAMES = List.of("anna/1.png", "bert/2.png", "çelik, \"ç\"");

    @TempDir
    Path folder;

    /** What np.save writes. */
    private static byte[] npy(String type, boolean columnOrder, String shape, byte[] values) {
        return npy(
                1,
                "{'descr': '" + type + "', 'fortran_order': " + (columnOrder ? "True" : "False") + ", 'shape': " + shape
                        + ", }",
                values);
    }

    private static byte[] npy(int version, String header, byte[] values) {
        int lead = version == 1 ? 10 : 12;
        String padded = header + " ".repeat(63 - (lead + header.length()) % 64) + "\n";
        byte[] text = padded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(lead + text.length + values.length).order(ByteOrder.LITTLE_ENDIAN);
        all.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) version)
                .put((byte) 0);
        if (version == 1) {
            all.putShort((short) text.length);
        } else {
            all.putInt(text.length);
        }
        return all.put(text).put(values).array();
    }

    private static byte[] floats(ByteOrder order) {
        ByteBuffer all = ByteBuffer.allocate(48).order(order);
        for (float[] row : VALUES) {
            for (float value : row) {
                all.putFloat(value);
            }
        }
        return all.array();
    }

    private static byte[] embeddings() {
        return npy("<f4", false, "(3, 4)", floats(ByteOrder.LITTLE_ENDIAN));
    }

    private static byte[] names(List<String> names) {
        int width = names.stream().mapToInt(String::length).max().orElse(1);
        ByteBuffer all = ByteBuffer.allocate(names.size() * width * 4);
        for (String name : names) {
            all.put(Arrays.copyOf(name.getBytes(Charset.forName("UTF-32LE")), width * 4));
        }
        return npy("<U" + width, false, "(" + names.size() + ",)", all.array());
    }

    private Path npz(Map<String, byte[]> arrays) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
            }
        }
        return Files.write(folder.resolve("teacher.npz"), bytes.toByteArray());
    }

    private Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PrecomputedKnowledge npy(byte[] embeddings) {
        return PrecomputedKnowledge.npy(
                write("teacher.npy", embeddings),
                write("names.txt", String.join("\n", NAMES).getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aMarkInFrontOfTheNamesIsNoPartOfThem() {
        assertKnows(PrecomputedKnowledge.npy(
                write("teacher.npy", embeddings()),
                write("names.txt", ("\uFEFF" + String.join("\r\n", NAMES) + "\r\n").getBytes(StandardCharsets.UTF_8))));
    }

    private PrecomputedKnowledge csv(String text) {
        return PrecomputedKnowledge.csv(write("teacher.csv", text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertKnows(PrecomputedKnowledge knowledge) {
        assertEquals(false, knowledge.seesPixels());
        assertEquals(4, knowledge.embeddingWidth());
        INDArray seen = recall(knowledge, Pose.IDENTITY, NAMES.get(2), NAMES.get(0), NAMES.get(2))
                .embeddings();
        assertEquals(Nd4j.createFromArray(new float[][] {VALUES[2], VALUES[0], VALUES[2]}), seen);
    }

    private static void assertTold(String part, Runnable reading) {
        UncheckedIOException told = assertThrows(UncheckedIOException.class, reading::run);
        assertTrue(told.getMessage().contains(part) && told.getMessage().contains("teacher."), told.getMessage());
    }

    @Test
    void allFormatsSayTheSame() throws IOException {
        PrecomputedKnowledge fromNpy = npy(embeddings());
        PrecomputedKnowledge fromNpz =
                PrecomputedKnowledge.npz(npz(Map.of("names", names(NAMES), "embeddings", embeddings())));
        PrecomputedKnowledge fromCsv = csv(
                "\uFEFFname,e0,e1,e2,e3\nanna/1.png,0,1,2,3\r\n\nbert/2.png,4,5,6.0,7e0\n\"çelik, \"\"ç\"\"\",8,9, 10,11\n");
        for (PrecomputedKnowledge knowledge : List.of(fromNpy, fromNpz, fromCsv)) {
            assertKnows(knowledge);
            assertEquals(0, knowledge.classes().size());
            assertEquals(fromNpy.identity(), knowledge.identity());
        }
        assertNotEquals(fromNpy.identity(), csv("a,0,1,2,3").identity());
    }

    @Test
    void doublesAreNarrowedAndLaterVersionsRead() {
        ByteBuffer doubles = ByteBuffer.allocate(96).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : VALUES) {
            for (float value : row) {
                doubles.putDouble(value);
            }
        }
        assertKnows(npy(npy("<f8", false, "(3, 4)", doubles.array())));
        for (int version = 1; version <= 3; version++) {
            assertKnows(npy(npy(
                    version,
                    "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }",
                    floats(ByteOrder.LITTLE_ENDIAN))));
        }
    }

    @Test
    void logitsComeAlong() throws IOException {
        byte[] logits = npy("<f4", false, "(3, 2)", Arrays.copyOf(floats(ByteOrder.LITTLE_ENDIAN), 24));
        PrecomputedKnowledge knowledge = PrecomputedKnowledge.npz(
                npz(Map.of("names", names(NAMES), "embeddings", embeddings(), "logits", logits)));
        assertEquals(2, knowledge.classes().size());
        assertEquals(
                Nd4j.createFromArray(new float[][] {{2, 3}}),
                recall(knowledge, Pose.IDENTITY, NAMES.get(1)).logits().orElseThrow());
        assertTold("3 names, 3 embeddings and 2 logits", () -> {
            try {
                PrecomputedKnowledge.npz(npz(Map.of(
                        "names",
                        names(NAMES),
                        "embeddings",
                        embeddings(),
                        "logits",
                        npy("<f4", false, "(2, 2)", new byte[16]))));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void mirrorImagesHaveTheirOwnRowWhereThereIsOne() {
        PrecomputedKnowledge knowledge = csv("a,1,2\nb,3,4\na#mirrored,5,6\n");
        assertEquals(
                Nd4j.createFromArray(new float[][] {{5, 6}, {3, 4}}),
                recall(knowledge, Pose.MIRRORED, "a", "b").embeddings());
        assertEquals(
                Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}),
                recall(knowledge, Pose.IDENTITY, "a", "b").embeddings());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                ">f4; False; (3, 4); got '>f4'; save a.astype('<f4')",
                "<f2; False; (3, 4); got '<f2'",
                "<i8; False; (3, 4); got '<i8'",
                "|O; False; (3, 4); got '|O'",
                "<f4; True; (3, 4); column order",
                "<f4; False; (12,); wanted shape (N, D)",
                "<f4; False; (3, 2, 2); wanted shape (N, D)",
                "<f4; False; (); wanted shape (N, D)",
                "<f4; False; (0, 4); wanted shape (N, D)",
                "<f4; False; (3, 5); truncated",
                "<f4; False; (3, 3); got more",
                "<f4; False; (1000000, 4); truncated",
                "<f4; False; (2000000000, 1000); fit into the heap",
                "<f4; False; (3, 2000000000); D at most",
                "<f4; False; (99999999999999999999, 4); not a shape",
                "<f4; False; (-3, 4); not a header",
                "<f4; False; __import__('os'); not a header"
            })
    void wrongArraysAreRefused(String type, String columnOrder, String shape, String told) {
        assertTold(told, () -> npy(npy(type, columnOrder.equals("True"), shape, floats(ByteOrder.LITTLE_ENDIAN))));
    }

    @Test
    void truncatedAndHostileArraysAreRefused() throws IOException {
        byte[] good = embeddings();
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertTold("teacher.npy", () -> npy(cut));
        }
        byte[] long2 =
                npy(2, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }", floats(ByteOrder.LITTLE_ENDIAN));
        Arrays.fill(long2, 8, 12, (byte) 0xff);
        assertTold("header of at most", () -> npy(long2));
        assertTold("version 1 to 3, got 9", () -> npy(npy(9, "{}", new byte[0])));
        Random random = new Random(1);
        for (int round = 0; round < 500; round++) {
            byte[] hostile = good.clone();
            hostile[random.nextInt(hostile.length - 48)] = (byte) random.nextInt();
            try {
                assertEquals(4, npy(hostile).embeddingWidth());
            } catch (UncheckedIOException told) {
                assertTrue(told.getMessage().contains("teacher.npy"), told.getMessage());
            }
        }
    }

    @Test
    void wrongArchivesAreRefused() throws IOException {
        Map<String, byte[]> arrays = new LinkedHashMap<>(Map.of("names", names(NAMES)));
        assertTold("wanted an array 'embeddings', got [names.npy]", () -> load(arrays));
        arrays.put("embeddings", npy(">f4", false, "(3, 4)", floats(ByteOrder.BIG_ENDIAN)));
        assertTold("array 'embeddings': wanted little-endian", () -> load(arrays));
        arrays.put("embeddings", embeddings());
        arrays.put("names", npy("|O", false, "(3,)", new byte[10]));
        assertTold("array 'names': wanted a one-dimensional array of strings", () -> load(arrays));
        arrays.put("names", names(List.of("a", "b")));
        assertTold("2 names, 3 embeddings", () -> load(arrays));
        arrays.put("names", names(List.of("a", "b", "a")));
        assertTold("duplicate name 'a': rows 1 and 3", () -> load(arrays));
        byte[] whole = Files.readAllBytes(npz(arrays));
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 1}) {
            Path cut = write("teacher.cut", Arrays.copyOf(whole, length));
            assertTold("teacher.cut", () -> PrecomputedKnowledge.npz(cut));
        }
        assertTold("no such file", () -> PrecomputedKnowledge.npz(folder.resolve("teacher.missing")));
    }

    private PrecomputedKnowledge load(Map<String, byte[]> arrays) {
        try {
            return PrecomputedKnowledge.npz(npz(arrays));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "a,1,2|b,3; line 2 ('b'): wanted 2 values, got 1",
                "a,1,2|a,3,4; duplicate name 'a'",
                "a,1,2|,3,4; row 2: wanted a name",
                "a,1,2|b,3,x; line 2 ('b'): wanted a number, got 'x'",
                "a,1,2|b,3,NaN; 'b': wanted finite values",
                "a,1,2|b,3,1e99; 'b': wanted finite values",
                "a,1,2|b; line 2: wanted a name and numbers, got 'b' alone",
                "a,1,2|'\"b,3,4'; line 2: wanted a name in double quotes",
                "name,x,y; got none",
                "|; got none"
            })
    void wrongLinesAreRefused(String lines, String told) {
        assertTold(told, () -> csv(lines.replace('|', '\n').replace("'", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"teacher.csv", "teacher.npy"})
    void missingFilesAreNamed(String name) {
        Path missing = folder.resolve(name);
        assertTold(name, () -> {
            if (name.endsWith("csv")) {
                PrecomputedKnowledge.csv(missing);
            } else {
                PrecomputedKnowledge.npy(missing, write("names.txt", new byte[0]));
            }
        });
    }

    @Test
    void otherEncodingsAreTold() {
        assertTold(
                "not UTF-8",
                () -> PrecomputedKnowledge.csv(
                        write("teacher.csv", "Jos\u00e9,1,2".getBytes(StandardCharsets.ISO_8859_1))));
    }

    @Test
    void missingNamesAreCountedAndShown() {
        PrecomputedKnowledge knowledge = csv("image0,1,2\nimage2,3,4");
        knowledge.require(named("image0", "image2"), Resolution.HIGH);
        IllegalArgumentException told = assertThrows(
                IllegalArgumentException.class,
                () -> knowledge.require(named("image0", "image1", "image3"), Resolution.HIGH));
        assertTrue(
                told.getMessage().contains("2 of 3 images, first [image1, image3]; it knows 2 names, such as 'image"),
                told.getMessage());
        assertThrows(IllegalArgumentException.class, () -> recall(knowledge, Pose.MIRRORED, "image1"));
    }

    private static KnowledgeSource.Output recall(PrecomputedKnowledge knowledge, Pose pose, String... names) {
        return knowledge.outputs(
                named(names),
                Resolution.HIGH,
                IntStream.range(0, names.length).toArray(),
                Collections.nCopies(names.length, pose).toArray(Pose[]::new));
    }

    private static PairedImages named(String... names) {
        return new PairedImages() {
            @Override
            public int size() {
                return names.length;
            }

            @Override
            public ImageShape shape(Resolution resolution) {
                return SHAPE;
            }

            @Override
            public List<String> classes() {
                return List.of();
            }

            @Override
            public int label(int index) {
                return UNLABELLED;
            }

            @Override
            public String name(int index) {
                return names[index];
            }

            @Override
            public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
                throw new AssertionError("names are enough");
            }
        };
    }

    @Test
    void takesAnswersThatAProgramHasAtHand() {
        var names = java.util.List.of("a", "b", "a" + PrecomputedKnowledge.MIRRORED);
        var rows = org.nd4j.linalg.factory.Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}, {5, 6}});
        var knowledge = PrecomputedKnowledge.of(names, rows);
        assertEquals(2, knowledge.embeddingWidth());
        assertEquals(PrecomputedKnowledge.of(names, rows.dup('f')).identity(), knowledge.identity());
        assertThrows(IllegalArgumentException.class, () -> PrecomputedKnowledge.of(java.util.List.of("a", "b"), rows));
        assertThrows(
                IllegalArgumentException.class, () -> PrecomputedKnowledge.of(java.util.List.of("a", "b", "a"), rows));
        assertThrows(
                IllegalArgumentException.class,
                () -> PrecomputedKnowledge.of(
                        java.util.List.of("a", "b", "c"), rows.dup().putScalar(1, Float.NaN)));
    }
}
