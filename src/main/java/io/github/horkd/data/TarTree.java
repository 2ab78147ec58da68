package io.github.horkd.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** A tar archive, gzipped or not, read once from front to back. */
record TarTree(Path archive, boolean gzipped) implements FileTree {

    private static final int BUFFER = 1 << 16;
    private static final int BLOCK = 512;

    @Override
    public void visit(Predicate<String> wanted, Limits limits, Visitor visitor) throws IOException {
        if (!gzipped && !isClosed()) {
            throw new IOException("is truncated (a tar archive ends in a block of zeros)");
        }
        RemainingLimits remaining = new RemainingLimits(limits);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER);
                InputStream plain = remaining.counting(gzipped ? new GZIPInputStream(file, BUFFER) : file);
                TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                remaining.countFile();
                String name = FileTree.normal(entry.getName());
                if (entry.isFile() && wanted.test(name)) {
                    visit(tar, entry, name, remaining, visitor, limits);
                }
            }
            // To the very end, where gzip keeps its checksum.
            plain.transferTo(OutputStream.nullOutputStream());
        } catch (IllegalArgumentException e) {
            throw new IOException("is damaged (" + e.getMessage() + ")", e);
        }
    }

    private static void visit(
            TarArchiveInputStream tar,
            TarArchiveEntry entry,
            String name,
            RemainingLimits remaining,
            Visitor visitor,
            Limits limits)
            throws IOException {
        if (entry.getSize() > limits.maxFileBytes()) {
            visitor.unreadable(name, new IOException("has more than the " + limits.maxFileBytes() + " bytes allowed"));
            return;
        }
        visitor.file(name, remaining.read(tar));
    }

    /** Whether the end is there: cut between two entries, an archive looks like a shorter one. */
    private boolean isClosed() throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(archive)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            channel.position(Math.max(0, channel.size() - BLOCK));
            while (block.hasRemaining() && channel.read(block) >= 0) {
                // until the block is full or the file ends
            }
            return Arrays.equals(block.array(), new byte[BLOCK]) && !block.hasRemaining();
        }
    }
}
