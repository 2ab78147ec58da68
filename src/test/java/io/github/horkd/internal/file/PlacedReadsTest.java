package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PlacedReadsTest {

    @TempDir
    Path folder;

    @Test
    void readsAtPlacesAndSaysWhereTheFileEnds() throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {1, 2, 3, 4, 5, 6});
        PlacedReads reads = PlacedReads.of(file, 4, new byte[] {5, 6});
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

    /** Replaced between the first opening and these, by one that is shorter, as long, or longer. */
    @ParameterizedTest
    @ValueSource(ints = {2, 6, 9})
    void anotherFileIsRefused(int length) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[length]);
        assertEquals(
                "it was replaced while it was being opened",
                assertThrows(IOException.class, () -> PlacedReads.of(file, 4, new byte[] {5, 6}))
                        .getMessage());
    }
}
