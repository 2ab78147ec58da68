package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Images in memory, in the order of their names. */
final class HeapSink implements ImageSink {

    /** Says that images are better kept on disk; thrown long before the heap is full. */
    static final class Large extends IOException {
        private static final long serialVersionUID = 1L;

        Large(long bytes) {
            super("its images take more than " + (bytes >> 20) + " MiB");
        }
    }

    private final long spillAbove;
    private final ConcurrentSkipListMap<String, Bitmap> images = new ConcurrentSkipListMap<>();
    private final AtomicLong held = new AtomicLong();

    HeapSink() {
        this(Long.MAX_VALUE);
    }

    /** A sink that refuses more than so many bytes by a {@link Large}. */
    HeapSink(long spillAbove) {
        this.spillAbove = spillAbove;
    }

    @Override
    public boolean add(String name, Bitmap image) {
        held.addAndGet(image.samples().length);
        return images.put(name, image) == null;
    }

    @Override
    public boolean has(String name) {
        return false;
    }

    @Override
    public Collection<String> names() {
        return images.keySet();
    }

    /** Said before the heap is full, where anything could fail. */
    @Override
    public void check() throws IOException {
        if (held.get() > spillAbove) {
            throw new Large(spillAbove);
        }
        long most = Runtime.getRuntime().maxMemory() / 10 * 9;
        if (held.get() > most) {
            throw new IOException(
                    "its images do not fit: " + images.size() + " of them fill the heap of "
                            + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB; keep them on disk with ImageOptions.packedIn(folder), raise -Xmx, or ask for smaller images");
        }
    }

    /** What was taken, by its names. */
    SortedMap<String, Bitmap> images() {
        return images;
    }

    List<byte[]> samples() {
        return images.values().stream().map(Bitmap::samples).toList();
    }

    /** The one shape of all images; they can differ only in their channels, when those were left to the files. */
    ImageShape commonShape(Path path) {
        List<String> gray = new ArrayList<>();
        List<String> colour = new ArrayList<>();
        for (Map.Entry<String, Bitmap> each : images.entrySet()) {
            (each.getValue().shape().channels() == 1 ? gray : colour).add(each.getKey());
        }
        if (!gray.isEmpty() && !colour.isEmpty()) {
            boolean fewGray = gray.size() <= colour.size();
            List<String> odd = fewGray ? gray : colour;
            throw new IllegalArgumentException(
                    path + ": wanted all images gray or all colour, got " + odd.size() + " of "
                            + images.size() + (fewGray ? " gray: " : " in colour: ") + FirstFew.of(odd)
                            + "; say which is meant with ImageShape.gray(side) or ImageShape.colour(side)");
        }
        return images.firstEntry().getValue().shape();
    }
}
