package io.github.horkd.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written beside its place and moved there in one step: a reader finds the old one or the whole new one. */
public final class WholeFile {

    /** Writes the contents to a file that nobody reads yet. */
    @FunctionalInterface
    public interface Body {
        void to(Path beside) throws IOException;
    }

    private WholeFile() {}

    public static void write(Path file, String what, Body body) {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try {
            body.to(beside);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            deleteIfLeft(beside, e);
            throw new UncheckedIOException(
                    file + ": " + what + " could not be written; is the directory there and writable?", e);
        }
    }

    private static void deleteIfLeft(Path beside, IOException reason) {
        try {
            Files.deleteIfExists(beside);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }
}
