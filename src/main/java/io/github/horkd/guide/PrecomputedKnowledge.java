package io.github.horkd.guide;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.rows.ArrayCopy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A teacher that has answered already: embeddings, and perhaps logits, by the names of images, computed elsewhere by anything at all.
 * Names are those of {@link PairedImages#name}, with accents composed or not. All of it is held in memory, four bytes a value.
 *
 * <p>Of a mirror image it says what stands under the image's name with {@value #MIRRORED} behind it; where nothing does, what it says of
 * the image itself, since what is to be recognised does not change in a mirror.
 */
public final class PrecomputedKnowledge implements KnowledgeSource {

    /** What follows a name that stands for the mirror image. */
    public static final String MIRRORED = "#mirrored";

    private static final int SHOWN = 5;

    private final String origin;
    private final Map<String, Integer> rows = new HashMap<>();
    private final List<float[]> embeddings;
    private final List<float[]> logits;
    private final List<String> classes;
    private final String identity;

    private PrecomputedKnowledge(Object origin, KnowledgeTable table) throws IOException {
        this.origin = origin.toString();
        this.embeddings = table.embeddings();
        this.logits = table.logits();
        this.classes = table.classes();
        table.index(rows);
        this.identity = table.digest();
    }

    /**
     * Reads a text of comma-separated values, UTF-8: a line for each image, its name, then its D values. Any field may stand in double quotes, and a name
     * with a comma must. Empty lines count for nothing.
     *
     * <p>The first line is a heading when none of its columns is called by a number, or all of them by their numbers and the first column is called "name",
     * "file", "index" or nothing, as pandas writes tables. A missing value ("", "nan", "inf") is refused, in the first line too.
     *
     * @param file the text
     * @return the knowledge
     * @throws UncheckedIOException when the file cannot be read, a line has no name or another number of values, a name comes twice, a value is no finite
     *                              number, or the first line may be heading or data; the line is named
     */
    public static PrecomputedKnowledge csv(Path file) {
        return reading(file, () -> {
            NamedRows read = NamedRows.read(file);
            return new PrecomputedKnowledge(file, KnowledgeTable.of(read.names(), read.rows()));
        });
    }

    /**
     * Reads a NumPy array of numbers, [N, D], of any type but complex ones and in any order, and a text with N names. Values become float32.
     *
     * @param embeddings an {@code .npy} file
     * @param names      UTF-8, a name a line, in the order of the rows
     * @return the knowledge
     * @throws UncheckedIOException when a file cannot be read, has another type or shape, a name is missing or comes twice, or a
     *                              value is not finite
     */
    public static PrecomputedKnowledge npy(Path embeddings, Path names) {
        return reading(embeddings, () -> {
            List<String> lines = reading(names, () -> CsvLines.all(names));
            try (InputStream in = new BufferedInputStream(Files.newInputStream(embeddings))) {
                return new PrecomputedKnowledge(
                        embeddings, KnowledgeTable.of(lines, NpyArray.open(in).rows()));
            }
        });
    }

    /**
     * Reads what {@code np.savez(file, names=np.array(names, dtype=str), embeddings=e, logits=l, classes=np.array(c, dtype=str))}
     * writes. Logits may be left out. Classes may be left out too; their names are then the numbers from 0 on.
     *
     * @param file  an {@code .npz} file
     * @return the knowledge
     * @throws UncheckedIOException when the file cannot be read, an array is missing or has another type or shape, a name comes
     *                              twice, or a value is not finite
     */
    public static PrecomputedKnowledge npz(Path file) {
        return reading(file, () -> {
            return new PrecomputedKnowledge(file, KnowledgeTable.ofArchive(file));
        });
    }

    /**
     * Takes answers that a program has at hand, for instance those of one large question that several trainings are to share.
     *
     * @param names      a name an image, as {@link PairedImages#name} gives it
     * @param embeddings [N, D], copied
     * @return the knowledge
     * @throws IllegalArgumentException when there is not one name a row, a name comes twice, or a value is not finite
     */
    public static PrecomputedKnowledge of(List<String> names, INDArray embeddings) {
        if (embeddings.rank() != 2) {
            throw new IllegalArgumentException("embeddings: wanted [N, D], got " + Arrays.toString(embeddings.shape()));
        }
        int width = Math.toIntExact(embeddings.size(1));
        float[] values = ArrayCopy.floats(embeddings);
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < values.length; at += width) {
            rows.add(Arrays.copyOfRange(values, at, at + width));
        }
        try {
            return new PrecomputedKnowledge("precomputed knowledge", KnowledgeTable.of(List.copyOf(names), rows));
        } catch (IOException e) {
            throw new IllegalArgumentException("precomputed knowledge: " + e.getMessage(), e);
        }
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
            throw new UncheckedIOException(file + ": not UTF-8 text" + whatElse(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + (e.getMessage() == null ? e.toString() : e.getMessage()), e);
        }
    }

    private static String whatElse(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(2);
            int mark = start.length < 2 ? 0 : (start[0] & 0xff) << 8 | start[1] & 0xff;
            return switch (mark) {
                case 0x1f8b -> " but a file packed by gzip; unpack it first";
                case 0xfffe, 0xfeff -> " but UTF-16; save it as UTF-8";
                case 0x504b -> " but a zip; of an .npz file say npz(…)";
                default -> "; save it as UTF-8";
            };
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public int embeddingWidth() {
        return embeddings.get(0).length;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    /** {@inheritDoc} Names are enough. */
    @Override
    public boolean seesPixels() {
        return false;
    }

    /** {@inheritDoc} Here a digest of all names and values. */
    @Override
    public String identity() {
        return identity;
    }

    /** {@inheritDoc} The message counts the images that are not known, and shows the first few. */
    @Override
    public void require(PairedImages images, Resolution view) {
        List<String> missing = new ArrayList<>();
        int count = 0;
        for (int i = 0; i < images.size(); i++) {
            if (!rows.containsKey(KnowledgeTable.composed(images.name(i)))) {
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
        return new IllegalArgumentException(origin + ": knows nothing of " + what + "; it knows " + rows.size()
                + " names, such as '" + rows.keySet().iterator().next() + "'");
    }

    /** {@inheritDoc} Of a pose only counts whether it mirrors; the view does not count. */
    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        List<float[]> seen = new ArrayList<>();
        List<float[]> scores = new ArrayList<>();
        for (int i = 0; i < indices.length; i++) {
            String name = KnowledgeTable.composed(images.name(indices[i]));
            Integer row = poses[i].mirrored() ? rows.getOrDefault(name + MIRRORED, rows.get(name)) : rows.get(name);
            if (row == null) {
                throw unknown("image '" + name + "'");
            }
            seen.add(embeddings.get(row));
            if (!logits.isEmpty()) {
                scores.add(logits.get(row));
            }
        }
        return logits.isEmpty() ? Output.of(array(seen)) : Output.of(array(seen), array(scores));
    }

    private static INDArray array(List<float[]> rows) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(rows.toArray(float[][]::new));
        }
    }

    @Override
    public String toString() {
        return "PrecomputedKnowledge[" + rows.size() + " images, " + embeddingWidth() + " values, "
                + classes().size() + " classes]";
    }
}
