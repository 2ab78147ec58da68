package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A file being written beside its place: {@code .name.UUID.part}, made new and locked while it is written. What a killed process left is known by nobody
 * holding its lock, and removed by the next writer of the same place.
 */
final class PartFile implements AutoCloseable {

    private static final String NAME = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.part";

    /** The files of this process. It must not open them again: to close them would give up the lock on systems of the POSIX kind. */
    private static final Set<Path> HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private PartFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static PartFile beside(Path target) throws IOException {
        removeLeftOver(target);
        while (true) {
            Path path = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".part");
            HERE.add(path);
            FileChannel channel = null;
            try {
                channel = FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
                        WholeFile.ownerOnly(path));
                if (locked(channel) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                    return new PartFile(path, channel);
                }
                // Another process took it for left over between making and locking: it holds the lock, or has removed
                // the file.
                remove(path, channel);
            } catch (IOException | RuntimeException e) {
                remove(path, channel);
                throw e;
            }
        }
    }

    /** False when another process has it. A system without locks counts as locked: there nobody removes anything either. */
    private static boolean locked(FileChannel channel) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (IOException e) {
            return true;
        }
    }

    private static void remove(Path path, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
                Files.deleteIfExists(path);
            }
        } finally {
            HERE.remove(path);
        }
    }

    FileChannel channel() {
        return channel;
    }

    /** Forces it to the disk and moves it. */
    void moveTo(Path target) throws IOException {
        channel.force(true);
        WholeFile.publish(path, target);
    }

    /** Removes it, where it was not moved. */
    @Override
    public void close() throws IOException {
        remove(path, channel);
    }

    private static void removeLeftOver(Path target) throws IOException {
        Pattern ours = Pattern.compile(Pattern.quote("." + target.getFileName() + ".") + NAME);
        try (DirectoryStream<Path> found = Files.newDirectoryStream(
                target.getParent(),
                path -> ours.matcher(path.getFileName().toString()).matches())) {
            for (Path path : found) {
                if (!HERE.contains(path) && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    removeIfLeft(path);
                }
            }
        }
    }

    @SuppressWarnings("try") // The lock is held for its effect.
    private static void removeIfLeft(Path path) {
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // Somebody else's, or just moved: whoever can remove it will.
            return;
        }
    }
}
