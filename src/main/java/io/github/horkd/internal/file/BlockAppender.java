package io.github.horkd.internal.file;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to a large file in blocks of four mebibytes, at multiples of it. Blocks go around the system's cache where it lets them: nobody reads them soon, and keeping them would cost more than
 * writing them, and push out what is read. Several threads append at once. Whoever fills a block writes it while others fill the next one, so a kill may leave a hole of a block and whole
 * blocks behind it. It loses blocks that are being written and at most two seconds of what came before.
 */
public final class BlockAppender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockAppender.class);
    private static final int BLOCK = 1 << 22;
    /** One is filled, others are written. */
    private static final int MOST_BLOCKS = 4;

    private static final long WRITTEN_AFTER = 2_000_000_000L;

    private final ResumableFile file;
    /** What places, sizes and addresses have to be multiples of for a block to go around the cache; 0 where it cannot. */
    private final int unit;

    private volatile FileChannel around;
    private final Semaphore blocks = new Semaphore(MOST_BLOCKS);
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private ByteBuffer block;
    private long blockAt;
    /** Bytes of the block that are in the file. */
    private int written;

    private long lastWrite = System.nanoTime();

    /** Bytes and the place in the file that they belong to. */
    private record Piece(ByteBuffer bytes, long at) {}

    /**
     * Appends to a file.
     *
     * @param file that is open
     * @param end  where to begin
     * @throws IOException when there is no memory for it
     */
    public BlockAppender(ResumableFile file, long end) throws IOException {
        this.file = file;
        this.unit = unit(file.path());
        begin(freeBlock(), end);
    }

    private static int unit(Path path) {
        try {
            long size = Files.getFileStore(path).getBlockSize();
            return size > 0 && size <= BLOCK && BLOCK % size == 0 ? (int) size : 0;
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }

    private void begin(ByteBuffer next, long at) {
        block = next.clear().limit(BLOCK - (int) (at % BLOCK));
        blockAt = at;
        written = 0;
    }

    /** Outside of the heap, from where the system takes it without another copy. */
    private ByteBuffer freeBlock() throws IOException {
        blocks.acquireUninterruptibly();
        ByteBuffer next = free.poll();
        if (next != null) {
            return next;
        }
        try {
            return ByteBuffer.allocateDirect(BLOCK + unit).alignedSlice(Math.max(unit, 1));
        } catch (OutOfMemoryError e) {
            throw new IOException("no memory outside of the heap for a block of " + BLOCK + " bytes", e);
        }
    }

    /**
     * Appends parts, one behind the other.
     *
     * @param parts buffers, from their positions to their limits
     * @return the place of the first byte
     * @throws IOException when it cannot be written, or something before it could not; the file is not to be appended to any more
     */
    public long append(ByteBuffer... parts) throws IOException {
        Piece full = null;
        long place;
        synchronized (this) {
            place = end();
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    int some = Math.min(part.remaining(), block.remaining());
                    block.put(part.slice(part.position(), some));
                    part.position(part.position() + some);
                    if (!block.hasRemaining()) {
                        writeAndFree(full);
                        full = null;
                        ByteBuffer next = freeBlock();
                        full = new Piece(block.flip().position(written), blockAt + written);
                        begin(next, blockAt + block.limit());
                        lastWrite = System.nanoTime();
                    }
                }
            }
            if (System.nanoTime() - lastWrite > WRITTEN_AFTER) {
                flush();
            }
        }
        writeAndFree(full);
        return place;
    }

    private void writeAndFree(Piece piece) throws IOException {
        if (piece != null) {
            try {
                write(piece);
            } finally {
                free.add(piece.bytes);
                blocks.release();
            }
        }
    }

    private void write(Piece piece) throws IOException {
        long at = piece.at - piece.bytes.position();
        if (unit > 0 && at % BLOCK == 0) {
            // All of it, with what was written of it before.
            ByteBuffer whole = piece.bytes.duplicate().rewind();
            try {
                if (aroundTheCache().write(whole, at) == BLOCK) {
                    return;
                }
            } catch (UnsupportedOperationException | IOException | LinkageError e) {
                LOG.debug("{}: written through the cache, {}", file.path(), e.getMessage());
            }
        }
        file.write(piece.bytes, piece.at);
    }

    private FileChannel aroundTheCache() throws IOException {
        if (around == null) {
            synchronized (free) {
                if (around == null) {
                    around = FileChannel.open(
                            file.path(),
                            StandardOpenOption.WRITE,
                            LinkOption.NOFOLLOW_LINKS,
                            ExtendedOpenOption.DIRECT);
                }
            }
        }
        return around;
    }

    /**
     * Where the next byte goes.
     *
     * @return a place in the file
     */
    public synchronized long end() {
        return blockAt + block.position();
    }

    /**
     * Writes what is in the block. Blocks that other threads are writing are not waited for.
     *
     * @throws IOException when it cannot be written
     */
    public synchronized void flush() throws IOException {
        if (block.position() > written) {
            file.write(block.duplicate().flip().position(written), blockAt + written);
            written = block.position();
        }
        lastWrite = System.nanoTime();
    }

    /** Writes what is in the block, and lets go of the file; with it go the locks that this process has on it. */
    @Override
    public void close() throws IOException {
        try {
            flush();
        } finally {
            if (around != null) {
                around.close();
            }
        }
    }
}
