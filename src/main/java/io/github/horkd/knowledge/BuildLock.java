package io.github.horkd.knowledge;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to build a file, held by one thread of one process. The system takes it back when a process dies. An empty file marks it and stays, since to
 * delete it would take the lock from under whoever waits for it.
 */
final class BuildLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BuildLock.class);

    /** The system's locks are between processes; within this one they only say that there is one already. */
    private static final Map<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

    private final ReentrantLock here;
    private final FileChannel channel;

    private BuildLock(ReentrantLock here, FileChannel channel) {
        this.here = here;
        this.channel = channel;
    }

    /** Takes the lock on a file; waits while another thread or process has it. */
    static BuildLock on(Path file) throws IOException {
        Path mark = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName() + ".lock");
        ReentrantLock here = HERE.computeIfAbsent(mark, m -> new ReentrantLock());
        here.lock();
        FileChannel channel = null;
        try {
            channel = WholeFile.openPart(mark);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                LOG.warn("{}: another process is building it; waiting until it is done", file);
                channel.lock();
            }
            return new BuildLock(here, channel);
        } catch (OverlappingFileLockException e) {
            here.unlock();
            channel.close();
            throw new IOException(
                    "this library is loaded twice in this process, and the other one is building the file", e);
        } catch (IOException | RuntimeException e) {
            here.unlock();
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            here.unlock();
        }
    }
}
