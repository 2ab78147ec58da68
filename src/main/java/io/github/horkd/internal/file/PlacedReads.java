package io.github.horkd.internal.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * Bytes at places of a file that is larger than memory, read by as many threads at a time as there are handles. Where places lie in no order, a mapping is the slower
 * way: at each page that is not there the system reads up to megabytes around it, and throws them away unread. A thread that is interrupted while it reads goes on
 * reading, and closes nothing for the others. The handles are closed when nobody holds this any more.
 */
public final class PlacedReads {

    private static final int HANDLES = 8;

    private final Semaphore permits = new Semaphore(HANDLES);
    private final Queue<RandomAccessFile> free = new ConcurrentLinkedQueue<>();

    private PlacedReads() {}

    /**
     * Opens a file.
     *
     * @param path of the file
     * @param at   a place
     * @param seen what was read there by whoever opened the path before
     * @return its reads
     * @throws IOException when it cannot be opened, or is another file than was seen
     */
    public static PlacedReads of(Path path, long at, byte[] seen) throws IOException {
        PlacedReads reads = new PlacedReads();
        try {
            for (int i = 0; i < HANDLES; i++) {
                RandomAccessFile handle = new RandomAccessFile(path.toFile(), "r");
                reads.free.add(handle);
                byte[] there = new byte[seen.length];
                handle.seek(at);
                if (handle.length() >= at + seen.length) {
                    handle.readFully(there);
                }
                if (!Arrays.equals(seen, there)) {
                    throw new IOException("it was replaced while it was being opened");
                }
            }
            return reads;
        } catch (IOException e) {
            for (RandomAccessFile handle : reads.free) {
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
        RandomAccessFile handle = free.remove();
        try {
            handle.seek(at);
            handle.readFully(into);
        } catch (EOFException e) {
            throw new IOException("it ends before", e);
        } finally {
            free.add(handle);
            permits.release();
        }
    }
}
