package io.github.horkd.internal.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Bytes at places of a file, read by as many threads at a time as there are handles. A thread that is interrupted while it reads goes on reading, and closes
 * nothing for the others. The handles are closed when nobody holds this any more.
 */
public final class PlacedReads {

    private static final int HANDLES = 8;

    private final Semaphore permits = new Semaphore(HANDLES);
    private final Queue<ReadHandle> free = new ConcurrentLinkedQueue<>();

    private PlacedReads() {}

    /**
     * Opens a file.
     *
     * @param path      of the file
     * @param mark      tells it from another of that path
     * @param pastCache whether long reads go past the system's cache, which a file that it cannot hold only drives others out of
     * @return its reads
     * @throws IOException when it cannot be opened, or is another file
     */
    public static PlacedReads of(Path path, FileMark mark, boolean pastCache) throws IOException {
        PlacedReads reads = new PlacedReads();
        try {
            for (int i = 0; i < HANDLES; i++) {
                reads.free.add(ReadHandle.open(path, mark, pastCache));
            }
            return reads;
        } catch (IOException e) {
            for (ReadHandle handle : reads.free) {
                handle.close();
            }
            throw e;
        }
    }

    /**
     * Fills an array.
     *
     * @param at   the place of the first byte
     * @param into which is filled
     * @throws IOException when the disk cannot be read, or ends before
     */
    public void read(long at, byte[] into) throws IOException {
        permits.acquireUninterruptibly();
        ReadHandle handle = free.remove();
        try {
            handle.read(at, into);
        } catch (EOFException e) {
            throw new IOException("it ends before", e);
        } finally {
            free.add(handle);
            permits.release();
        }
    }
}
