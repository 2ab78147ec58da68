package io.github.horkd.data;

import com.sun.management.OperatingSystemMXBean;
import io.github.horkd.internal.file.PlacedReads;
import io.github.horkd.internal.file.Texts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file of packed images, mapped into memory: {@link PackLayout}. What it states is held against its length before it is used. A file of more than half of the
 * machine's memory is read record by record instead; see {@link PlacedReads}.
 */
final class PackedFile {

    /** Bytes from one mapping to the next; a mapping goes on by as much as an image may stick out. */
    static final long WINDOW = 1L << 30;

    private static final int LARGEST_WORDS = 1 << 30;

    private final Path path;
    private final PackLayout layout;
    private final int count;
    private final long window;
    private final long recordsEnd;
    /** Empty where records are read one by one. */
    private final ByteBuffer[] windows;
    /** Null where records are mapped. */
    private final PlacedReads reads;

    private final ByteBuffer index;
    private final List<String> classes;
    private final LeftOut leftOut;

    private PackedFile(Path path, FileChannel channel, PackLayout layout, long window, long mostMapped)
            throws IOException {
        this.path = path;
        this.layout = layout;
        this.window = window;
        long size = channel.size();
        ByteBuffer trailer = read(channel, size - PackLayout.TRAILER, PackLayout.TRAILER);
        long indexAt = trailer.getLong();
        long wordsAt = trailer.getLong();
        long images = trailer.getLong();
        long mark = trailer.getLong();
        long end = size - PackLayout.TRAILER;
        if (trailer.getLong() != PackLayout.END
                || images < 1
                || images > Integer.MAX_VALUE / PackLayout.ENTRY
                || indexAt < PackLayout.HEADER
                || wordsAt - indexAt != images * PackLayout.ENTRY
                || wordsAt > end
                || end - wordsAt > LARGEST_WORDS) {
            throw new IOException("it is truncated or damaged at its end");
        }
        this.count = (int) images;
        ByteBuffer tail = read(channel, indexAt, Math.toIntExact(end - indexAt));
        if (Seeds.fingerprint(tail.array()) != mark) {
            throw new IOException("its index is damaged");
        }
        this.index = tail.slice(0, count * PackLayout.ENTRY);
        ByteBuffer words = tail.slice(count * PackLayout.ENTRY, tail.capacity() - count * PackLayout.ENTRY);
        this.classes = Texts.read(words);
        List<String> files = Texts.read(words);
        List<LeftOut.File> out = new ArrayList<>();
        for (int k = 0; k + 2 < files.size(); k += 3) {
            out.add(new LeftOut.File(files.get(k), reason(files.get(k + 1)), files.get(k + 2)));
        }
        this.leftOut = new LeftOut(out, Texts.read(words));
        for (int i = 0; i < count; i++) {
            if (letters(i) < 1
                    || place(i) - letters(i) < PackLayout.HEADER
                    || place(i) > indexAt - layout.shape().size()
                    || label(i) < PairedImages.UNLABELLED
                    || label(i) >= classes.size()) {
                throw new IOException("its index is damaged");
            }
        }
        this.recordsEnd = indexAt;
        this.reads = size > mostMapped ? PlacedReads.of(path, end, trailer.array()) : null;
        this.windows = new ByteBuffer[reads != null ? 0 : (int) ((indexAt + window - 1) / window)];
        long overlap = layout.shape().size() + (long) PackLayout.RECORD + 4 * FileTree.LONGEST_NAME;
        for (int w = 0; w < windows.length; w++) {
            long from = w * window;
            windows[w] = channel.map(FileChannel.MapMode.READ_ONLY, from, Math.min(window + overlap, indexAt - from));
        }
    }

    /** Opens a file, of one identity or of any (""). */
    static PackedFile open(Path path, String identity) throws IOException {
        return open(path, identity, WINDOW, memory() / 2);
    }

    private static long memory() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    /** Opens a file by mappings of another size, or by none where it is larger than so many bytes. */
    static PackedFile open(Path path, String identity, long window, long mostMapped) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < PackLayout.HEADER + PackLayout.TRAILER) {
                throw new IOException("it is truncated");
            }
            PackLayout layout =
                    PackLayout.of(read(channel, 0, PackLayout.HEADER).array());
            if (!identity.isEmpty() && !identity.equals(layout.identity())) {
                throw new IOException("it was packed from a source that has changed since");
            }
            return new PackedFile(path, channel, layout, window, mostMapped);
        }
    }

    Path path() {
        return path;
    }

    ImageShape shape() {
        return layout.shape();
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

    int label(int image) {
        return index.getInt(image * PackLayout.ENTRY + 8);
    }

    String name(int image) {
        return new String(bytes(place(image) - letters(image), letters(image)), StandardCharsets.UTF_8);
    }

    byte[] samples(int image) {
        return bytes(place(image), layout.shape().size());
    }

    private long place(int image) {
        return index.getLong(image * PackLayout.ENTRY);
    }

    private int letters(int image) {
        return index.getInt(image * PackLayout.ENTRY + 12);
    }

    private byte[] bytes(long at, int length) {
        byte[] bytes = new byte[length];
        if (reads == null) {
            windows[(int) (at / window)].get((int) (at % window), bytes);
            return bytes;
        }
        try {
            reads.read(at, bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(path + ": byte " + at + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Reads every record from front to back and holds it against its mark. */
    void verify() throws IOException {
        int samples = layout.shape().size();
        for (long at = PackLayout.HEADER; at < recordsEnd; ) {
            ByteBuffer head =
                    at + PackLayout.RECORD > recordsEnd ? null : ByteBuffer.wrap(bytes(at, PackLayout.RECORD));
            int letters = head == null ? -1 : head.getInt();
            long place = at + PackLayout.RECORD + letters;
            if (letters < 1 || letters > 4 * FileTree.LONGEST_NAME || place + samples > recordsEnd) {
                throw new IOException("no record at byte " + at);
            }
            byte[] name = bytes(place - letters, letters);
            if (head.getInt() != 0
                    || head.getLong() != layout.mark(ByteBuffer.wrap(name), ByteBuffer.wrap(bytes(place, samples)))) {
                throw new IOException("the record of " + new String(name, StandardCharsets.UTF_8) + " is damaged");
            }
            at = place + samples;
        }
    }

    private static LeftOut.Reason reason(String name) throws IOException {
        try {
            return LeftOut.Reason.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("its words are damaged", e);
        }
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("it is truncated");
            }
        }
        return bytes.flip();
    }
}
