package io.github.horkd.data;

import io.github.horkd.internal.file.BlockAppender;
import io.github.horkd.internal.file.ResumableFile;
import io.github.horkd.internal.file.Texts;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a file of packed images under a name of its own, or goes on with one that an earlier run left; see {@link PackLayout}. */
final class PackWriter implements ImageSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PackWriter.class);
    private static final long SAID_EVERY = 10_000_000_000L;

    private final Path part;
    private final PackLayout layout;
    private final ResumableFile file;
    private final NameTable places = new NameTable();
    private final BlockAppender records;
    private final long began = System.nanoTime();
    private final AtomicLong said = new AtomicLong(began);
    private final int before;
    private volatile IOException broken;

    private PackWriter(Path part, PackLayout layout, ResumableFile file) throws IOException {
        this.part = part;
        this.layout = layout;
        this.file = file;
        this.records = new BlockAppender(file, resume());
        this.before = places.size();
    }

    static PackWriter open(Path part, PackLayout layout) throws IOException {
        ResumableFile file = ResumableFile.open(part, "wait, or pack into another folder");
        try {
            return new PackWriter(part, layout, file);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Takes over the whole records of an earlier run of the same identity; where they end. */
    private long resume() throws IOException {
        long end = PackLayout.HEADER;
        if (!file.goOn(layout.header(), "source or other options")) {
            return end;
        }
        long size = file.size();
        int samples = layout.shape().size();
        while (end + PackLayout.RECORD <= size) {
            ByteBuffer head = file.bytes(end, PackLayout.RECORD);
            int letters = head.getInt();
            long next = end + PackLayout.RECORD + letters + samples;
            if (letters < 1 || letters > FileTree.LONGEST_NAME * 4 || next > size || head.getInt() != 0) {
                break;
            }
            ByteBuffer record = file.bytes(end + PackLayout.RECORD, letters + samples);
            if (head.getLong() != layout.mark(record.slice(0, letters), record.slice(letters, samples))) {
                break;
            }
            places.put(new String(record.array(), 0, letters, StandardCharsets.UTF_8), next - samples);
            end = next;
        }
        file.truncate(end);
        LOG.info("{}: goes on behind {} images of an earlier run", part, places.size());
        return end;
    }

    @Override
    public boolean has(String name) {
        return places.has(name);
    }

    @Override
    public List<String> names() {
        return places.names();
    }

    @Override
    public boolean add(String name, Bitmap image) throws IOException {
        byte[] letters = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer samples = ByteBuffer.wrap(image.samples());
        ByteBuffer head = ByteBuffer.allocate(PackLayout.RECORD + letters.length)
                .putInt(letters.length)
                .putInt(0)
                .putLong(layout.mark(ByteBuffer.wrap(letters), samples.duplicate()))
                .put(letters)
                .flip();
        long place;
        try {
            place = records.append(head, samples) + head.capacity();
        } catch (IOException e) {
            broken = e;
            throw e;
        }
        boolean isNew = places.put(name, place);
        tell();
        return isNew;
    }

    private void tell() {
        long now = System.nanoTime();
        long then = said.get();
        if (now - then > SAID_EVERY && said.compareAndSet(then, now)) {
            int packed = places.size();
            LOG.info("{}: {} images, {} a second", part, packed, (packed - before) * 1_000_000_000L / (now - began));
        }
    }

    @Override
    public void check() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }

    /** Writes index and words, and forces everything to the disk. */
    void finish(ImageLoad.Result read) throws IOException {
        records.flush();
        long end = records.end();
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(tail);
        ClassLayout classes = read.layout();
        for (int i = 0; i < read.names().size(); i++) {
            String name = read.names().get(i);
            out.writeLong(places.value(name));
            out.writeInt(classes.labels()[i]);
            // What is left of the name without the directories around it all; it ends where the samples begin.
            out.writeInt(classes.names().get(i).getBytes(StandardCharsets.UTF_8).length);
        }
        long wordsAt = end + tail.size();
        out.write(Texts.bytes(classes.classes(), ByteOrder.BIG_ENDIAN));
        out.write(Texts.bytes(
                read.leftOut().files().stream()
                        .flatMap(f -> List.of(f.name(), f.reason().name(), f.detail()).stream())
                        .toList(),
                ByteOrder.BIG_ENDIAN));
        out.write(Texts.bytes(read.leftOut().directories(), ByteOrder.BIG_ENDIAN));
        byte[] written = tail.toByteArray();
        out.writeLong(end);
        out.writeLong(wordsAt);
        out.writeLong(read.names().size());
        out.writeLong(Seeds.fingerprint(written));
        out.writeLong(PackLayout.END);
        file.write(ByteBuffer.wrap(tail.toByteArray()), end);
        file.force();
    }

    /** What was packed so far is there for the next run. */
    @Override
    public void close() throws IOException {
        try {
            records.close();
        } finally {
            file.close();
        }
    }
}
