package io.github.horkd.data;

import io.github.horkd.internal.file.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
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
    private final FileChannel channel;
    private final ConcurrentSkipListMap<String, Long> places = new ConcurrentSkipListMap<>();
    /** Free ones, at most one a decoder, outside of the heap, from where the system takes them without another copy. */
    private final Queue<ByteBuffer> records = new ConcurrentLinkedQueue<>();

    private final long began = System.nanoTime();
    private long end = PackLayout.HEADER;
    private long said = began;
    private int added;
    private IOException broken;

    private PackWriter(Path part, PackLayout layout, FileChannel channel) {
        this.part = part;
        this.layout = layout;
        this.channel = channel;
    }

    static PackWriter open(Path part, PackLayout layout) throws IOException {
        FileChannel channel = WholeFile.openPart(part);
        try {
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            PackWriter writer = new PackWriter(part, layout, channel);
            writer.resume();
            return writer;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException(part + " is being written by somebody else; wait, or pack into another folder", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Takes over the whole records of an earlier run of the same identity. */
    private void resume() throws IOException {
        byte[] header = layout.header();
        long size = channel.size();
        if (size < PackLayout.HEADER || !Arrays.equals(header, bytes(0, PackLayout.HEADER))) {
            if (size > 0) {
                LOG.warn("{}: what an earlier run left is of another source or other options; begun anew", part);
            }
            channel.truncate(0);
            write(ByteBuffer.wrap(header), 0);
            return;
        }
        int samples = layout.shape().size();
        while (end + PackLayout.RECORD <= size) {
            ByteBuffer head = ByteBuffer.wrap(bytes(end, PackLayout.RECORD));
            int letters = head.getInt();
            long place = end + PackLayout.RECORD + letters;
            if (letters < 1 || letters > FileTree.LONGEST_NAME * 4 || place + samples > size) {
                break;
            }
            byte[] name = bytes(place - letters, letters);
            if (head.getInt() != 0 || head.getLong() != PackLayout.mark(name, bytes(place, samples))) {
                break;
            }
            places.put(new String(name, StandardCharsets.UTF_8), place);
            end = place + samples;
        }
        channel.truncate(end);
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
            write(record, end);
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
        texts(out, classes.classes());
        texts(
                out,
                read.leftOut().files().stream()
                        .flatMap(f -> List.of(f.name(), f.reason().name(), f.detail()).stream())
                        .toList());
        texts(out, read.leftOut().directories());
        byte[] written = tail.toByteArray();
        out.writeLong(end);
        out.writeLong(wordsAt);
        out.writeLong(read.names().size());
        out.writeLong(Seeds.fingerprint(written));
        out.writeLong(PackLayout.END);
        write(ByteBuffer.wrap(tail.toByteArray()), end);
        channel.force(true);
    }

    private static void texts(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            byte[] letters = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(letters.length);
            out.write(letters);
        }
    }

    private byte[] bytes(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {
            // until it is full
        }
        return bytes.array();
    }

    private void write(ByteBuffer bytes, long at) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
