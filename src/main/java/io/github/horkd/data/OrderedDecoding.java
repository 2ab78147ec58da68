package io.github.horkd.data;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Decodes files on several threads and hands their pictures on in the order of the files, a fixed number at a time, on the calling thread. While the receiver
 * works, the threads go on with what is waiting.
 */
final class OrderedDecoding implements ImageLoad.Ending {

    /** From the bytes of a file to its samples. */
    interface Decoder {
        Bitmap decode(byte[] file) throws IOException;
    }

    private record Underway(String name, long bytes, Future<Bitmap> image) {}

    private final ExecutorService decoders;
    private final Decoder decoder;
    private final Findings findings;
    private final Set<String> names;
    private final Set<String> before;
    private final int together;
    private final int waiting;
    private final ImageChunk.Visitor visitor;
    private final Queue<Underway> underway = new ArrayDeque<>();
    private List<String> chunkNames = new ArrayList<>();
    private List<Bitmap> chunk = new ArrayList<>();
    private long bytes;

    /**
     * With what is known before.
     *
     * @param names    of pictures that are passed over; receives the names of all that are handed on
     * @param together pictures at a time
     * @param more     pictures that may be decoded beyond the next {@code together}
     */
    OrderedDecoding(
            ExecutorService decoders,
            Decoder decoder,
            Findings findings,
            Set<String> names,
            int together,
            int more,
            ImageChunk.Visitor visitor) {
        this.decoders = decoders;
        this.decoder = decoder;
        this.findings = findings;
        this.names = names;
        this.before = Set.copyOf(names);
        this.together = together;
        this.waiting = together + more;
        this.visitor = visitor;
    }

    @Override
    public void file(String name, byte[] content) throws IOException {
        if (before.contains(name)) {
            bytes += content.length;
            return;
        }
        underway.add(new Underway(name, content.length, decoders.submit(() -> decoder.decode(content))));
        while (underway.size() > waiting) {
            take();
        }
    }

    @Override
    public void end() throws IOException {
        while (!underway.isEmpty()) {
            take();
        }
        handOn();
    }

    private void take() throws IOException {
        Underway first = underway.remove();
        bytes += first.bytes;
        try {
            Bitmap image = first.image.get();
            if (names.add(first.name)) {
                chunkNames.add(first.name);
                chunk.add(image);
            } else {
                findings.failed(first.name, "is there twice");
            }
        } catch (ExecutionException e) {
            Throwable why = e.getCause();
            findings.failed(
                    first.name, why instanceof IOException ? why.getMessage() : "cannot be decoded (" + why + ")");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading");
        }
        if (chunk.size() == together) {
            handOn();
        }
    }

    private void handOn() throws IOException {
        if (!chunk.isEmpty() || bytes > 0) {
            visitor.see(chunkNames, chunk, bytes);
        }
        chunkNames = new ArrayList<>();
        chunk = new ArrayList<>();
        bytes = 0;
    }

    @Override
    public void unreadable(String name, IOException why) {
        findings.unreadable(name, why);
    }

    @Override
    public void passedOver(String name) {
        if (!before.contains(name)) {
            findings.passedOver(name);
        }
    }

    @Override
    public void directory(String name) {
        findings.directory(name);
    }
}
