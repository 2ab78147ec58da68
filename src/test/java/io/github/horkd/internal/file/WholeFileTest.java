package io.github.horkd.internal.file;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WholeFileTest {

    @TempDir
    Path folder;

    @Test
    void theOldFileStaysUntilTheNewOneIsWhole() throws IOException {
        Path file = Files.writeString(folder.resolve("table.csv"), "old");
        IOException full = new IOException("No space left on device");
        UncheckedIOException e = assertThrows(
                UncheckedIOException.class,
                () -> WholeFile.write(file, "the table", beside -> {
                    text("ne").to(beside);
                    throw full;
                }));
        assertEquals(full, e.getCause());
        assertTrue(e.getMessage().contains("table.csv: the table could not be written, the disk is full"));
        assertEquals("old", Files.readString(file));
        assertOnly("table.csv");
        WholeFile.write(file, "the table", text("new"));
        assertEquals("new", Files.readString(file));
        assertOnly("table.csv");
    }

    @Test
    void whatCannotBeMovedThereLeavesNothing() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("file"), "keeps the directory from being replaced");
        assertThrows(UncheckedIOException.class, () -> WholeFile.write(taken, "the checkpoint", text("new")));
        assertOnly("taken");
    }

    @Test
    void missingDirectoriesAreMadeAlsoBehindALink() throws IOException {
        WholeFile.write(folder.resolve("a/b/x"), "the checkpoint", text("new"));
        assertEquals("new", Files.readString(folder.resolve("a/b/x")));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("a"));
        WholeFile.write(folder.resolve("link/y"), "the checkpoint", text("new"));
        assertEquals("new", Files.readString(folder.resolve("a/y")));
        String message = said(folder.resolve("a/y/z"));
        assertTrue(message.contains("a file is in the way where a directory is wanted"), message);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aLinkIsReplacedAndNeverFollowed() throws IOException {
        Path precious = Files.writeString(folder.resolve("precious"), "mine");
        Path file = Files.createSymbolicLink(folder.resolve("gallery"), precious);
        // What a forerunner of this writer would have followed.
        Files.createSymbolicLink(folder.resolve("gallery.part"), precious);
        WholeFile.write(file, "the gallery", text("new"));
        assertEquals("mine", Files.readString(precious));
        assertEquals("new", Files.readString(file));
        assertFalse(Files.isSymbolicLink(file));
        Path part = Files.createSymbolicLink(folder.resolve("knowledge.part"), precious);
        assertTrue(assertThrows(IOException.class, () -> WholeFile.openPart(part))
                .getMessage()
                .contains("got a link"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void itIsForItsOwnerAloneAndKeepsOtherPermissionsOnceGiven() throws IOException {
        Path file = folder.resolve("gallery");
        WholeFile.write(file, "the gallery", text("one"));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        WholeFile.write(file, "the gallery", text("two"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Path part = folder.resolve("knowledge.part");
        WholeFile.openPart(part).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(part)));
    }

    @Test
    void fourThreadsThatWriteOneTargetLeaveOneWholeFile() throws Exception {
        Path file = folder.resolve("gallery");
        byte[][] contents = new byte[4][1 << 16];
        for (int i = 0; i < 4; i++) {
            Arrays.fill(contents[i], (byte) ('a' + i));
        }
        WholeFile.write(file, "the gallery", out -> out.write(contents[0]));
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(5);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (byte[] content : contents) {
                writers.add(() -> {
                    for (int i = 0; i < 40; i++) {
                        WholeFile.write(file, "the gallery", out -> out.write(content));
                    }
                    return null;
                });
            }
            Future<Integer> reader = pool.submit(() -> {
                int reads = 0;
                while (!over.get()) {
                    byte[] found = Files.readAllBytes(file);
                    assertTrue(Stream.of(contents).anyMatch(c -> Arrays.equals(c, found)), "a torn file");
                    reads++;
                }
                return reads;
            });
            for (Future<Void> writer : pool.invokeAll(writers)) {
                writer.get();
            }
            over.set(true);
            assertTrue(reader.get() > 0);
        } finally {
            over.set(true);
            pool.shutdown();
        }
        assertOnly("gallery");
    }

    /** Another process that writes the same file. */
    static final class Other {
        public static void main(String[] arguments) throws InterruptedException {
            Path file = Path.of(arguments[0]);
            byte[] content = new byte[1 << 16];
            Arrays.fill(content, (byte) arguments[1].charAt(0));
            for (int i = 0; i < 60; i++) {
                WholeFile.write(file, "the gallery", out -> out.write(content));
            }
            WholeFile.write(file, "the gallery", out -> {
                out.write(content);
                out.flush();
                System.out.println("half");
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
        }
    }

    @Test
    void processesThatWriteOneTargetLeaveOneWholeFileAlsoWhenKilled() throws Exception {
        Path file = folder.resolve("gallery");
        List<Process> others = new ArrayList<>();
        try {
            for (String letter : List.of("x", "y")) {
                others.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Other.class.getName(),
                                file.toString(),
                                letter)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
            }
            for (Process other : others) {
                other.inputReader().readLine();
                byte[] found = Files.readAllBytes(file);
                assertEquals(1 << 16, found.length);
                assertEquals(
                        1,
                        new String(found, StandardCharsets.US_ASCII)
                                .chars()
                                .distinct()
                                .count());
            }
            assertEquals(3, folder.toFile().list().length, "both are half-way");
        } finally {
            others.forEach(other -> other.destroyForcibly());
            for (Process other : others) {
                other.waitFor();
            }
        }
        WholeFile.write(file, "the gallery", text("new"));
        assertOnly("gallery");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAndNothingElse() throws IOException {
        Path file = folder.resolve("gallery");
        Files.writeString(folder.resolve(".gallery.01234567-89ab-cdef-0123-456789abcdef.part"), "half");
        Path other = Files.writeString(folder.resolve(".galleries.01234567-89ab-cdef-0123-456789abcdef.part"), "x");
        Path own = Files.writeString(folder.resolve(".gallery.mine.part"), "x");
        Path live = folder.resolve(".gallery.11234567-89ab-cdef-0123-456789abcdef.part");
        try (FileChannel channel = FileChannel.open(live, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.lock();
            WholeFile.write(file, "the gallery", text("new"));
            assertOnly(
                    other.getFileName().toString(),
                    own.getFileName().toString(),
                    live.getFileName().toString(),
                    "gallery");
        }
        WholeFile.write(file, "the gallery", text("new"));
        assertFalse(Files.exists(live));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDirectoryThatTakesNoFilesIsNamed() {
        String message = said(Path.of("/proc/sys/gallery"));
        assertTrue(message.startsWith("/proc/sys/gallery: the gallery could not be written, "), message);
        assertTrue(message.contains(" in /proc/sys"), message);
    }

    @Test
    void everyReasonNamesTheDirectoryAndTheWayOut() {
        Path file = folder.resolve("x").toAbsolutePath();
        assertTrue(WholeFile.reason(file, new FileSystemException("x", null, "No space left on device"))
                .contains("the disk is full"));
        assertTrue(WholeFile.reason(file, new FileSystemException("x", null, "Read-only file system"))
                .contains("the disk is read-only at " + folder));
        assertTrue(WholeFile.reason(file, new FileSystemException("x", null, "Disk quota exceeded"))
                .contains("the quota of the disk is used up in " + folder));
        assertTrue(WholeFile.reason(file, new AccessDeniedException("x")).contains("may not write in " + folder));
    }

    private static String said(Path file) {
        return assertThrows(UncheckedIOException.class, () -> WholeFile.write(file, "the gallery", text("new")))
                .getMessage();
    }

    private static WholeFile.Body text(String text) {
        return (OutputStream out) -> out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertOnly(String... names) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    Stream.of(names).sorted().toList(),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }
}
