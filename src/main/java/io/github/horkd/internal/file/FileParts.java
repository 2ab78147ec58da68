package io.github.horkd.internal.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Parts of a file through its channel, each as a whole. */
public final class FileParts {

    private FileParts() {}

    /**
     * Reads a part.
     *
     * @param channel the file
     * @param at      the place of the first byte
     * @param length  how many bytes
     * @return them, big-endian
     * @throws EOFException when the file ends before
     * @throws IOException  when it cannot be read
     */
    public static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        if (at < 0 || length > channel.size() - at) {
            throw new EOFException("it is truncated");
        }
        return read(channel, at, ByteBuffer.allocate(length));
    }

    /**
     * Fills a buffer from its position to its limit.
     *
     * @param channel the file
     * @param at      the place of the byte for the buffer's place 0
     * @param into    which is filled
     * @return the buffer, to be read from its start
     * @throws EOFException when the file ends before
     * @throws IOException  when it cannot be read
     */
    public static ByteBuffer read(FileChannel channel, long at, ByteBuffer into) throws IOException {
        while (into.hasRemaining()) {
            if (channel.read(into, at + into.position()) < 0) {
                throw new EOFException("it is truncated");
            }
        }
        return into.flip();
    }
}
