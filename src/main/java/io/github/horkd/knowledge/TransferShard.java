package io.github.horkd.knowledge;

import io.github.horkd.data.LeftOut;
import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.file.Texts;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A shard of a transfer set, mapped into memory: {@link TransferLayout}. What it states is held against its length before it is used. */
final class TransferShard {

    /** Bytes from one mapping to the next; a mapping goes on by as much as a view or a row may stick out. */
    static final long WINDOW = 1L << 30;

    private final Path path;
    private final TransferLayout layout;
    private final int count;
    private final ByteBuffer index;
    private final long[] blocks;
    private final long indexAt;
    private final long mark;
    private final List<String> classes;
    private final LeftOut leftOut;
    private final ByteBuffer[] windows;
    private final long window;

    private TransferShard(Path path, FileChannel channel, long window) throws IOException {
        this.path = path;
        this.window = window;
        this.layout = TransferLayout.read((at, length) -> read(channel, at, length));
        long size = channel.size();
        ByteBuffer trailer = read(channel, size - TransferLayout.TRAILER, TransferLayout.TRAILER);
        this.indexAt = trailer.getLong();
        long images = trailer.getLong();
        long many = trailer.getLong();
        this.mark = trailer.getLong();
        long end = size - TransferLayout.TRAILER;
        if (trailer.getLong() != TransferLayout.END
                || images < 1
                || images > Integer.MAX_VALUE / TransferLayout.ENTRY
                || many != (images - 1) / TransferLayout.IMAGES + 1
                || indexAt < 0
                || indexAt > end - images * TransferLayout.ENTRY - many * Long.BYTES
                || end - indexAt > Integer.MAX_VALUE - TransferLayout.TRAILER) {
            throw new IOException("it is truncated or damaged at its end");
        }
        ByteBuffer tail = read(channel, indexAt, (int) (end - indexAt) + TransferLayout.TRAILER);
        if (TransferLayout.mark(tail.slice(0, tail.capacity() - 2 * Long.BYTES)) != mark) {
            throw new IOException("its index is damaged");
        }
        this.count = (int) images;
        this.index = tail.slice(0, count * TransferLayout.ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        tail.position(count * TransferLayout.ENTRY);
        this.blocks = new long[(int) many];
        for (int b = 0; b < blocks.length; b++) {
            blocks[b] = tail.getLong();
        }
        this.classes = Texts.read(tail);
        this.leftOut = leftOut(Texts.read(tail), Texts.read(tail));
        this.windows = new ByteBuffer[(int) ((indexAt + window - 1) / window)];
        long sticksOut = Math.max(
                        layout.low().size(),
                        (long) layout.values() * layout.precision().bytes())
                + TransferLayout.BLOCK_HEAD
                + (1 << 16);
        for (int w = 0; w < windows.length; w++) {
            long from = w * window;
            windows[w] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(indexAt - from, window + sticksOut))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }
        check();
    }

    private static LeftOut leftOut(List<String> files, List<String> directories) throws IOException {
        List<LeftOut.File> out = new ArrayList<>();
        try {
            for (int k = 0; k + 2 < files.size(); k += 3) {
                out.add(new LeftOut.File(files.get(k), LeftOut.Reason.valueOf(files.get(k + 1)), files.get(k + 2)));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("its words are damaged", e);
        }
        return new LeftOut(out, directories);
    }

    /** Whatever the index says must lie within the blocks. */
    private void check() throws IOException {
        long before = 0;
        for (int b = 0; b < blocks.length; b++) {
            long end = b + 1 < blocks.length ? blocks[b + 1] : indexAt;
            if (blocks[b] <= before || end - blocks[b] < TransferLayout.BLOCK_HEAD) {
                throw new IOException("its index is damaged");
            }
            ByteBuffer head = bytes(blocks[b], TransferLayout.BLOCK_HEAD);
            int images = head.getInt();
            int names = head.getInt();
            int wanted = b + 1 < blocks.length ? TransferLayout.IMAGES : count - b * TransferLayout.IMAGES;
            if (images != wanted
                    || names < 0
                    || names > end - blocks[b]
                    || TransferLayout.BLOCK_HEAD + (long) layout.blockBytes(images, names) != end - blocks[b]) {
                throw new IOException("its block " + b + " is damaged");
            }
            before = blocks[b];
        }
        for (int i = 0; i < count; i++) {
            long at = index.getLong(i * TransferLayout.ENTRY);
            if (at < blocks[0]
                    || at + letters(i) > indexAt
                    || label(i) < PairedImages.UNLABELLED
                    || label(i) >= classes.size()
                    || row(i) >= TransferLayout.IMAGES
                    || block(at) == blocks.length - 1
                            && row(i) >= count - (blocks.length - 1) * TransferLayout.IMAGES) {
                throw new IOException("its index is damaged");
            }
        }
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

    int count() {
        return count;
    }

    List<String> classes() {
        return classes;
    }

    LeftOut leftOut() {
        return leftOut;
    }

    /** Stands for all that the file holds of images and names; what it holds of pixels and answers has marks of its own. */
    long mark() {
        return mark;
    }

    int label(int image) {
        return index.getInt(image * TransferLayout.ENTRY + 8);
    }

    String name(int image) {
        byte[] letters = new byte[letters(image)];
        get(index.getLong(image * TransferLayout.ENTRY), letters);
        return new String(letters, StandardCharsets.UTF_8);
    }

    /** The samples of one view. */
    byte[] view(int image, int which) {
        byte[] samples = new byte[layout.low().size()];
        get(block(image, 0) + (long) row(image) * layout.viewBytes() + (long) which * samples.length, samples);
        return samples;
    }

    /** Some values of the answer about one view. */
    void answer(int image, int which, int column, float[] to, int at, int many) {
        byte[] bytes = new byte[many * layout.precision().bytes()];
        long from = block(image, 1)
                + (long) row(image) * layout.answerBytes()
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
        long at = blocks[block(index.getLong(image * TransferLayout.ENTRY))];
        ByteBuffer head = windows[(int) (at / window)];
        int images = head.getInt((int) (at % window));
        long views = at + TransferLayout.BLOCK_HEAD + head.getInt((int) (at % window) + 4);
        return views + (what == 0 ? 0 : (long) images * layout.viewBytes());
    }

    private int block(long place) {
        int found = Arrays.binarySearch(blocks, place);
        return found >= 0 ? found : -found - 2;
    }

    private int letters(int image) {
        return index.getShort(image * TransferLayout.ENTRY + 12) & 0xffff;
    }

    private int row(int image) {
        return index.getShort(image * TransferLayout.ENTRY + 14) & 0xffff;
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
            if (trailer.getLong(3 * Long.BYTES) != mark) {
                throw new IOException("another file has taken its place since it was opened");
            }
            for (int b = 0; b < blocks.length; b++) {
                long end = b + 1 < blocks.length ? blocks[b + 1] : indexAt;
                ByteBuffer block = read(channel, blocks[b], (int) (end - blocks[b]));
                if (block.getLong(8) != TransferLayout.mark(block.position(TransferLayout.BLOCK_HEAD))) {
                    throw new IOException("its images " + b * TransferLayout.IMAGES + " and following are damaged");
                }
            }
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
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
