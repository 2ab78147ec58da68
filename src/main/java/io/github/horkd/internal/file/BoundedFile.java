package io.github.horkd.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file read as a whole, up to a limit. It is opened once and asked nothing by its name afterwards, so another file that is moved to its place meanwhile is
 * not mistaken for it.
 */
public final class BoundedFile {

    private static final int BLOCK = 1 << 13;

    private BoundedFile() {}

    /**
     * The bytes of a file.
     *
     * @param file the file
     * @param most how many it may have
     * @throws IOException when it cannot be read, or has more
     */
    public static byte[] bytes(Path file, long most) throws IOException {
        long limit = Math.min(most, Integer.MAX_VALUE - 9);
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(opened.size(), limit));
            ByteBuffer more = ByteBuffer.allocate(1);
            while (opened.read(bytes.hasRemaining() ? bytes : more) >= 0) {
                if (!more.hasRemaining()) { // It grows, or does not say its length.
                    if (bytes.capacity() == limit) {
                        throw new IOException(
                                "it has " + Math.max(opened.size(), limit + 1) + " bytes, wanted at most " + limit);
                    }
                    int larger = (int) Math.min(2L * bytes.capacity() + BLOCK, limit);
                    bytes = ByteBuffer.allocate(larger).put(bytes.flip()).put(more.flip());
                    more.clear();
                }
            }
            return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
        }
    }

    /**
     * A UTF-8 text.
     *
     * @param file the file
     * @param most how many bytes it may have
     * @throws IOException when it cannot be read, has more bytes, or other ones than UTF-8
     */
    public static String text(Path file, long most) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes(file, most)))
                .toString();
    }
}
