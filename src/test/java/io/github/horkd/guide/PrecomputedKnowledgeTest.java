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
        assertNotEquals(fromNpy.identity(), csv("a,0,1,2,4").identity());
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
                "|O; False; (3, 4); got '|O'; save a.astype('<f4')",
                "|b1; False; (3, 4); got '|b1'",
                "<c8; False; (3, 4); got '<c8'",
                "<f4; True; (3, 5); truncated",
                "<f4; True; (3, 3); got more",
                "<f4; False; (2000000000, 1); wanted values that fit into half the heap",
                "<f4; True; (2000000000, 1); wanted values that fit into half the heap",
                "<f4; False; (12,); wanted shape (N, D)",
                "<f4; False; (3, 2, 2); wanted shape (N, D)",
                "<f4; False; (); wanted shape (N, D)",
                "<f4; False; (0, 4); wanted shape (N, D)",
                "<f4; False; (3, 5); truncated",
                "<f4; False; (3, 3); got more",
                "<f4; False; (1000000, 4); truncated",
                "<f4; False; (2000000000, 1000); fit into half the heap",
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
        arrays.put("embeddings", npy("<c8", false, "(3, 4)", floats(ByteOrder.BIG_ENDIAN)));
        assertTold("array 'embeddings': wanted floats", () -> load(arrays));
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
                "a\t1\t2|b\t3\t4; wanted commas between fields",
                "a,1,2|a,3,4; duplicate name 'a'",
                "a,1,2|,3,4; row 2: wanted a name",
                "a,1,2|b,3,x; line 2 ('b'): wanted a number, got 'x'",
                "a,1,2|b,3,NaN; line 2 ('b'): wanted a finite number, got 'NaN'",
                "a,1,2|b,3,1e99; 'b': wanted finite values",
                "a,1,2|b; line 2: wanted a name and numbers, got 'b' alone",
                "a,1,2|'\"b,3,4'; line 2: wanted a field in double quotes",
                "a,nan,2|b,3,4; line 1 ('a'): wanted a finite number, got 'nan'",
                "a,,2|b,3,4; line 1 ('a'): wanted a finite number, got ''",
                "a,inf,2|b,3,4; line 1 ('a'): wanted a finite number, got 'inf'",
                "a,NA,NA|b,3,4; line 1 ('a'): wanted a finite number, got 'NA'",
                "name,x,2|b,3,4; line 1 ('name'): wanted a number, got 'x'",
                "face,0,1|b,3,4; line 1 ('face'): it may be a heading",
                "a,1f,2|b,3,4; line 1 ('a'): wanted a number, got '1f'",
                "a,0x1p3,2|b,3,4; line 1 ('a'): wanted a number, got '0x1p3'",
                "',name,0,1|0,anna,1,2'; line 1: the first column has no name and the second is called 'name'",
                "a<0,5|b<0,7; line 1 ('a<0'): wanted commas between fields and points in numbers",
                "name,label,x|a,3,1; line 1: the column 'label' is no value of an embedding",
                "file,dim_0,dim_1,class_id|a,1,2,3; line 1: the column 'class_id' is no value",
                "name,x,y; got none",
                "|; got none"
            })
    void wrongLinesAreRefused(String lines, String told) {
        assertTold(
                told.replace('<', ';'),
                () -> csv(lines.replace('|', '\n').replace("'", "").replace('<', ';')));
    }

    @Test
    void pathsOfWindowsAndShellsAreTheSameNames() {
        assertKnows(csv("anna\\1.png,0.0,1,2,3\n./bert/2.png,4,5,6,7\n\"çelik, \"\"ç\"\"\",8,9,10,11\n"));
        assertTold("duplicate name 'anna/1.png'", () -> csv("anna\\1.png,0.5,1\nanna/1.png,4,5\n"));
    }

    @Test
    void whatIsNoTextIsCalledByItsName() throws IOException {
        Path file = folder.resolve("teacher.csv");
        Files.write(file, new byte[] {0x1f, (byte) 0x8b, 8, 0, (byte) 0xff});
        assertTold("packed by gzip; unpack it", () -> PrecomputedKnowledge.csv(file));
        Files.write(file, "\ufeffa,1".getBytes(StandardCharsets.UTF_16LE));
        assertTold("UTF-16; save it as UTF-8", () -> PrecomputedKnowledge.csv(file));
    }

    /** What pandas and spreadsheets write: all of it is the same table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                ",0,1,2,3|A,0.0,1.0,2.0,3.0|B,4,5,6,7|C,8,9,10,11",
                "name,0,1,2,3|A,0.0,1.0,2.0,3.0|B,4,5,6,7|C,8,9,10,11",
                "Unnamed: 0,1,2,3,4|A,0,1,2,3|B,4,5,6,7|C,8,9,10,11",
                "file,dim_0,dim_1,dim_2,dim_3|A,0,1,2,3|B,4,5,6,7|C,8,9,10,11",
                "'','0','1','2','3'|A,'0.0','1.0','2.0','3.0'|B,'4','5','6','7'|C,'8','9','10','11'",
                "A,0.0,1.0,2.0,3.0|B, 4 ,5e0,+6,.7E1|C,8,9,10,11",
                "|A,0.,1,2,3||B,4,5,6,7|C,8,9,10,11|"
            })
    void tablesAsOthersWriteThemAreReadAsMeant(String table) {
        String text = table.replace('\'', '"').replace("|", "\r\n");
        for (int i = 0; i < 3; i++) {
            text = text.replace("\n" + (char) ('A' + i), "\n\"" + NAMES.get(i).replace("\"", "\"\"") + "\"");
        }
        text = text.startsWith("A,") ? "\"" + NAMES.get(0) + "\"" + text.substring(1) : text;
        assertKnows(csv(text));
    }

    /** Every type and order of NumPy is the same table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<f2", ">f2", "<f4", ">f4", "<f8", ">f8", "|i1", "|u1", "<i2", ">i2", "<u2", ">u4", "<i4", ">i8", "<u8"
            })
    void arraysOfEveryTypeAndOrderAreReadAsMeant(String type) {
        for (boolean columnOrder : new boolean[] {false, true}) {
            int bytes = type.charAt(2) - '0';
            ByteBuffer all = ByteBuffer.allocate(12 * bytes)
                    .order(type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 12; i++) {
                int value = (int) (columnOrder ? VALUES[i % 3][i / 3] : VALUES[i / 4][i % 4]);
                put(all, type, value);
            }
            assertKnows(npy(npy(type, columnOrder, "(3, 4)", all.array())));
            assertKnows(npy(npy(type, columnOrder, "(3L, 4L)", all.array())));
        }
    }

    private static void put(ByteBuffer to, String type, int value) {
        switch (type.substring(1)) {
            case "f2" -> to.putShort(io.github.horkd.internal.rows.Float16.of(value));
            case "f4" -> to.putFloat(value);
            case "f8" -> to.putDouble(value);
            case "i1", "u1" -> to.put((byte) value);
            case "i2", "u2" -> to.putShort((short) value);
            case "i4", "u4" -> to.putInt(value);
            default -> to.putLong(value);
        }
    }

    @Test
    void theHighestBitOfAWholeNumberIsItsSignOrNot() throws IOException {
        assertEquals(255, first("|u1", 0xff));
        assertEquals(-1, first("|i1", 0xff));
        assertEquals(65535, first("<u2", 0xffff));
        assertEquals(-2, first("<i2", 0xfffe));
        assertEquals(4294967295f, first("<u4", 0xffffffff));
        assertEquals(-1, first("<i4", 0xffffffff));
        assertEquals(18446744073709551615f, first("<u8", -1));
        assertEquals(-1, first("<i8", -1));
        assertEquals(-0.5f, first("<f2", 0xb800));
        assertEquals(0x1p-24f, first("<f2", 1));
    }

    private static float first(String type, long bits) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bits)
                .flip();
        return NpyType.of(type).next(bytes);
    }

    /** A wide array in column order is longer than the pieces it is read in. */
    @Test
    void longColumnsAreTurnedIntoRows() throws IOException {
        int count = 150_000;
        ByteBuffer all = ByteBuffer.allocate(2 * 2 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 2 * count; i++) {
            all.putShort((short) (i % 30_000));
        }
        List<float[]> rows = NpyArray.open(
                        new java.io.ByteArrayInputStream(npy("<i2", true, "(" + count + ", 2)", all.array())))
                .rows();
        assertEquals(count, rows.size());
        for (int i : new int[] {0, 65_535, 65_536, 131_072, count - 1}) {
            assertEquals(i % 30_000, rows.get(i)[0]);
            assertEquals((count + i) % 30_000, rows.get(i)[1]);
        }
    }

    @Test
    void archivesThatClaimOrUnpackTooMuchAreRefused() throws IOException {
        Map<String, byte[]> arrays = new LinkedHashMap<>(Map.of("embeddings", embeddings()));
        arrays.put("names", npy("<U0", false, "(1000000000000,)", new byte[0]));
        assertTold("array 'names': wanted strings of 1 to", () -> load(arrays));
        arrays.put("names", npy("<U1", false, "(1000000000000,)", new byte[0]));
        assertTold("array 'names': wanted values that fit into half the heap", () -> load(arrays));
        arrays.put("names", npy("<U100", false, "(3,)", new byte[1200]));
        assertTold("array 'names': row 1: wanted a name, got none", () -> load(arrays));
        arrays.put("names", names(NAMES));
        arrays.put("embeddings", npy("|u1", false, "(20, 1000000)", new byte[20_000_000]));
        assertTold("array 'embeddings': it unpacks to more than 200 times its size", () -> load(arrays));
    }

    @Test
    void aLineWithoutEndIsRefused() throws IOException {
        Path file = folder.resolve("teacher.csv");
        try (var out = Files.newBufferedWriter(file)) {
            out.write("a,1,2\nb,3,");
            for (int i = 0; i < 17; i++) {
                out.write("4".repeat(1 << 20));
            }
        }
        assertTold("line 2: wanted at most 16777216 characters", () -> PrecomputedKnowledge.csv(file));
        Files.writeString(file, ",".repeat(3 << 20));
        assertTold("line 1: wanted at most 1048577 fields", () -> PrecomputedKnowledge.csv(file));
    }

    @Test
    void accentsMayBeComposedOrNot() {
        PrecomputedKnowledge knowledge = csv("Jose\u0301/1.png,1,2\n\u00e9,3,4\n");
        assertEquals(
                Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}}),
                recall(knowledge, Pose.IDENTITY, "Jos\u00e9/1.png", "e\u0301").embeddings());
        assertTold("duplicate name", () -> csv("Jose\u0301,1,2\nJos\u00e9,3,4\n"));
    }

    @Test
    void classesHaveNamesOrNumbers() throws IOException {
        byte[] logits = npy("<f4", false, "(3, 2)", Arrays.copyOf(floats(ByteOrder.LITTLE_ENDIAN), 24));
        Map<String, byte[]> arrays =
                new LinkedHashMap<>(Map.of("names", names(NAMES), "embeddings", embeddings(), "logits", logits));
        assertEquals(List.of("0", "1"), load(arrays).classes());
        arrays.put("classes", names(List.of("cat", "dog")));
        assertEquals(List.of("cat", "dog"), load(arrays).classes());
        arrays.put("classes", names(List.of("cat", "cat")));
        assertTold("array 'classes': wanted a name of its own for each of 2 logits", () -> load(arrays));
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
