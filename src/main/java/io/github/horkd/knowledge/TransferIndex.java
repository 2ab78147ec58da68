package io.github.horkd.knowledge;

import io.github.horkd.data.LeftOut;
import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.file.FileParts;
import io.github.horkd.internal.file.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The end of a shard: where each image's name lies, its label and its row, where blocks begin, and whose pictures were left out. */
final class TransferIndex {

    private final long begins;
    private final long mark;
    private final int count;
    private final ByteBuffer entries;
    private final long[] blocks;
    private final List<String> classes;
    private final LeftOut leftOut;

    private TransferIndex(long begins, long mark, int count, int many, ByteBuffer tail) throws IOException {
        this.begins = begins;
        this.mark = mark;
        this.count = count;
        this.entries = tail.slice(0, count * TransferLayout.ENTRY).order(ByteOrder.LITTLE_ENDIAN);
        tail.position(count * TransferLayout.ENTRY);
        this.blocks = new long[many];
        for (int b = 0; b < blocks.length; b++) {
            blocks[b] = tail.getLong();
        }
        this.classes = Texts.read(tail);
        this.leftOut = leftOut(Texts.read(tail), Texts.read(tail));
    }

    static TransferIndex read(FileChannel channel) throws IOException {
        long end = channel.size() - TransferLayout.TRAILER;
        ByteBuffer trailer =
                FileParts.read(channel, end, TransferLayout.TRAILER).order(ByteOrder.LITTLE_ENDIAN);
        long begins = trailer.getLong();
        long images = trailer.getLong();
        long many = trailer.getLong();
        long mark = trailer.getLong();
        if (trailer.getLong() != TransferLayout.END
                || images < 1
                || images > Integer.MAX_VALUE / TransferLayout.ENTRY
                || many != (images - 1) / TransferLayout.IMAGES + 1
                || begins < 0
                || begins > end - images * TransferLayout.ENTRY - many * Long.BYTES
                || end - begins > Integer.MAX_VALUE - TransferLayout.TRAILER) {
            throw new IOException("it is truncated or damaged at its end");
        }
        ByteBuffer tail = FileParts.read(channel, begins, (int) (end - begins) + TransferLayout.TRAILER)
                .order(ByteOrder.LITTLE_ENDIAN);
        if (TransferLayout.mark(tail.slice(0, tail.capacity() - 2 * Long.BYTES)) != mark) {
            throw damaged();
        }
        return new TransferIndex(begins, mark, (int) images, (int) many, tail);
    }

    static IOException damaged() {
        return new IOException("its index is damaged");
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

    /** Whatever it says of an image must lie within the blocks. */
    void checkEntries() throws IOException {
        for (int i = 0; i < count; i++) {
            long at = name(i);
            if (at < blocks[0]
                    || at + letters(i) > begins
                    || label(i) < PairedImages.UNLABELLED
                    || label(i) >= classes.size()
                    || row(i) >= TransferLayout.IMAGES
                    || blockAt(at) == blocks.length - 1
                            && row(i) >= count - (blocks.length - 1) * TransferLayout.IMAGES) {
                throw damaged();
            }
        }
    }

    /** Where it begins, and the blocks end. */
    long begins() {
        return begins;
    }

    /** Stands for all that the file holds of images and names; what it holds of pixels and answers has marks of its own. */
    long mark() {
        return mark;
    }

    int count() {
        return count;
    }

    int blocks() {
        return blocks.length;
    }

    long block(int number) {
        return blocks[number];
    }

    /** Where a block ends. */
    long end(int number) {
        return number + 1 < blocks.length ? blocks[number + 1] : begins;
    }

    /** How many images lie in a block. */
    int images(int number) {
        return number + 1 < blocks.length ? TransferLayout.IMAGES : count - number * TransferLayout.IMAGES;
    }

    /** In which block an image is. */
    int blockOf(int image) {
        return blockAt(name(image));
    }

    private int blockAt(long place) {
        int found = Arrays.binarySearch(blocks, place);
        return found >= 0 ? found : -found - 2;
    }

    /** Where the name of an image lies. */
    long name(int image) {
        return entries.getLong(image * TransferLayout.ENTRY);
    }

    int label(int image) {
        return entries.getInt(image * TransferLayout.ENTRY + 8);
    }

    /** The length of its name in bytes. */
    int letters(int image) {
        return entries.getShort(image * TransferLayout.ENTRY + 12) & 0xffff;
    }

    /** Which of its block's images it is. */
    int row(int image) {
        return entries.getShort(image * TransferLayout.ENTRY + 14) & 0xffff;
    }

    List<String> classes() {
        return classes;
    }

    LeftOut leftOut() {
        return leftOut;
    }
}
