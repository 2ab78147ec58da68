package io.github.horkd.examples.vectorindex;

import io.github.horkd.recognise.Answer;
import io.github.horkd.recognise.Answers;
import io.github.horkd.recognise.Gallery;
import io.github.horkd.recognise.PerIdentity;
import io.github.horkd.recognise.Threshold;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows of a {@link Gallery} in a Lucene index: a graph (HNSW, Malkov and Yashunin 2018) that finds nearly always what the gallery's
 * exact search finds, in a time that hardly grows with the number of people. It lies on disk; what a search touches is kept in memory by
 * the operating system.
 *
 * <p>Each row is one document, its unit embedding and its identity. Lucene scores inner products as (1 + cosine) / 2, so similarities, and
 * thresholds that were calibrated on the gallery, mean the same here. Safe to use from several threads.
 */
public final class PeopleIndex implements AutoCloseable {

    private static final String ROW = "row";
    private static final String IDENTITY = "identity";
    private static final String GUIDES = "guides";
    private static final String WIDTH = "width";
    /** Room for rows before Lucene begins another segment, which is merged with the first in the end: about a kilobyte a row of 128 values. Lucene takes at most 2048. */
    private static final double BUFFER_MEGABYTES =
            Math.min(1900, Runtime.getRuntime().maxMemory() >> 21);

    private final DirectoryReader reader;
    private final IndexSearcher searcher;
    private final int width;
    private final List<String> guides;

    private PeopleIndex(DirectoryReader reader) throws IOException {
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        Map<String, String> about = reader.getIndexCommit().getUserData();
        this.width = Integer.parseInt(about.getOrDefault(WIDTH, "0"));
        this.guides = List.of(about.getOrDefault(GUIDES, "").split("\n"));
    }

    /**
     * Writes a gallery's rows as an index: beside its place first, then moved there. An index that is there is replaced; between the
     * two moves, and only then, there is none.
     *
     * @param gallery   whose rows; at least one
     * @param directory the directory of the index; its parent must exist
     * @throws IllegalArgumentException when the directory holds something else than an index
     * @throws UncheckedIOException     when it cannot be written; the old index, if any, is then still there
     */
    public static void write(Gallery gallery, Path directory) {
        write(gallery, directory, (done, all) -> {});
    }

    /**
     * Writes an index and tells how far it is.
     *
     * @param gallery   whose rows are indexed
     * @param directory where the index goes; an index there is replaced
     * @param progress  is told how many rows of how many are in, the last of them before their graphs are joined
     */
    public static void write(Gallery gallery, Path directory, BiConsumer<Integer, Integer> progress) {
        Path place = directory.toAbsolutePath();
        Path beside = place.resolveSibling(place.getFileName() + ".part");
        Path old = place.resolveSibling(place.getFileName() + ".old");
        try {
            for (Path path : List.of(place, beside, old)) {
                checkReplaceable(path);
            }
            delete(beside);
            delete(old);
            try {
                writeRows(gallery, beside, progress);
                if (Files.exists(place)) {
                    Files.move(place, old);
                }
                Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException | RuntimeException e) {
                if (Files.exists(old) && !Files.exists(place)) {
                    Files.move(old, place);
                }
                delete(beside);
                throw e;
            }
            delete(old);
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": the index could not be written (" + e + ")", e);
        }
    }

    private static void writeRows(Gallery gallery, Path directory, BiConsumer<Integer, Integer> progress)
            throws IOException {
        int all = gallery.perIdentity() == PerIdentity.MEAN_TEMPLATE
                ? gallery.identities().size()
                : gallery.templates();
        AtomicInteger done = new AtomicInteger();
        IndexWriterConfig config = new IndexWriterConfig().setRAMBufferSizeMB(BUFFER_MEGABYTES);
        try (Directory files = FSDirectory.open(directory);
                IndexWriter writer = new IndexWriter(files, config)) {
            gallery.forEachRow((identity, row) -> {
                Document document = new Document();
                document.add(new KnnFloatVectorField(ROW, row, VectorSimilarityFunction.DOT_PRODUCT));
                document.add(new StoredField(IDENTITY, identity));
                try {
                    writer.addDocument(document);
                    progress.accept(done.incrementAndGet(), all);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.setLiveCommitData(
                    Map.of(GUIDES, String.join("\n", gallery.guides()), WIDTH, Integer.toString(gallery.width()))
                            .entrySet());
            // One graph is searched faster than several.
            writer.forceMerge(1);
            writer.commit();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** What is going to be replaced or removed must be an index, or nothing. */
    private static void checkReplaceable(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        if (Files.isDirectory(directory)) {
            try (Stream<Path> within = Files.list(directory)) {
                // An index that was not finished has no segments_N, but its lock from the first moment.
                List<String> names =
                        within.map(path -> path.getFileName().toString()).toList();
                if (names.isEmpty()
                        || names.stream().anyMatch(name -> name.startsWith("segments_") || name.equals("write.lock"))) {
                    return;
                }
            }
        }
        throw new IllegalArgumentException(
                directory + ": wanted an index or nothing there, got something else; choose another place");
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /**
     * Opens an index.
     *
     * @param directory what {@link #write} wrote
     * @return the index, to be closed
     * @throws UncheckedIOException when it is missing or damaged
     */
    public static PeopleIndex open(Path directory) {
        try {
            DirectoryReader reader = DirectoryReader.open(FSDirectory.open(directory));
            PeopleIndex index = new PeopleIndex(reader);
            if (index.width < 1) {
                reader.close();
                throw new IOException("it was not written by this class");
            }
            return index;
        } catch (IOException e) {
            throw new UncheckedIOException(directory + ": wanted an index of people (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Identifies probes, however dissimilar their nearest identity is.
     *
     * @param probes  embeddings [N, D] by one of the {@link #guides()}
     * @param top     how many identities to answer with at most, at least 1
     * @param breadth how many rows to look for, at least {@code top}: more find what is nearest more surely and take longer. Rows of one
     *                identity are one answer, so allow for them where identities have several.
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top, int breadth) {
        return search(probes, top, breadth, Double.NEGATIVE_INFINITY);
    }

    /**
     * Identifies probes, and leaves identities out that are less similar than a threshold.
     *
     * @param probes    embeddings [N, D] by one of the {@link #guides()}
     * @param top       how many identities to answer with at most, at least 1
     * @param breadth   how many rows to look for, at least {@code top}
     * @param threshold what an answer needs, as the gallery calibrated it
     * @return the answers about each probe
     */
    public List<Answers> identify(INDArray probes, int top, int breadth, Threshold threshold) {
        return search(probes, top, breadth, threshold.similarity());
    }

    private List<Answers> search(INDArray probes, int top, int breadth, double least) {
        if (top < 1 || breadth < top) {
            throw new IllegalArgumentException("top: wanted 1 to the breadth of " + breadth + ", got " + top);
        }
        if (probes.rank() != 2 || probes.size(1) != width) {
            throw new IllegalArgumentException(
                    "probes: wanted embeddings [N, " + width + "], got " + Arrays.toString(probes.shape()));
        }
        List<Answers> all = new ArrayList<>();
        try {
            for (float[] probe : probes.toFloatMatrix()) {
                all.add(answers(unit(probe), top, breadth, least));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the index could not be read", e);
        }
        return all;
    }

    private Answers answers(float[] probe, int top, int breadth, double least) throws IOException {
        StoredFields stored = searcher.storedFields();
        Map<String, Answer> best = new LinkedHashMap<>();
        for (ScoreDoc hit : searcher.search(new KnnFloatVectorQuery(ROW, probe, breadth), breadth).scoreDocs) {
            double similarity = Math.max(-1, Math.min(1, 2.0 * hit.score - 1));
            if (best.size() == top || similarity < least) {
                break;
            }
            // The most similar row of an identity comes first.
            String identity = stored.document(hit.doc).get(IDENTITY);
            best.putIfAbsent(identity, new Answer(identity, similarity));
        }
        return new Answers(List.copyOf(best.values()));
    }

    private static float[] unit(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        float[] unit = new float[values.length];
        for (int d = 0; d < unit.length; d++) {
            unit[d] = squares > 0 ? (float) (values[d] / Math.sqrt(squares)) : 0;
        }
        return unit;
    }

    /**
     * The networks whose embeddings share the space of the rows.
     *
     * @return their {@code identity()}, as the gallery had them: compare before embedding probes
     */
    public List<String> guides() {
        return guides;
    }

    /**
     * How many rows there are.
     *
     * @return a count
     */
    public int rows() {
        return reader.numDocs();
    }

    @Override
    public void close() {
        try (Directory files = reader.directory()) {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the index could not be closed", e);
        }
    }
}
