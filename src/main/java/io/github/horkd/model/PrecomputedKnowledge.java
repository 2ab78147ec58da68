package io.github.horkd.model;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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

    private PrecomputedKnowledge(Path file, ImageShape shape, List<String> names, List<float[]> embeddings,
                                 List<float[]> logits) throws IOException {
        this.file = file;
        this.shape = shape;
        this.embeddings = embeddings;
        this.logits = logits;
        if (names.size() != embeddings.size() || !logits.isEmpty() && logits.size() != names.size()) {
            throw new IOException("wanted one name a row, got " + names.size() + " names, " + embeddings.size() + " embeddings and "
                    + logits.size() + " logits");
        }
        if (names.isEmpty()) {
            throw new IOException("wanted at least one name with an embedding, got none");
        }
        for (int row = 0; row < names.size(); row++) {
            String name = names.get(row);
            if (name.isBlank()) {
                throw new IOException("row " + (row + 1) + ": wanted a name, got none");
            }
            Integer before = rows.putIfAbsent(name, row);
            if (before != null) {
                throw new IOException("duplicate name '" + name + "': rows " + (before + 1) + " and " + (row + 1));
            }
            checkFinite(name, embeddings.get(row));
            if (!logits.isEmpty()) {
                checkFinite(name, logits.get(row));
            }
        }
        this.identity = digest(names, embeddings, logits);
    }

    private static void checkFinite(String name, float[] values) throws IOException {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IOException("'" + name + "': wanted finite values, got " + value);
            }
        }
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
            NamedRows table = NamedRows.read(file);
            return new PrecomputedKnowledge(file, shape, table.names(), table.rows(), List.of());
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
                return new PrecomputedKnowledge(embeddings, shape, lines, NpyArray.open(in).rows(), List.of());
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
            try (ZipFile zip = new ZipFile(file.toFile())) {
                List<String> names = array(zip, "names", NpyArray::strings);
                List<float[]> logits = zip.getEntry("logits.npy") == null ? List.of() : array(zip, "logits", NpyArray::rows);
                return new PrecomputedKnowledge(file, shape, names, array(zip, "embeddings", NpyArray::rows), logits);
            }
        });
    }

    private interface Reader<A, B> {
        B read(A from) throws IOException;
    }

    private interface Source<T> {
        T get() throws IOException;
    }

    private static <T> T array(ZipFile zip, String name, Reader<NpyArray, T> how) throws IOException {
        ZipEntry entry = zip.getEntry(name + ".npy");
        if (entry == null) {
            throw new IOException("wanted an array '" + name + "', got " + zip.stream().map(ZipEntry::getName).limit(SHOWN).toList());
        }
        try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
            return how.read(NpyArray.open(in));
        } catch (IOException e) {
            throw new IOException("array '" + name + "': " + e.getMessage(), e);
        }
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
        return new IllegalArgumentException(file + ": knows nothing of " + what + "; it knows " + rows.size() + " names, such as '"
                + rows.keySet().iterator().next() + "'");
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

    private static String digest(List<String> names, List<float[]> embeddings, List<float[]> logits) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (int row = 0; row < names.size(); row++) {
                byte[] name = names.get(row).getBytes(StandardCharsets.UTF_8);
                sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
                sha.update(name);
                add(sha, embeddings.get(row));
                if (!logits.isEmpty()) {
                    add(sha, logits.get(row));
                }
            }
            return "precomputed:" + HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void add(MessageDigest sha, float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        sha.update(bytes);
    }

    @Override
    public String toString() {
        return "PrecomputedKnowledge[" + rows.size() + " images, " + embeddingWidth() + " values, " + classCount() + " classes]";
    }
}
