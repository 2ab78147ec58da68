package io.github.horkd.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A file in memory that a decoder cannot read beyond for long. One of WebP takes what is missing for zeros, at the price of an exception a read: 600 damaged bytes kept it
 * busy for seconds.
 */
final class FiniteImageStream extends MemoryCacheImageInputStream {

    /** Sound files are read beyond by the few bytes that fill a decoder's buffer. */
    private static final int MOST_READS_BEYOND = 10_000;

    private int beyond;

    FiniteImageStream(byte[] file) {
        super(new ByteArrayInputStream(file));
    }

    @Override
    public int read() throws IOException {
        return counted(super.read());
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
        return counted(super.read(into, at, length));
    }

    private int counted(int read) throws IOException {
        if (read == -1 && ++beyond > MOST_READS_BEYOND) {
            throw new IOException("is truncated");
        }
        return read;
    }
}
