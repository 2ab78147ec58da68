package io.github.horkd.internal.file;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends to a large file in blocks of two mebibytes, at multiples of it. Blocks go around the system's cache where it lets them: nobody reads them soon, and keeping them would cost more than
 * writing them, and push out what is read. Several threads append at once: each claims a place, and copies while others do. Whoever is last to copy into a full
 * block writes it while others fill the next one, so a kill may leave a hole of a block and whole blocks behind it. It loses blocks that are being written and at most two seconds of what came before.
 */
public final class BlockAppender implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BlockAppender.class);
    private static final int BLOCK = 1 << 21;
    /** One is filled, others are written. */
    private static final int MOST_BLOCKS = 4;

    private static final long WRITTEN_AFTER = 2_000_000_000L;

    private final ResumableFile file;
    /** What places, sizes and addresses have to be multiples of for a block to go around the cache; 0 where it cannot. */
    private final int unit;

    private volatile FileChannel around;
    private final Semaphore blocks = new Semaphore(MOST_BLOCKS);
    private final Queue<ByteBuffer> free = new ConcurrentLinkedQueue<>();
    private Block block;
    private long lastWrite = System.nanoTime();

    /** Bytes that are being filled, and the place in the file of the first of them. */
    private static final class Block {

        private final ByteBuffer bytes;
        private final long at;
        private final int room;
        private final AtomicInteger copied = new AtomicInteger();
        /** Bytes that somebody copies, or has. */
        private int claimed;
        /** Bytes that are in the file. */
        private int written;

        Block(ByteBuffer bytes, long at) {
            this.bytes = bytes.clear();
            this.at = at;
            this.room = BLOCK - (int) (at % BLOCK);
        }

        /** Waits for those who are copying, which takes them microseconds. */
        void awaitCopies() {
            while (copied.get() < claimed) {
                Thread.onSpinWait();
            }
        }

        ByteBuffer unwritten() {
            return bytes.slice(written, claimed - written);
        }
    }

    /** A part of a block for a part of what is appended. */
    private record Claim(Block block, int to, ByteBuffer from, int at, int length) {

        /** Copies; whether the block is full by that. */
        boolean copy() {
            block.bytes.put(to, from, at, length);
            return block.copied.addAndGet(length) == block.room;
        }
    }

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
        this.block = new Block(freeBlock(), end);
    }

    private static int unit(Path path) {
        try {
            long size = Files.getFileStore(path).getBlockSize();
            return size > 0 && size <= BLOCK && BLOCK % size == 0 ? (int) size : 0;
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }

    /** Outside of the heap, from where the system takes it without another copy. */
    private ByteBuffer freeBlock() throws IOException {
        blocks.acquireUninterruptibly();
        ByteBuffer next = free.poll();
        if (next != null) {
            return next;
        }
        try {
            return ByteBuffer.allocateDirect(BLOCK + unit)
                    .alignedSlice(Math.max(unit, 1))
                    .slice(0, BLOCK);
        } catch (OutOfMemoryError e) {
            blocks.release(); // else whoever comes after some failures would wait for ever
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
        List<Claim> claims = new ArrayList<>(parts.length + 1);
        try {
            return claim(parts, claims);
        } finally {
            // Even when it failed half-way: others wait for the block to be full.
            copy(claims);
        }
    }

    private synchronized long claim(ByteBuffer[] parts, List<Claim> claims) throws IOException {
        if (System.nanoTime() - lastWrite > WRITTEN_AFTER) {
            flush();
        }
        long place = end();
        int begun = 0;
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                if (block.claimed == block.room) {
                    if (begun++ > 0) {
                        copy(claims); // longer than a block: they are not to wait for each other
                        claims.clear();
                    }
                    block = new Block(freeBlock(), block.at + block.room);
                    lastWrite = System.nanoTime();
                }
                int some = Math.min(part.remaining(), block.room - block.claimed);
                claims.add(new Claim(block, block.claimed, part, part.position(), some));
                block.claimed += some;
                part.position(part.position() + some);
            }
        }
        return place;
    }

    /** Copies all before it writes what is full: a disk that fails keeps nobody waiting for a copy. */
    private void copy(List<Claim> claims) throws IOException {
        List<Block> full = new ArrayList<>(1);
        for (Claim claim : claims) {
            if (claim.copy()) {
                full.add(claim.block);
            }
        }
        IOException failed = null;
        for (Block each : full) {
            try {
                writeAndFree(each);
            } catch (IOException e) {
                failed = e; // the other block is to be written all the same
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private void writeAndFree(Block full) throws IOException {
        try {
            write(full);
        } finally {
            free.add(full.bytes);
            blocks.release();
        }
    }

    private void write(Block full) throws IOException {
        if (unit > 0 && full.at % BLOCK == 0) {
            // All of it, with what was written of it before.
            try {
                if (aroundTheCache().write(full.bytes.duplicate().clear(), full.at) == BLOCK) {
                    return;
                }
            } catch (UnsupportedOperationException | IOException | LinkageError e) {
                LOG.debug("{}: written through the cache, {}", file.path(), e.getMessage());
            }
        }
        file.write(full.unwritten(), full.at + full.written);
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
        return block.at + block.claimed;
    }

    /**
     * Writes what is in the block. Full blocks that other threads are writing are not waited for.
     *
     * @throws IOException when it cannot be written
     */
    public synchronized void flush() throws IOException {
        if (block.claimed < block.room && block.claimed > block.written) {
            block.awaitCopies();
            file.write(block.unwritten(), block.at + block.written);
            block.written = block.claimed;
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
