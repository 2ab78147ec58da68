package io.github.horkd.data;

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
import java.util.Queue;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a file of packed images under a name of its own, or goes on with one that an earlier run left; see {@link PackLayout}. */
final class PackWriter implements ImageSink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PackWriter.class);
    private static final long SAID_EVERY = 10_000_000_000L;

    private final Path part;
    private final PackLayout layout;
    private final ResumableFile file;
    private final ConcurrentSkipListMap<String, Long> places = new ConcurrentSkipListMap<>();
    /** Free ones, at most one a decoder, outside of the heap, from where the system takes them without another copy. */
    private final Queue<ByteBuffer> records = new ConcurrentLinkedQueue<>();

    private final long began = System.nanoTime();
    private long end = PackLayout.HEADER;
    private long said = began;
    private int added;
    private IOException broken;

    private PackWriter(Path part, PackLayout layout, ResumableFile file) {
        this.part = part;
        this.layout = layout;
        this.file = file;
    }

    static PackWriter open(Path part, PackLayout layout) throws IOException {
        ResumableFile file = ResumableFile.open(part, "wait, or pack into another folder");
        try {
            PackWriter writer = new PackWriter(part, layout, file);
            writer.resume();
            return writer;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Takes over the whole records of an earlier run of the same identity. */
    private void resume() throws IOException {
        if (!file.goOn(layout.header(), "source or other options")) {
            return;
        }
        long size = file.size();
        int samples = layout.shape().size();
        while (end + PackLayout.RECORD <= size) {
            ByteBuffer head = file.bytes(end, PackLayout.RECORD);
            int letters = head.getInt();
            long place = end + PackLayout.RECORD + letters;
            if (letters < 1 || letters > FileTree.LONGEST_NAME * 4 || place + samples > size) {
                break;
            }
            byte[] name = file.bytes(place - letters, letters).array();
            if (head.getInt() != 0
                    || head.getLong()
                            != PackLayout.mark(name, file.bytes(place, samples).array())) {
                break;
            }
            places.put(new String(name, StandardCharsets.UTF_8), place);
            end = place + samples;
        }
        file.truncate(end);
        LOG.info("{}: goes on behind {} images of an earlier run", part, places.size());
    }

    @Override
    public boolean has(String name) {
        return places.containsKey(name);
    }

    @Override
    public SortedSet<String> names() {
        return places.keySet();
    }

    @Override
    public boolean add(String name, Bitmap image) throws IOException {
        byte[] letters = name.getBytes(StandardCharsets.UTF_8);
        byte[] samples = image.samples();
        int length = PackLayout.RECORD + letters.length + samples.length;
        ByteBuffer record = records.poll();
        if (record == null || record.capacity() < length) {
            record = ByteBuffer.allocateDirect(length);
        }
        record.clear().putInt(letters.length).putInt(0).putLong(PackLayout.mark(letters, samples));
        record.put(letters).put(samples).flip();
        boolean isNew = append(name, letters.length, record);
        records.add(record);
        return isNew;
    }

    private synchronized boolean append(String name, int letters, ByteBuffer record) throws IOException {
        int length = record.remaining();
        try {
            file.write(record, end);
        } catch (IOException e) {
            broken = e;
            throw e;
        }
        boolean isNew = places.put(name, end + PackLayout.RECORD + letters) == null;
        end += length;
        added++;
        long now = System.nanoTime();
        if (now - said > SAID_EVERY) {
            said = now;
            LOG.info("{}: {} images, {} a second", part, places.size(), added * 1_000_000_000L / (now - began));
        }
        return isNew;
    }

    @Override
    public synchronized void check() throws IOException {
        if (broken != null) {
            throw broken;
        }
    }

    /** Writes index and words, and forces everything to the disk. */
    void finish(ImageLoad.Result read) throws IOException {
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(tail);
        ClassLayout classes = read.layout();
        for (int i = 0; i < read.names().size(); i++) {
            String name = read.names().get(i);
            out.writeLong(places.get(name));
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

    @Override
    public void close() throws IOException {
        file.close();
    }
}
