package io.github.horkd.distill;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Checkpoints and tables of epochs are written so. */
class WholeFileTest {

    @TempDir
    Path folder;

    @Test
    void theOldFileStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), "old");
        IOException full = new IOException("no space left");
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class,
                () -> WholeFile.write(file, "the table", beside -> {
                    Files.writeString(beside, "ne");
                    throw full;
                }));
        assertEquals(full, e.getCause());
        assertTrue(e.getMessage().contains("table.csv: the table could not be written"), e.getMessage());
        assertEquals("old", Files.readString(file));
        assertOnly("table.csv");
        WholeFile.write(file, "the table", beside -> Files.writeString(beside, "new"));
        assertEquals("new", Files.readString(file));
        assertOnly("table.csv");
    }

    @Test
    void whatCannotBeMovedThereLeavesNothing() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("file"), "keeps the directory from being replaced");
        assertThrows(
                UncheckedIOException.class,
                () -> WholeFile.write(taken, "the checkpoint", beside -> Files.writeString(beside, "new")));
        assertOnly("taken");
        assertThrows(
                UncheckedIOException.class,
                () -> WholeFile.write(
                        folder.resolve("missing").resolve("x"),
                        "the checkpoint",
                        beside -> Files.writeString(beside, "new")));
    }

    private void assertOnly(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of(name), files.map(f -> f.getFileName().toString()).toList());
        }
    }
}
