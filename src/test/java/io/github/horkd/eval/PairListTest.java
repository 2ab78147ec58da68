package io.github.horkd.eval;

import io.github.horkd.data.ImageShape;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PairListTest {

    private static final String FOLDED = "2\t1\nAnna\t1\t2\nAnna\t1\tBea\t3\nBea\t1\t3\nBea\t2\tCleo\t1\n";

    private static ProtocolLines lines(String text) {
        return new ProtocolLines("list.txt", List.of(text.split("\n", -1)));
    }

    @Test
    void readsFoldsAndMapsToImages() {
        PairList list = PairList.parse(lines(FOLDED));
        assertEquals(2, list.folds());
        assertEquals(new PairList.Entry("Bea", 2, "Cleo", 1, 1, 5), list.pairs().get(3));
        FakeImages images = FakeImages.named(
                ImageShape.gray(2),
                "lfw/Cleo/Cleo_0001.png",
                "lfw/Bea/Bea_0003.png",
                "lfw/Bea/Bea_0002.png",
                "lfw/Bea/Bea_0001.png",
                "lfw/Anna/Anna_0002.png",
                "lfw/Anna/Anna_0001.png");
        ImagePairs pairs = list.in(images);
        assertArrayEquals(new int[] {5, 5, 3, 2}, pairs.first());
        assertArrayEquals(new int[] {4, 1, 1, 0}, pairs.second());
        assertArrayEquals(new boolean[] {true, false, true, false}, pairs.same());
        assertArrayEquals(new int[] {0, 0, 1, 1}, pairs.folds());
        assertEquals("2 matched and 2 mismatched pairs in 2 folds", pairs.toString());
        assertEquals(
                List.of(2, 4),
                list.among(Set.of("Anna", "Bea")).pairs().stream()
                        .map(PairList.Entry::line)
                        .filter(line -> line % 2 == 0)
                        .toList());
        assertEquals(3, list.among(Set.of("Anna", "Bea")).pairs().size());
    }

    @Test
    void namesMayHaveTheirAccentsBesideTheLettersAndFilesAMarkInFront(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("pairs.txt"), "\ufeff1\r\nJose\u0301\t1\t2\r\nJos\u00e9\t1\tBea\t3\r\n");
        PairList list = PairList.read(file);
        FakeImages images = FakeImages.named(
                ImageShape.gray(2), "Jos\u00e9/Jos\u00e9_0001.png", "Jos\u00e9/Jos\u00e9_0002.png", "Bea/Bea_0003.png");
        assertArrayEquals(new int[] {1, 2}, list.in(images).second());
        assertEquals(2, list.among(Set.of("Jose\u0301", "Bea")).pairs().size());
        assertEquals(1, list.among(Set.of("Jos\u00e9")).pairs().size());
    }

    @Test
    void missingAndDoubleImagesAreTold() {
        PairList list = PairList.parse(lines("1\nAnna\t1\t2\nAnna\t1\tBea\t3"));
        var missing = assertThrows(
                IllegalArgumentException.class,
                () -> list.in(FakeImages.named(ImageShape.gray(2), "Anna/Anna_0001.png", "Anna/Anna_0002.png")));
        assertTrue(
                missing.getMessage().startsWith("pair of line 3: wanted an image Bea/Bea_0003"), missing.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> list.in(FakeImages.named(ImageShape.gray(2), "a/Anna/Anna_0001.png", "b/Anna/Anna_0001.jpg")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1~A|1|2~A|1|B|x; list.txt, line 3: wanted a mismatched pair (name, number, other name, number), got 'x'",
                "1~A|1|B|2~A|1|B|2; list.txt, line 2: wanted a matched pair (name, number, number), got 4 fields",
                "1~A|1|2; list.txt, line 3: wanted a mismatched pair (name, number, other name, number), got the end of the file",
                "1~A|1|2~A|1|B|2~A|1|B|3; list.txt, line 4: wanted the end of the file after 1 folds of 1 matched and 1 mismatched pairs, got 'A|1|B|3'",
                "1~A|0|2; list.txt, line 2: wanted a matched pair (name, number, number), got 0",
                "1~A|1|2~A|1|A|3; list.txt, line 3: wanted a mismatched pair (name, number, other name, number), got A twice",
                "x; list.txt, line 1: wanted a number of pairs, or folds and pairs per fold, got 'x'",
                "1~~A|1|2; list.txt, line 2: wanted a matched pair (name, number, number), got 1 fields",
                "1~ |1|2; list.txt, line 2: wanted a name, got nothing"
            })
    void errorsNameTheLine(String text, String message) {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> PairList.parse(lines(text.replace('~', '\n').replace('|', '\t'))));
        assertEquals(message.replace('|', '\t'), error.getMessage());
    }

    @Test
    void emptyAndMissingFilesAreTold(@TempDir Path folder) throws Exception {
        assertThrows(IllegalArgumentException.class, () -> PairList.parse(lines("")));
        Path file = folder.resolve("pairs.txt");
        assertTrue(assertThrows(UncheckedIOException.class, () -> PairList.read(file))
                .getMessage()
                .contains("pairs.txt"));
        Files.writeString(file, FOLDED);
        assertEquals(4, PairList.read(file).pairs().size());
        Files.writeString(file, "1\nAnna\t3\n");
        assertEquals(
                List.of(new PeopleList.Person("Anna", 3, 0)),
                PeopleList.read(file).people());
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThrows(UncheckedIOException.class, () -> PairList.read(file));
    }

    @Test
    void morePairsThanLinesAreRefusedAtOnce(@TempDir Path folder) throws java.io.IOException {
        for (String head : new String[] {"1073741824", "1073741824\t1073741824", "2147483647", "10\t300"}) {
            Path file = java.nio.file.Files.writeString(folder.resolve("pairs.txt"), head + "\nA\t1\t2\n");
            String told = assertThrows(IllegalArgumentException.class, () -> PairList.read(file))
                    .getMessage();
            assertTrue(told.contains("line 3") && told.contains("got the end of the file"), told);
        }
    }

    @Test
    void readsPeopleWithAndWithoutFolds() {
        PeopleList flat = PeopleList.parse(lines("2\nAnna\t3\nBea\t1\n"));
        assertEquals(List.of(new PeopleList.Person("Anna", 3, 0), new PeopleList.Person("Bea", 1, 0)), flat.people());
        PeopleList folded = PeopleList.parse(lines("2\n1\nAnna\t3\n2\nBea\t1\nCleo\t1"));
        assertEquals(List.of("Anna", "Bea", "Cleo"), List.copyOf(folded.names()));
        assertEquals(1, folded.people().get(2).fold());
        assertFalse(folded.names().contains("Dora"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "2~A|1~A|2; list.txt, line 3: wanted a new name, got A again",
                "2~A|1; list.txt, line 3: wanted a name and a number of images, got the end of the file",
                "1~A; list.txt, line 2: wanted a name and a number of images, got 1 fields",
                "1~A|1~B|1; list.txt, line 3: wanted the end of the file after 1 people, got 'B|1'"
            })
    void peopleErrorsNameTheLine(String text, String message) {
        var error = assertThrows(
                IllegalArgumentException.class,
                () -> PeopleList.parse(lines(text.replace('~', '\n').replace('|', '\t'))));
        assertEquals(message.replace('|', '\t'), error.getMessage());
    }
}
