package io.github.horkd.knowledge;

import io.github.horkd.data.ImagePass;
import io.github.horkd.data.LeftOut;
import io.github.horkd.internal.file.ResumableFile;
import io.github.horkd.internal.file.Texts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a shard of a transfer set under a name of its own, or goes on with one that an earlier run left; see {@link TransferLayout}. */
final class TransferWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TransferWriter.class);
    private static final int LONGEST_NAME = 1 << 16;

    private final Path part;
    private final TransferLayout layout;
    private final ResumableFile file;
    private final List<String> paths = new ArrayList<>();
    private final List<Long> blocks = new ArrayList<>();
    private long[] places = new long[1024];
    private long end;

    private TransferWriter(Path part, TransferLayout layout, ResumableFile file) {
        this.part = part;
        this.layout = layout;
        this.file = file;
    }

    static TransferWriter open(Path part, TransferLayout layout) throws IOException {
        ResumableFile file = ResumableFile.open(part, "wait until it is done");
        try {
            TransferWriter writer = new TransferWriter(part, layout, file);
            writer.resume();
            return writer;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private void resume() throws IOException {
        byte[] header = layout.header();
        end = header.length;
        if (!file.goOn(header, "source, guide or options")) {
            return;
        }
        long size = file.size();
        while (end + TransferLayout.BLOCK_HEAD <= size) {
            ByteBuffer head = bytes(end, TransferLayout.BLOCK_HEAD);
            int images = head.getInt();
            int letters = head.getInt();
            if (images < 1
                    || images > TransferLayout.IMAGES
                    || letters < 2 * images
                    || letters > images * LONGEST_NAME) {
                break;
            }
            int length = layout.blockBytes(images, letters);
            if (end + TransferLayout.BLOCK_HEAD + length > size) {
                break;
            }
            ByteBuffer block = bytes(end + TransferLayout.BLOCK_HEAD, length);
            if (TransferLayout.mark(block.duplicate()) != head.getLong()) {
                break;
            }
            note(block.slice(0, letters), images);
            end += TransferLayout.BLOCK_HEAD + length;
        }
        file.truncate(end);
        LOG.info("{}: goes on behind {} images of an earlier run", part, paths.size());
    }

    private void note(ByteBuffer names, int images) throws IOException {
        names.order(ByteOrder.LITTLE_ENDIAN);
        blocks.add(end);
        for (int i = 0; i < images; i++) {
            int length = names.remaining() < 2 ? -1 : names.getShort() & 0xffff;
            if (length < 0 || length > names.remaining()) {
                throw new IOException("the names of a block are damaged; remove " + part);
            }
            if (paths.size() == places.length) {
                places = Arrays.copyOf(places, 2 * places.length);
            }
            places[paths.size()] = end + TransferLayout.BLOCK_HEAD + names.position();
            byte[] letters = new byte[length];
            names.get(letters);
            paths.add(new String(letters, StandardCharsets.UTF_8));
        }
    }

    /** The paths of all images that are there. */
    SortedSet<String> known() {
        return new TreeSet<>(paths);
    }

    /**
     * Appends a block.
     *
     * @param names   paths of at most {@link TransferLayout#IMAGES} images
     * @param views   K an image
     * @param answers K an image, D + C values each
     */
    void add(List<String> names, byte[] views, float[] answers) throws IOException {
        List<byte[]> letters =
                names.stream().map(n -> n.getBytes(StandardCharsets.UTF_8)).toList();
        int nameBytes = letters.stream().mapToInt(l -> 2 + l.length).sum();
        int length = layout.blockBytes(names.size(), nameBytes);
        ByteBuffer block =
                ByteBuffer.allocate(TransferLayout.BLOCK_HEAD + length).order(ByteOrder.LITTLE_ENDIAN);
        block.position(TransferLayout.BLOCK_HEAD);
        letters.forEach(each -> block.putShort((short) each.length).put(each));
        block.put(views);
        layout.precision().write(answers, 0, answers.length, block);
        block.putInt(0, names.size()).putInt(4, nameBytes);
        block.putLong(8, TransferLayout.mark(block.slice(TransferLayout.BLOCK_HEAD, length)));
        file.write(block.clear(), end);
        note(block.slice(TransferLayout.BLOCK_HEAD, nameBytes), names.size());
        end += block.capacity();
    }

    /** Writes what follows the blocks, and forces everything to the disk. */
    void finish(ImagePass.Found found) throws IOException {
        Map<String, Integer> at = new HashMap<>();
        for (int i = 0; i < paths.size(); i++) {
            at.put(paths.get(i), i);
        }
        int[] order = IntStream.range(0, found.names().size())
                .boxed()
                .sorted(Comparator.comparing(found.names()::get))
                .mapToInt(Integer::intValue)
                .toArray();
        List<LeftOut.File> out = found.leftOut().files();
        byte[] words = concat(
                texts(found.classes()),
                texts(out.stream()
                        .flatMap(f -> List.of(f.name(), f.reason().name(), f.detail()).stream())
                        .toList()),
                texts(found.leftOut().directories()));
        ByteBuffer tail = ByteBuffer.allocate(Math.addExact(
                        Math.multiplyExact(order.length, TransferLayout.ENTRY),
                        8 * blocks.size() + words.length + TransferLayout.TRAILER))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int i : order) {
            String path = found.paths().get(i);
            int number = at.get(path);
            // What is left of the name without the directories around it all; it ends where the path ends.
            int letters = found.names().get(i).getBytes(StandardCharsets.UTF_8).length;
            tail.putLong(places[number] + path.getBytes(StandardCharsets.UTF_8).length - letters);
            tail.putInt(found.labels()[i]).putShort((short) letters);
            tail.putShort((short) (number % TransferLayout.IMAGES));
        }
        blocks.forEach(tail::putLong);
        tail.put(words).putLong(end).putLong(order.length).putLong(blocks.size());
        tail.putLong(TransferLayout.mark(tail.duplicate().flip())).putLong(TransferLayout.END);
        file.write(tail.flip(), end);
        file.force();
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }

    private static byte[] texts(List<String> texts) {
        return Texts.bytes(texts, ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer bytes(long at, int length) throws IOException {
        return file.bytes(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
