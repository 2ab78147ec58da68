package io.github.horkd.internal.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * A part of a file that tells it from others, such as its checksum: by it a file that is opened again by its path is known to be the same.
 *
 * @param at    where it stands
 * @param bytes what stands there
 */
public record FileMark(long at, byte[] bytes) {

    /**
     * Fails when another file is read.
     *
     * @param channel of a file
     * @throws IOException when it is another one, or cannot be read
     */
    public void require(FileChannel channel) throws IOException {
        require((at, into) -> FileParts.read(channel, at, ByteBuffer.wrap(into)));
    }

    /** Fails when another file is read. */
    void require(Reading file) throws IOException {
        byte[] there = new byte[bytes.length];
        try {
            file.read(at, there);
        } catch (EOFException e) {
            throw replaced(e);
        }
        if (!Arrays.equals(bytes, there)) {
            throw replaced(null);
        }
    }

    /**
     * Reads a part of a file as its mark.
     *
     * @param channel the file
     * @param at      where the part begins
     * @param length  of the part
     * @return the mark
     * @throws IOException when it cannot be read, or the file ends before
     */
    public static FileMark of(FileChannel channel, long at, int length) throws IOException {
        return new FileMark(at, FileParts.read(channel, at, length).array());
    }

    private static IOException replaced(Exception cause) {
        return new IOException("another file has taken its place since it was opened", cause);
    }

    /** Fills an array from a place of a file. */
    interface Reading {
        void read(long at, byte[] into) throws IOException;
    }
}
