package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class PlacedReadsTest {

    private static final FileMark MARK = new FileMark(4, new byte[] {5, 6});

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsAtPlacesAndSaysWhereTheFileEnds(boolean pastCache) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3, 4, 5, 6});
        PlacedReads reads = PlacedReads.of(file, MARK, pastCache);
        byte[] three = new byte[3];
        reads.read(1, three);
        assertArrayEquals(new byte[] {2, 3, 4}, three);
        assertEquals(
                "it ends before",
                assertThrows(IOException.class, () -> reads.read(4, three)).getMessage());
        for (int i = 0; i < 20; i++) { // no failure keeps a handle
            assertThrows(IOException.class, () -> reads.read(4, three));
        }
        reads.read(3, three);
        assertArrayEquals(new byte[] {4, 5, 6}, three);
    }

    /** Long reads at every kind of place, by threads that are interrupted, after another file has taken the path. */
    @Test
    void longReadsPastTheCacheAreTheSame() throws IOException {
        byte[] all = new byte[300_001];
        new Random(1).nextBytes(all);
        Path file = Files.write(folder.resolve("file"), all);
        PlacedReads reads = PlacedReads.of(file, new FileMark(7, Arrays.copyOfRange(all, 7, 27)), true);
        IntStream.range(0, 600).parallel().forEach(i -> {
            if (i == 300) {
                replace(file, new byte[300_001]);
            }
            if (i % 7 == 0) {
                Thread.currentThread().interrupt();
            }
            Random random = new Random(i);
            byte[] some = new byte[1 + random.nextInt(100_000)];
            int at = i % 50 == 0 ? all.length - some.length : random.nextInt(all.length - some.length + 1);
            try {
                reads.read(at, some);
                assertArrayEquals(Arrays.copyOfRange(all, at, at + some.length), some);
                assertThrows(IOException.class, () -> reads.read(all.length - some.length + 1, some));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertEquals(i % 7 == 0, Thread.interrupted());
        });
    }

    @Test
    void aDirectFileGivesWholeReadsOrNone() throws IOException {
        byte[] all = new byte[100_000];
        new Random(1).nextBytes(all);
        Path file = Files.write(folder.resolve("file"), all);
        var direct = DirectFile.open(file);
        assumeTrue(direct.isPresent(), "the file system has it");
        for (int at : new int[] {0, 1, 4095, 4096, 50_000, 99_000}) {
            byte[] some = new byte[1000];
            assertTrue(direct.get().read(at, some));
            assertArrayEquals(Arrays.copyOfRange(all, at, at + 1000), some);
        }
        assertFalse(direct.get().read(99_001, new byte[1000]));
        assertFalse(direct.get().read(200_000, new byte[1000]));
        direct.get().close();
        assertTrue(DirectFile.open(folder.resolve("none")).isEmpty());
    }

    @Test
    void blocksThatCostMoreThanTheySaveAreNotRead() {
        assertTrue(DirectFile.suits(512) && DirectFile.suits(4096) && DirectFile.suits(1 << 14));
        assertFalse(DirectFile.suits(1 << 20) || DirectFile.suits(3000) || DirectFile.suits(0) || DirectFile.suits(-1));
    }

    private static void replace(Path file, byte[] by) {
        try {
            Path other = Files.write(file.resolveSibling("other"), by);
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Replaced between the first opening and these, by one that is shorter, as long, or longer. */
    @ParameterizedTest
    @CsvSource({"2,false", "6,false", "9,false", "6,true"})
    void anotherFileIsRefused(int length, boolean pastCache) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[length]);
        assertEquals(
                "another file has taken its place since it was opened",
                assertThrows(IOException.class, () -> PlacedReads.of(file, MARK, pastCache))
                        .getMessage());
    }
}
