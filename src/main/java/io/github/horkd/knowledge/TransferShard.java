package io.github.horkd.knowledge;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A shard of a transfer set, mapped into memory: {@link TransferLayout}. What it states is held against its length before it is used. */
final class TransferShard {

    /** Bytes from one mapping to the next; a mapping goes on by as much as a view or a row may stick out. */
    static final long WINDOW = 1L << 30;

    private final Path path;
    private final TransferLayout layout;
    private final TransferIndex index;
    private final ByteBuffer[] windows;
    private final long window;

    private TransferShard(Path path, FileChannel channel, long window) throws IOException {
        this.path = path;
        this.window = window;
        this.layout = TransferLayout.read((at, length) -> read(channel, at, length));
        this.index = TransferIndex.read(channel);
        this.windows = new ByteBuffer[(int) ((index.begins() + window - 1) / window)];
        long sticksOut = Math.max(
                        layout.low().size(),
                        (long) layout.values() * layout.precision().bytes())
                + TransferLayout.BLOCK_HEAD
                + (1 << 16);
        for (int w = 0; w < windows.length; w++) {
            long from = w * window;
            windows[w] = channel.map(
                            FileChannel.MapMode.READ_ONLY, from, Math.min(index.begins() - from, window + sticksOut))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        check();
    }

    /** Whatever the index says must lie within the blocks. */
    private void check() throws IOException {
        long before = 0;
        for (int b = 0; b < index.blocks(); b++) {
            long length = index.end(b) - index.block(b);
            if (index.block(b) <= before || length < TransferLayout.BLOCK_HEAD) {
                throw TransferIndex.damaged();
            }
            ByteBuffer head = bytes(index.block(b), TransferLayout.BLOCK_HEAD);
            int images = head.getInt();
            int names = head.getInt();
            if (images != index.images(b)
                    || names < 0
                    || names > length
                    || TransferLayout.BLOCK_HEAD + (long) layout.blockBytes(images, names) != length) {
                throw new IOException("its block " + b + " is damaged");
            }
            before = index.block(b);
        }
        index.checkEntries();
    }

    static TransferShard open(Path path) throws IOException {
        return open(path, WINDOW);
    }

    static TransferShard open(Path path, long window) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new TransferShard(path, channel, window);
        }
    }

    Path path() {
        return path;
    }

    TransferLayout layout() {
        return layout;
    }

    TransferIndex index() {
        return index;
    }

    String name(int image) {
        byte[] letters = new byte[index.letters(image)];
        get(index.name(image), letters);
        return new String(letters, StandardCharsets.UTF_8);
    }

    /** The samples of one view. */
    byte[] view(int image, int which) {
        byte[] samples = new byte[layout.low().size()];
        get(block(image, 0) + (long) index.row(image) * layout.viewBytes() + (long) which * samples.length, samples);
        return samples;
    }

    /** Some values of the answer about one view. */
    void answer(int image, int which, int column, float[] to, int at, int many) {
        byte[] bytes = new byte[many * layout.precision().bytes()];
        long from = block(image, 1)
                + (long) index.row(image) * layout.answerBytes()
                + ((long) which * layout.values() + column) * layout.precision().bytes();
        get(from, bytes);
        layout.precision()
                .values(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN))
                .read(0, to, at, many);
        for (int i = at; i < at + many; i++) {
            if (!Float.isFinite(to[i])) { // A right mark says that it is what somebody wrote.
                throw new UncheckedIOException(new IOException(
                        path + ": its answer about " + name(image) + " has a value of " + to[i] + "; write it anew"));
            }
        }
    }

    /** Where the views (0) or the answers (1) of the block of an image begin. */
    private long block(int image, int what) {
        long at = index.blockOf(image);
        ByteBuffer head = windows[(int) (at / window)];
        int images = head.getInt((int) (at % window));
        long views = at + TransferLayout.BLOCK_HEAD + head.getInt((int) (at % window) + 4);
        return views + (what == 0 ? 0 : (long) images * layout.viewBytes());
    }

    private void get(long at, byte[] bytes) {
        windows[(int) (at / window)].get((int) (at % window), bytes);
    }

    private ByteBuffer bytes(long at, int length) {
        byte[] bytes = new byte[length];
        get(at, bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads every block and holds it against its mark. */
    void verify() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer trailer = read(channel, channel.size() - TransferLayout.TRAILER, TransferLayout.TRAILER);
            if (trailer.getLong(3 * Long.BYTES) != index.mark()) {
                throw new IOException("another file has taken its place since it was opened");
            }
            for (int b = 0; b < index.blocks(); b++) {
                ByteBuffer block = read(channel, index.block(b), (int) (index.end(b) - index.block(b)));
                if (block.getLong(8) != TransferLayout.mark(block.position(TransferLayout.BLOCK_HEAD))) {
                    throw new IOException("its images " + b * TransferLayout.IMAGES + " and following are damaged");
                }
            }
        }
    }

    static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        if (at < 0 || length > channel.size() - at) {
            throw new EOFException("it is truncated");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new EOFException("it is truncated");
            }
        }
        return bytes.flip();
    }
}
