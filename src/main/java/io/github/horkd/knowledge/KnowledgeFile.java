package io.github.horkd.knowledge;

import io.github.horkd.internal.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One guide's knowledge of one view of some images as a file: read when it is there and sound, else built. */
final class KnowledgeFile {

    private static final Logger LOG = LoggerFactory.getLogger(KnowledgeFile.class);
    /** Seconds. What is answered at once is no news. */
    private static final int WORTH_SAYING = 5;

    private final Path file;
    private final KnowledgeHeader header;

    private KnowledgeFile(Path file, KnowledgeHeader header) {
        this.file = file;
        this.header = header;
    }

    /**
     * The rows, whatever it takes.
     *
     * @param folder    where the file is, or will be
     * @param request   who is asked about what when there is none
     * @param precision of each value
     * @param progress  is told how many views are known by then; not at all when the guide is not asked
     */
    static KnowledgeRows obtain(Path folder, KnowledgeRequest request, Precision precision, IntConsumer progress) {
        KnowledgeHeader header = KnowledgeHeader.of(request, precision);
        KnowledgeFile file = new KnowledgeFile(folder.resolve(header.fileName()), header);
        Optional<KnowledgeRows> there = file.open(true);
        return there.isPresent() ? there.get() : file.build(request, progress);
    }

    private Optional<KnowledgeRows> open(boolean warn) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MappedRows.open(file, header));
        } catch (RefusedException e) {
            if (warn) {
                LOG.warn("{}: refused, {}; the guide is asked again and the file replaced", file, e.getMessage());
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": the knowledge could not be read (" + e + ")", e);
        }
    }

    @SuppressWarnings("try") // The lock is held for its effect.
    private KnowledgeRows build(KnowledgeRequest request, IntConsumer progress) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (BuildLock lock = BuildLock.on(file)) {
            // Somebody else may have built it while this thread waited.
            Optional<KnowledgeRows> there = open(false);
            if (there.isPresent()) {
                return there.get();
            }
            requireSpace(part);
            long began = System.nanoTime();
            LOG.debug("{}: asks the guide about {} views", file, header.rows());
            KnowledgeBuild.run(part, header, request, progress);
            WholeFile.publish(part, file);
            long seconds = (System.nanoTime() - began) / 1_000_000_000;
            if (seconds >= WORTH_SAYING) {
                LOG.info(
                        "asked the guide about {} views in {} s; its answers are kept in {}",
                        header.rows(),
                        seconds,
                        file);
            }
            return MappedRows.open(file, header);
        } catch (RefusedException e) {
            throw new UncheckedIOException(
                    file + ": what was just written does not read back (" + e.getMessage() + "); is the disk sound?",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": the knowledge could not be written, " + WholeFile.reason(file, e) + ". It takes "
                            + header.layout().fileBytes() + " bytes; what was written of it, if anything, stays in "
                            + part.getFileName() + " for the next run to go on with",
                    e);
        }
    }

    private void requireSpace(Path part) throws IOException {
        long wanted = header.layout().fileBytes() - (Files.exists(part) ? Files.size(part) : 0);
        long free = Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
        if (wanted > free) {
            throw new IOException("wanted room for " + wanted + " bytes more, got " + free);
        }
    }
}
