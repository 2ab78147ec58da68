package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.guide.KnowledgeSource;
import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what frozen guides saw, so that several runs over the same images (other seeds, other losses) ask each guide once. A store in memory lasts as
 * long as the program; one {@linkplain #inFolder in a folder} outlasts it, and what it keeps may be larger than the heap: (D + C) values a view, of which
 * a training step brings the rows of its batch onto the heap.
 *
 * <p>Within a store, what is kept is found by the source's {@link KnowledgeSource#identity()}, width, classes and maps, the names of all images, the pixels of
 * 64 of them, the view and the poses. Pictures
 * that were changed under their old names may go unnoticed: begin with another store then.
 *
 * <p><b>Files.</b> One for each guide, data set, view and {@link Precision}, named after the view and its size with a digest behind it. A file states the
 * guide, the names and all pixels of the images and the view that it is about (for a source that sees no pixels, the names alone), and has checksums over all of itself. A store that opens it reads every image of the view once and every byte of the file, and refuses a file
 * that is stale, about something else, of another version or damaged: it is named in a warning, the guide is asked again, and the file is replaced.
 * A file must not be changed in place while a program has it open.
 *
 * <p>A file is written beside ({@code .part}) and moved; when that is interrupted, the same call goes on behind the last whole block of about 1 MiB. Whoever
 * wants a file that another process is building waits for it; an empty {@code .lock} stays for that. Nothing is ever deleted: files of guides that are
 * no longer used are the user's to remove. Bytes of a file: about views × (D + C + M) × 4, or × 2 with {@link Precision#FLOAT16}, where M is what
 * the guide's feature maps have of values; of maps, that is most of it.
 */
public final class KnowledgeStore implements AutoCloseable {

    /** What {@link #largeInFolder} keeps in memory at most: 256 MiB, for instance 131,072 views of 512 values. */
    public static final long LARGE = 256L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(KnowledgeStore.class);

    private final Optional<Path> folder;
    private final Precision precision;
    private final long inMemoryUpTo;
    private final Map<String, CompletableFuture<Knowledge>> kept = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private KnowledgeStore(Optional<Path> folder, Precision precision, long inMemoryUpTo) {
        this.folder = folder;
        this.precision = precision;
        this.inMemoryUpTo = inMemoryUpTo;
    }

    /**
     * A store in memory: 4 bytes a value, (D + C) values a view, and those of feature maps where a guide gives them.
     *
     * @return an empty store
     */
    public static KnowledgeStore inMemory() {
        return new KnowledgeStore(Optional.empty(), Precision.FLOAT32, Long.MAX_VALUE);
    }

    /**
     * A store of memory-mapped files with the values as they are.
     *
     * @param folder is made where it is not there; several stores and processes may share it
     * @return a store with what is in the folder
     * @throws UncheckedIOException when the directory is not there and cannot be made
     */
    public static KnowledgeStore inFolder(Path folder) {
        return inFolder(folder, Precision.FLOAT32);
    }

    /**
     * A store of memory-mapped files.
     *
     * @param folder    is made where it is not there; several stores and processes may share it
     * @param precision how values are kept
     * @return a store with what is in the folder
     * @throws UncheckedIOException when the directory is not there and cannot be made
     */
    public static KnowledgeStore inFolder(Path folder, Precision precision) {
        try {
            WholeFile.makeDirectory(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": wanted a directory for knowledge, it could not be made (" + e + ")", e);
        }
        return new KnowledgeStore(Optional.of(folder), precision, -1);
    }

    /**
     * A store that keeps knowledge of up to {@link #LARGE} bytes in memory and larger one in memory-mapped files, with the values as they are.
     *
     * @param folder is made where it is not there; several stores and processes may share it
     * @return a store with what is in the folder
     * @throws UncheckedIOException when the directory is not there and cannot be made
     */
    public static KnowledgeStore largeInFolder(Path folder) {
        return inFolder(folder).spillAbove(LARGE);
    }

    /**
     * This store with small knowledge in memory instead of a file. It is then gone with the program, and not counted in sum.
     *
     * @param bytes what one guide's knowledge of one view may take in memory, views × (D + C) × 4, at least 0
     * @return a new store with the same folder
     * @throws IllegalStateException when this store has no folder
     */
    public KnowledgeStore spillAbove(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes: wanted at least 0, got " + bytes);
        }
        if (folder.isEmpty()) {
            throw new IllegalStateException("knowledge: this store keeps everything in memory; begin with inFolder(…)");
        }
        return new KnowledgeStore(folder, precision, bytes);
    }

    /**
     * What a source answers about some images; it is asked when this store does not know. Trainings call it themselves; calling it before spares
     * them the time. Several threads may call it: who wants what another thread is asking for waits for that answer.
     *
     * @param source   who is asked
     * @param images   about which images, at least one
     * @param sees     which view of them
     * @param poses    in which poses
     * @param progress is told how many views are known by then, batch after batch; not at all when this call asks nobody
     * @return the knowledge, valid until this store is closed
     * @throws UncheckedIOException     when a file cannot be read or written; what was built of it is gone on with by the next call
     * @throws IllegalArgumentException when the answers have another shape than the source said, are not finite, or are not for this {@link Precision}
     * @throws IllegalStateException    when this store was closed
     */
    public Knowledge of(
            KnowledgeSource source, PairedImages images, Resolution sees, KnownPoses poses, IntConsumer progress) {
        KnowledgeRequest request = new KnowledgeRequest(source, images, sees, poses);
        String key = String.join(
                "/",
                source.identity(),
                Integer.toString(source.embeddingWidth()),
                ImageDigest.ofParts(source.classes().toArray()),
                ImageDigest.ofParts(source.maps().toArray()),
                source.seesPixels() ? ImageDigest.of(images, sees) : ImageDigest.ofNames(images, sees),
                poses.toString());
        while (true) {
            requireOpen();
            CompletableFuture<Knowledge> asked = new CompletableFuture<>();
            CompletableFuture<Knowledge> underway = kept.putIfAbsent(key, asked);
            if (underway == null) {
                return ask(key, request, progress, asked);
            }
            try {
                return underway.join();
            } catch (CompletionException e) {
                // Another thread asked and failed. What is wrong with its source need not be wrong with this one.
                LOG.debug("knowledge: asked again after another thread's failure", e);
            }
        }
    }

    private Knowledge ask(
            String key, KnowledgeRequest request, IntConsumer progress, CompletableFuture<Knowledge> asked) {
        try {
            Knowledge knowledge = new Knowledge(rows(request, progress), request);
            asked.complete(knowledge);
            if (closed) {
                knowledge.close();
            }
            return knowledge;
        } catch (RuntimeException | Error e) {
            kept.remove(key, asked);
            asked.completeExceptionally(e);
            throw e;
        }
    }

    private KnowledgeRows rows(KnowledgeRequest request, IntConsumer progress) {
        if (request.source() instanceof TransferAnswers answers && answers.answersWhole(request)) {
            return answers.rows(request.images());
        }
        long bytes = Math.multiplyExact((long) request.views() * request.width(), (long) Float.BYTES);
        return folder.isEmpty() || bytes <= inMemoryUpTo
                ? HeapRows.gather(request, progress)
                : KnowledgeFile.obtain(folder.get(), request, precision, progress);
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
    @SuppressWarnings("FutureReturnValueIgnored") // what failed was told to who asked
    public void close() {
        closed = true;
        kept.values().forEach(asked -> asked.thenAccept(Knowledge::close));
        kept.clear();
    }
}
