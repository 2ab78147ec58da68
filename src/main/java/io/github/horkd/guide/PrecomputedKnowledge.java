package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A teacher that has answered already: embeddings, and perhaps logits, by the names of images, computed elsewhere by anything at all.
 * Names are those of {@link PairedImages#name}. All of it is held in memory, four bytes a value.
 *
 * <p>Of a mirror image it says what stands under the image's name with {@value #MIRRORED} behind it; where nothing does, what it says of
 * the image itself, since what is to be recognised does not change in a mirror.
 */
public final class PrecomputedKnowledge implements NamedGuide {

    /** What follows a name that stands for the mirror image. */
    public static final String MIRRORED = "#mirrored";

    private static final int SHOWN = 5;

    private final Path file;
    private final ImageShape shape;
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<float[]> embeddings;
    private final List<float[]> logits;
    private final String identity;

    private PrecomputedKnowledge(Path file, ImageShape shape, KnowledgeTable table) throws IOException {
        this.file = file;
        this.shape = shape;
        this.embeddings = table.embeddings();
        this.logits = table.logits();
        table.index(rows);
        this.identity = table.digest();
    }

    /**
     * Reads a text of comma-separated values, UTF-8: a line for each image, its name, then its D values. A name with a comma stands in
     * double quotes. A first line whose second field is no number is a heading; empty lines count for nothing.
     *
     * @param file  the text
     * @param shape of the images that the embeddings were computed from
     * @return the knowledge
     * @throws UncheckedIOException when the file cannot be read, a line has no name or another number of values, a name comes twice, or a
     *                              value is no finite number
     */
    public static PrecomputedKnowledge csv(Path file, ImageShape shape) {
        return reading(file, () -> {
            NamedRows read = NamedRows.read(file);
            return new PrecomputedKnowledge(file, shape, new KnowledgeTable(read.names(), read.rows(), List.of()));
        });
    }

    /**
     * Reads a NumPy array, [N, D], little-endian float32 or float64 in row order, and a text with N names.
     *
     * @param embeddings an {@code .npy} file
     * @param names      UTF-8, a name a line, in the order of the rows
     * @param shape      of the images that the embeddings were computed from
     * @return the knowledge
     * @throws UncheckedIOException when a file cannot be read, has another type, order or shape, a name is missing or comes twice, or a
     *                              value is not finite
     */
    public static PrecomputedKnowledge npy(Path embeddings, Path names, ImageShape shape) {
        return reading(embeddings, () -> {
            List<String> lines = reading(names, () -> Files.readAllLines(names));
            if (!lines.isEmpty()) {
                lines.set(0, NamedRows.withoutMark(lines.get(0)));
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(embeddings))) {
                return new PrecomputedKnowledge(
                        embeddings,
                        shape,
                        new KnowledgeTable(lines, NpyArray.open(in).rows(), List.of()));
            }
        });
    }

    /**
     * Reads what {@code np.savez(file, names=np.array(names, dtype=str), embeddings=e, logits=l)} writes; logits may be left out.
     *
     * @param file  an {@code .npz} file
     * @param shape of the images that the embeddings were computed from
     * @return the knowledge
     * @throws UncheckedIOException when the file cannot be read, an array is missing or has another type, order or shape, a name comes
     *                              twice, or a value is not finite
     */
    public static PrecomputedKnowledge npz(Path file, ImageShape shape) {
        return reading(file, () -> {
            return new PrecomputedKnowledge(file, shape, KnowledgeTable.ofArchive(file));
        });
    }

    private interface Source<T> {
        T get() throws IOException;
    }

    private static <T> T reading(Path file, Source<T> source) {
        try {
            return source.get();
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new UncheckedIOException(file + ": not UTF-8 text", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
    }

    /** {@inheritDoc} The shape is the one stated when it was read. */
    @Override
    public Input input() {
        return new Input(shape, Scaling.ZERO_ONE);
    }

    @Override
    public int embeddingWidth() {
        return embeddings.get(0).length;
    }

    @Override
    public int classCount() {
        return logits.isEmpty() ? 0 : logits.get(0).length;
    }

    /** {@inheritDoc} Here a digest of all names and values. */
    @Override
    public String identity() {
        return identity;
    }

    /**
     * Checks that all images of a source are known, before training starts.
     *
     * @param images a source
     * @throws IllegalArgumentException when some are not; it says how many, and the first few
     */
    public void require(PairedImages images) {
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (int i = 0; i < images.size(); i++) {
            if (!rows.containsKey(images.name(i))) {
                count++;
                if (missing.size() < SHOWN) {
                    missing.add(images.name(i));
                }
            }
        }
        if (count > 0) {
            throw unknown(count + " of " + images.size() + " images, first " + missing);
        }
    }

    private IllegalArgumentException unknown(String what) {
        return new IllegalArgumentException(file + ": knows nothing of " + what + "; it knows " + rows.size()
                + " names, such as '" + rows.keySet().iterator().next() + "'");
    }

    @Override
    public Sight recall(List<String> names, boolean mirrored) {
        List<float[]> seen = new ArrayList<>();
        List<float[]> scores = new ArrayList<>();
        for (String name : names) {
            Integer row = mirrored ? rows.getOrDefault(name + MIRRORED, rows.get(name)) : rows.get(name);
            if (row == null) {
                throw unknown("image '" + name + "'");
            }
            seen.add(embeddings.get(row));
            if (!logits.isEmpty()) {
                scores.add(logits.get(row));
            }
        }
        return new Sight(array(seen), logits.isEmpty() ? Optional.empty() : Optional.of(array(scores)));
    }

    private static INDArray array(List<float[]> rows) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(rows.toArray(float[][]::new));
        }
    }

    @Override
    public String toString() {
        return "PrecomputedKnowledge[" + rows.size() + " images, " + embeddingWidth() + " values, " + classCount()
                + " classes]";
    }
}
