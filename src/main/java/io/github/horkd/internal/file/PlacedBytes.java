package io.github.horkd.internal.file;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Bytes at places of a file, for many threads: mapped into memory, or, where the file is larger than half of the machine's memory, read one by one
 * ({@link PlacedReads}). A mapping costs nothing where the file stays in the system's cache. Where it cannot, the system reads up to megabytes around each page
 * that is not there, and throws them away unread.
 */
public final class PlacedBytes {

    /**
     * How a file is mapped.
     *
     * @param window bytes from one mapping to the next; well below 2 GiB, of which a mapping is never longer
     * @param most   a larger file is not mapped
     * @param cached a larger file is read past the system's cache, which could not hold it
     */
    public record Mapping(long window, long most, long cached) {

        /** Mappings of a gibibyte, for files of up to half of the machine's memory; the cache for those of up to all of it. */
        public static Mapping usual() {
            long memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                    ? machine.getTotalMemorySize()
                    : Long.MAX_VALUE;
            return new Mapping(1L << 30, memory / 2, memory);
        }
    }

    private static final int MUCH = 1 << 20;

    private final Path path;
    private final long window;
    /** Empty where bytes are read one by one. */
    private final ByteBuffer[] windows;
    /** Null where bytes are mapped. */
    private final PlacedReads reads;

    private PlacedBytes(Path path, long window, ByteBuffer[] windows, PlacedReads reads) {
        this.path = path;
        this.window = window;
        this.windows = windows;
        this.reads = reads;
    }

    /**
     * Opens the bytes of a file.
     *
     * @param path    of the file
     * @param channel the file, which may be closed afterwards
     * @param end     behind the last byte that will be asked for
     * @param longest what is asked for at a time is no longer
     * @param mark    which part tells the file from others, as the channel reads it
     * @param mapping how it is mapped
     * @return its bytes
     * @throws IOException when it cannot be opened, or its path names another file by now
     */
    public static PlacedBytes of(Path path, FileChannel channel, long end, long longest, FileMark mark, Mapping mapping)
            throws IOException {
        long size = channel.size();
        if (size > mapping.most()) {
            return new PlacedBytes(
                    path, mapping.window(), new ByteBuffer[0], PlacedReads.of(path, mark, size > mapping.cached()));
        }
        ByteBuffer[] windows = new ByteBuffer[(int) ((end + mapping.window() - 1) / mapping.window())];
        for (int w = 0; w < windows.length; w++) {
            long from = w * mapping.window();
            windows[w] =
                    channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(mapping.window() + longest, end - from));
        }
        return new PlacedBytes(path, mapping.window(), windows, null);
    }

    /**
     * Fills an array.
     *
     * @param at   the place of the first byte
     * @param into which is filled
     * @throws UncheckedIOException when the disk cannot be read
     */
    public void read(long at, byte[] into) {
        if (reads == null) {
            windows[(int) (at / window)].get((int) (at % window), into);
            return;
        }
        try {
            reads.read(at, into);
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": byte " + at + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /**
     * The bytes from one place to another, in their order, much at a time.
     *
     * @param from the place of the first byte
     * @param end  behind the last one
     * @return a stream; a disk that cannot be read is an {@link UncheckedIOException}
     */
    public InputStream stream(long from, long end) {
        return new BufferedInputStream(new Stream(from, end), MUCH);
    }

    private final class Stream extends InputStream {

        private long at;
        private final long end;

        Stream(long from, long end) {
            this.at = from;
            this.end = end;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (at >= end) {
                return -1;
            }
            long rest = reads == null ? Math.min(window - at % window, end - at) : end - at;
            byte[] some = new byte[(int) Math.min(length, rest)];
            PlacedBytes.this.read(at, some);
            System.arraycopy(some, 0, to, offset, some.length);
            at += some.length;
            return some.length;
        }
    }
}
