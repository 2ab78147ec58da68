package io.github.horkd.knowledge;

import io.github.horkd.internal.file.FileMark;
import io.github.horkd.internal.file.FileParts;
import io.github.horkd.internal.file.PlacedBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A shard of a transfer set: {@link TransferLayout}. What it states is held against its length before it is used. */
final class TransferShard {

    private final Path path;
    private final TransferLayout layout;
    private final TransferIndex index;
    private final FileMark mark;
    private final PlacedBytes bytes;
    /** Where the views of each block begin. */
    private final long[] views;

    private TransferShard(Path path, FileChannel channel, PlacedBytes.Mapping mapping) throws IOException {
        this.path = path;
        this.layout = TransferLayout.read(
                (at, length) -> FileParts.read(channel, at, length).order(ByteOrder.LITTLE_ENDIAN));
        this.index = TransferIndex.read(channel);
        this.mark = FileMark.of(channel, channel.size() - TransferLayout.TRAILER, TransferLayout.TRAILER);
        int longest = Math.max(
                        layout.low().size(),
                        layout.values() * layout.precision().bytes())
                + TransferLayout.BLOCK_HEAD
                + (1 << 16);
        this.bytes = PlacedBytes.of(path, channel, index.begins(), longest, mark, mapping);
        this.views = new long[index.blocks()];
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
            views[b] = before + TransferLayout.BLOCK_HEAD + names;
        }
        index.checkEntries();
    }

    static TransferShard open(Path path) throws IOException {
        return open(path, PlacedBytes.Mapping.usual());
    }

    static TransferShard open(Path path, PlacedBytes.Mapping mapping) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new TransferShard(path, channel, mapping);
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
        bytes.read(index.name(image), letters);
        return new String(letters, StandardCharsets.UTF_8);
    }

    /** The samples of one view. */
    byte[] view(int image, int which) {
        byte[] samples = new byte[layout.low().size()];
        bytes.read(
                views[index.blockOf(image)]
                        + (long) index.row(image) * layout.viewBytes()
                        + (long) which * samples.length,
                samples);
        return samples;
    }

    /** Some values of the answer about one view. */
    void answer(int image, int which, int column, float[] to, int at, int many) {
        byte[] bytes = new byte[many * layout.precision().bytes()];
        int block = index.blockOf(image);
        long from = views[block]
                + (long) index.images(block) * layout.viewBytes()
                + (long) index.row(image) * layout.answerBytes()
                + ((long) which * layout.values() + column) * layout.precision().bytes();
        this.bytes.read(from, bytes);
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

    private ByteBuffer bytes(long at, int length) {
        byte[] bytes = new byte[length];
        this.bytes.read(at, bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads every block and holds it against its mark. */
    void verify() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            mark.require(channel);
            for (int b = 0; b < index.blocks(); b++) {
                ByteBuffer block = FileParts.read(channel, index.block(b), (int) (index.end(b) - index.block(b)))
                        .order(ByteOrder.LITTLE_ENDIAN);
                if (block.getLong(8) != TransferLayout.mark(block.position(TransferLayout.BLOCK_HEAD))) {
                    throw new IOException("its images " + b * TransferLayout.IMAGES + " and following are damaged");
                }
            }
        }
    }
}
