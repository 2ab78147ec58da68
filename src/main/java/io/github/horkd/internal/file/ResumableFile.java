package io.github.horkd.internal.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that is written over several runs, each behind what an earlier one left whole. It begins with a header that says what it belongs to. One
 * process at a time has it open.
 */
public final class ResumableFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResumableFile.class);

    private final Path path;
    private final FileChannel channel;

    private ResumableFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a file, which is made for its owner alone where it is not there.
     *
     * @param path   the file
     * @param wayOut what to do when another process has it open, for the message
     * @return the file, locked
     * @throws IOException when it cannot be opened, is a link, or is open elsewhere
     */
    public static ResumableFile open(Path path, String wayOut) throws IOException {
        FileChannel channel = WholeFile.openPart(path);
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            return new ResumableFile(path, channel);
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(path + " is being written by somebody else; " + wayOut, e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Goes on with what an earlier run left, or begins anew with the header alone.
     *
     * @param header what the file has to begin with
     * @param kinds  what tells headers apart, for the warning: "source or options"
     * @return whether it goes on
     * @throws IOException when the file cannot be read or written
     */
    public boolean goOn(byte[] header, String kinds) throws IOException {
        long size = channel.size();
        if (size >= header.length
                && Arrays.equals(header, bytes(0, header.length).array())) {
            return true;
        }
        if (size > 0) {
            LOG.warn("{}: what an earlier run left is of another {}; begun anew", path, kinds);
        }
        channel.truncate(0);
        write(ByteBuffer.wrap(header), 0);
        return false;
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /**
     * The size.
     *
     * @return in bytes
     * @throws IOException when it cannot be told
     */
    public long size() throws IOException {
        return channel.size();
    }

    /**
     * Some bytes.
     *
     * @param at     of the first
     * @param length how many
     * @return all of them, in a buffer of their own
     * @throws IOException when they cannot be read; an {@link EOFException} when there are not so many
     */
    public ByteBuffer bytes(long at, int length) throws IOException {
        try {
            return FileParts.read(channel, at, length);
        } catch (EOFException e) {
            throw new EOFException(path + ": it ended after " + channel.size() + " bytes");
        }
    }

    /**
     * Writes all of a buffer.
     *
     * @param bytes the buffer, from its position to its limit
     * @param at    where to
     * @throws IOException when it cannot be written
     */
    public void write(ByteBuffer bytes, long at) throws IOException {
        int from = bytes.position();
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position() - from);
        }
    }

    /**
     * Cuts off what is not whole.
     *
     * @param end the size from now on
     * @throws IOException when it cannot be cut
     */
    public void truncate(long end) throws IOException {
        channel.truncate(end);
    }

    /**
     * Forces everything to the disk.
     *
     * @throws IOException when the disk does not take it
     */
    public void force() throws IOException {
        channel.force(true);
    }

    /** Lets others open it. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
