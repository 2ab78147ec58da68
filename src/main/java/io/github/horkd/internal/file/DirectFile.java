package io.github.horkd.internal.file;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A file read past the system's cache, whole blocks at a time, by one thread. An interrupt closes it. */
final class DirectFile {

    private static final int LARGEST_BLOCK = 1 << 14;

    private final FileChannel channel;
    private final int block;
    private ByteBuffer blocks = ByteBuffer.allocate(0);

    private DirectFile(FileChannel channel, int block) {
        this.channel = channel;
        this.block = block;
    }

    /** Empty where system or file system cannot. */
    static Optional<DirectFile> open(Path path) {
        try {
            long block = Files.getFileStore(path).getBlockSize();
            return suits(block)
                    ? Optional.of(new DirectFile(
                            FileChannel.open(path, StandardOpenOption.READ, ExtendedOpenOption.DIRECT), (int) block))
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** Memory is aligned to powers of 2; network disks state blocks of a mebibyte, of which most would be read for nothing. */
    static boolean suits(long block) {
        return block > 0 && block <= LARGEST_BLOCK && Long.bitCount(block) == 1;
    }

    /** Fills an array; false where the file gave less. */
    boolean read(long at, byte[] into) throws IOException {
        int before = (int) (at % block);
        long end = at + into.length;
        int bytes = Math.toIntExact((end + block - 1) / block * block - (at - before));
        if (blocks.capacity() < bytes) {
            blocks = ByteBuffer.allocateDirect(bytes + block).alignedSlice(block);
        }
        blocks.clear().limit(bytes);
        if (channel.read(blocks, at - before) < before + into.length) {
            return false;
        }
        blocks.get(before, into);
        return true;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It was open for reading: nothing is lost.
        }
    }
}
