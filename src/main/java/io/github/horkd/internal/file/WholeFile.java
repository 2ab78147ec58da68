package io.github.horkd.internal.file;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Writes every file of the library: beside its place, under a name nobody can guess, forced to the disk, then moved there in one step. A reader finds the
 * old file or the whole new one, also when several threads or processes write one target, and after a power cut.
 *
 * <p>What the library keeps is biometric data or made of it, so a file is readable and writable by its owner alone, where the file system knows
 * permissions. To share it, set other permissions on the finished file ({@link Files#setPosixFilePermissions}): a file that replaces another of the same
 * owner takes over its permissions. Missing directories are made, with the permissions that the process gives to any directory.
 */
public final class WholeFile {

    /** Writes the contents to a file that nobody reads yet. */
    @FunctionalInterface
    public interface Body {
        void to(OutputStream beside) throws IOException;
    }

    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final int BUFFER = 1 << 16;

    private WholeFile() {}

    /**
     * Writes a file.
     *
     * @param file where to; a file there is replaced, so is a link, which is not followed
     * @param what what it is, for the message: "the gallery"
     * @param body writes the contents; it may close the stream
     * @throws UncheckedIOException when it cannot be written; the message says why, and nothing is left behind
     */
    public static void write(Path file, String what, Body body) {
        Path named = file.toAbsolutePath();
        try {
            makeDirectory(named.getParent());
            // By the directory's real name, so that every thread knows the files of this process whatever links it came
            // by.
            Path target = named.getParent().toRealPath().resolve(named.getFileName());
            try (PartFile part = PartFile.beside(target)) {
                OutputStream out =
                        new BufferedOutputStream(new StaysOpen(Channels.newOutputStream(part.channel())), BUFFER);
                body.to(out);
                out.flush();
                part.moveTo(target);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + what + " could not be written, " + reason(named, e), e);
        }
    }

    /**
     * Opens a file of a stated name that is written over several runs and then published: made for its owner alone where it is not there.
     *
     * @param part the file
     * @return its channel, to read and write
     * @throws IOException when it cannot be opened, or is a link
     */
    public static FileChannel openPart(Path part) throws IOException {
        if (Files.exists(part, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(part + ": wanted a file of its own, got a link or something else; remove it");
        }
        return FileChannel.open(
                part,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                ownerOnly(part));
    }

    /**
     * Moves a file to the place beside it under which it is read, and forces the directory to the disk. Its contents were forced before.
     *
     * @param part the file
     * @param file its place; a file there is replaced
     * @throws IOException when it cannot be moved
     */
    public static void publish(Path part, Path file) throws IOException {
        keepPermissions(file, part);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory(file.toAbsolutePath().getParent());
    }

    /**
     * Makes a directory and those above it, where they are not there, so that a power cut does not take them back.
     *
     * @param directory the directory
     * @throws IOException when it cannot be made
     */
    public static void makeDirectory(Path directory) throws IOException {
        // Asked first: to Java 17, a link to a directory is in the way of making it.
        if (Files.isDirectory(directory)) {
            return;
        }
        Path above = directory.toAbsolutePath();
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        Files.createDirectories(directory);
        for (Path made = directory.toAbsolutePath(); !made.equals(above); made = made.getParent()) {
            forceDirectory(made.getParent());
        }
    }

    /**
     * Why a file could not be written, in words that say what to do.
     *
     * @param file the file
     * @param e    what happened
     * @return the rest of a sentence
     */
    public static String reason(Path file, IOException e) {
        return DiskTrouble.words(file.toAbsolutePath().getParent(), e);
    }

    static FileAttribute<?>[] ownerOnly(Path file) {
        return knowsPermissions(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
    }

    private static boolean knowsPermissions(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void keepPermissions(Path old, Path fresh) throws IOException {
        if (knowsPermissions(old)
                && Files.isRegularFile(old, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(old, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(fresh))) {
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(old, LinkOption.NOFOLLOW_LINKS));
        }
    }

    /** Without it a power cut can take the move back. Not every system lets a directory be opened; there it is the system's own affair. */
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            return;
        }
    }

    /** A body that closes what it writes to must not close the file before it is forced. */
    private static final class StaysOpen extends FilterOutputStream {
        StaysOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
