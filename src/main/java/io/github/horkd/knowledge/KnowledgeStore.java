package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Inquiry;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * Keeps what frozen guides saw, so that several runs over the same images (other seeds, other losses) ask each guide once. A store in memory lasts as
 * long as the program; one {@linkplain #inFolder in a folder} outlasts it, and what it keeps may be larger than the heap: (D + C) values a view, of which
 * a training step brings the rows of its batch onto the heap.
 *
 * <p>Within a store, what is kept is found by the guide's {@link Guide#identity()}, the names of all images, the pixels of 64 of them and the view. Pictures
 * that were changed under their old names may go unnoticed: begin with another store then.
 *
 * <p><b>Files.</b> One for each guide, data set, view and {@link Precision}, named after the view and its size with a digest behind it. A file states the
 * guide, the names and all pixels of the images and the view that it is about (for a {@link io.github.horkd.guide.NamedGuide}, which sees no pixels, the
 * names), and has checksums over all of itself. A store that opens it reads every image of the view once and every byte of the file, and refuses a file
 * that is stale, about something else, of another version or damaged: it is named in a warning, the guide is asked again, and the file is replaced.
 * A file must not be changed in place while a program has it open.
 *
 * <p>A file is written beside ({@code .part}) and moved; when that is interrupted, the same call goes on behind the last whole block of about 1 MiB. Whoever
 * wants a file that another process is building waits for it; an empty {@code .lock} stays for that. Nothing is ever deleted: files of guides that are
 * no longer used are the user's to remove. Bytes of a file: about views × (D + C) × 4, or × 2 with {@link Precision#FLOAT16}.
 */
public final class KnowledgeStore implements AutoCloseable {

    /** What {@link #largeInFolder} keeps in memory at most: 256 MiB, for instance 131,072 views of 512 values. */
    public static final long LARGE = 256L << 20;

    private final Optional<Path> folder;
    private final Precision precision;
    private final long inMemoryUpTo;
    private final Map<String, Knowledge> kept = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private KnowledgeStore(Optional<Path> folder, Precision precision, long inMemoryUpTo) {
        this.folder = folder;
        this.precision = precision;
        this.inMemoryUpTo = inMemoryUpTo;
    }

    /**
     * A store in memory: 4 bytes a value, (D + C) values a view.
     *
     * @return an empty store
     */
    public static KnowledgeStore inMemory() {
        return new KnowledgeStore(Optional.empty(), Precision.FLOAT32, Long.MAX_VALUE);
    }

    /**
     * A store of memory-mapped files with the values as they are.
     *
     * @param folder is there; several stores and processes may share it
     * @return a store with what is in the folder
     * @throws UncheckedIOException when there is no such directory
     */
    public static KnowledgeStore inFolder(Path folder) {
        return inFolder(folder, Precision.FLOAT32);
    }

    /**
     * A store of memory-mapped files.
     *
     * @param folder    is there; several stores and processes may share it
     * @param precision how values are kept
     * @return a store with what is in the folder
     * @throws UncheckedIOException when there is no such directory
     */
    public static KnowledgeStore inFolder(Path folder, Precision precision) {
        if (!Files.isDirectory(folder)) {
            throw new UncheckedIOException(
                    folder + ": wanted a directory for knowledge, there is none; create it",
                    new NotDirectoryException(folder.toString()));
        }
        return new KnowledgeStore(Optional.of(folder), precision, -1);
    }

    /**
     * A store that keeps knowledge of up to {@link #LARGE} bytes in memory and larger one in memory-mapped files, with the values as they are.
     *
     * @param folder is there; several stores and processes may share it
     * @return a store with what is in the folder
     * @throws UncheckedIOException when there is no such directory
     */
    public static KnowledgeStore largeInFolder(Path folder) {
        return inFolder(folder).onlyAbove(LARGE);
    }

    /**
     * This store with small knowledge in memory instead of a file. It is then gone with the program, and not counted in sum.
     *
     * @param bytes what one guide's knowledge of one view may take in memory, views × (D + C) × 4, at least 0
     * @return a new store with the same folder
     * @throws IllegalStateException when this store has no folder
     */
    public KnowledgeStore onlyAbove(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: wanted at least 0, got " + bytes);
        }
        if (folder.isEmpty()) {
            throw new IllegalStateException("knowledge: this store keeps everything in memory; begin with inFolder(…)");
        }
        return new KnowledgeStore(folder, precision, bytes);
    }

    /**
     * What a guide sees in some images; the guide is asked when this store does not know. Trainings call it themselves; calling it before spares
     * them the time.
     *
     * @param guide    who is asked
     * @param images   about which images, at least one
     * @param sees     which view of them the guide sees
     * @param mirrored whether about their mirror images too
     * @param progress is told how many views are known by then, batch after batch; not at all when the guide is not asked
     * @return the knowledge, valid until this store is closed
     * @throws UncheckedIOException     when a file cannot be read or written; what was built of it is gone on with by the next call
     * @throws IllegalArgumentException when the guide's answers have another shape than it said, are not finite, or are not for this {@link Precision}
     * @throws IllegalStateException    when this store was closed
     */
    public Knowledge of(Guide guide, PairedImages images, Resolution sees, boolean mirrored, IntConsumer progress) {
        requireOpen();
        Inquiry inquiry = new Inquiry(guide, images, sees, mirrored);
        String key = guide.identity() + "/" + Fingerprint.of(images, sees) + "/" + mirrored;
        Knowledge knowledge = kept.computeIfAbsent(key, k -> new Knowledge(rows(inquiry, progress), inquiry));
        if (closed) {
            knowledge.close();
        }
        return knowledge;
    }

    private KnowledgeRows rows(Inquiry inquiry, IntConsumer progress) {
        long bytes = Math.multiplyExact((long) inquiry.views() * inquiry.width(), (long) Float.BYTES);
        return folder.isEmpty() || bytes <= inMemoryUpTo
                ? HeapRows.gather(inquiry, progress)
                : KnowledgeFile.obtain(folder.get(), inquiry, precision, progress);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("knowledge: this store was closed");
        }
    }

    /**
     * Gives up what is kept; files stay. Whoever still reads from {@link Knowledge} of this store gets an {@link IllegalStateException}. Mappings end with
     * the next garbage collection; on Windows a file cannot be deleted or replaced before. A store that is not closed does no harm: its mappings end with it.
     */
    @Override
    public void close() {
        closed = true;
        kept.values().forEach(Knowledge::close);
        kept.clear();
    }
}
