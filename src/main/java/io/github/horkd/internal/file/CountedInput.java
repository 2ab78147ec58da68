package io.github.horkd.internal.file;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that tells how many bytes come through it, skipped ones included, as they come. */
public final class CountedInput extends FilterInputStream {

    /** Is told, and may refuse to go on. */
    @FunctionalInterface
    public interface Count {

        /**
         * Bytes that were read or skipped.
         *
         * @param bytes how many since it was told last
         * @throws IOException when there are too many
         */
        void add(long bytes) throws IOException;
    }

    private final Count count;

    /**
     * Counts a stream.
     *
     * @param in    the stream
     * @param count is told
     */
    public CountedInput(InputStream in, Count count) {
        super(in);
        this.count = count;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count.add(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] to, int at, int length) throws IOException {
        int some = super.read(to, at, length);
        count.add(Math.max(0, some));
        return some;
    }

    @Override
    public long skip(long wanted) throws IOException {
        long some = super.skip(wanted);
        count.add(some);
        return some;
    }
}
