package io.github.horkd.data;

import io.github.horkd.internal.file.FileMark;
import io.github.horkd.internal.file.FileParts;
import io.github.horkd.internal.file.PlacedBytes;
import io.github.horkd.internal.file.Texts;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A file of packed images: {@link PackLayout}. What it states is held against its length before it is used. */
final class PackedFile {

    private static final int LARGEST_WORDS = 1 << 30;

    private final Path path;
    private final PackLayout layout;
    private final int count;
    private final long recordsEnd;
    private final PlacedBytes bytes;
    private final ByteBuffer index;
    private final List<String> classes;
    private final LeftOut leftOut;

    private PackedFile(Path path, FileChannel channel, PackLayout layout, PlacedBytes.Mapping mapping)
            throws IOException {
        this.path = path;
        this.layout = layout;
        long size = channel.size();
        FileMark mark = FileMark.of(channel, size - PackLayout.TRAILER, PackLayout.TRAILER);
        ByteBuffer trailer = ByteBuffer.wrap(mark.bytes());
        long indexAt = trailer.getLong();
        long wordsAt = trailer.getLong();
        long images = trailer.getLong();
        long indexMark = trailer.getLong();
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
        ByteBuffer tail = FileParts.read(channel, indexAt, Math.toIntExact(end - indexAt));
        if (Seeds.fingerprint(tail.array()) != indexMark) {
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
        long longest = layout.shape().size() + (long) PackLayout.RECORD + 4 * FileTree.LONGEST_NAME;
        this.bytes = PlacedBytes.of(path, channel, indexAt, longest, mark, mapping);
    }

    /** Opens a file, of one identity or of any (""). */
    static PackedFile open(Path path, String identity) throws IOException {
        return open(path, identity, PlacedBytes.Mapping.usual());
    }

    /** Opens a file that is mapped in another way. */
    static PackedFile open(Path path, String identity, PlacedBytes.Mapping mapping) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            if (channel.size() < PackLayout.HEADER + PackLayout.TRAILER) {
                throw new IOException("it is truncated");
            }
            PackLayout layout =
                    PackLayout.of(FileMark.of(channel, 0, PackLayout.HEADER).bytes());
            if (!identity.isEmpty() && !identity.equals(layout.identity())) {
                throw new IOException("it was packed from a source that has changed since");
            }
            return new PackedFile(path, channel, layout, mapping);
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
        byte[] read = new byte[length];
        bytes.read(at, read);
        return read;
    }

    /** Reads every record from front to back and holds it against its mark. */
    void verify() throws IOException {
        byte[] samples = new byte[layout.shape().size()];
        try (DataInputStream in = new DataInputStream(bytes.stream(PackLayout.HEADER, recordsEnd))) {
            for (long at = PackLayout.HEADER; at < recordsEnd; ) {
                int letters = at + PackLayout.RECORD > recordsEnd ? -1 : in.readInt();
                long place = at + PackLayout.RECORD + letters;
                if (letters < 1 || letters > 4 * FileTree.LONGEST_NAME || place + samples.length > recordsEnd) {
                    throw new IOException("no record at byte " + at);
                }
                int zero = in.readInt();
                long marked = in.readLong();
                byte[] name = in.readNBytes(letters);
                in.readFully(samples);
                if (zero != 0 || marked != layout.mark(ByteBuffer.wrap(name), ByteBuffer.wrap(samples))) {
                    throw new IOException("the record of " + new String(name, StandardCharsets.UTF_8) + " is damaged");
                }
                at = place + samples.length;
            }
        }
    }

    private static LeftOut.Reason reason(String name) throws IOException {
        try {
            return LeftOut.Reason.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new IOException("its words are damaged", e);
        }
    }
}
