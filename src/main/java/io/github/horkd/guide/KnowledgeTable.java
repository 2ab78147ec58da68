package io.github.horkd.guide;

import io.github.horkd.internal.file.ComposedName;
import io.github.horkd.internal.file.CountedInput;
import io.github.horkd.internal.file.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What somebody else computed about images, as it was read: row i is about the image of name i. What is wrong with it is told by {@link #index}.
 *
 * @param names      of images
 * @param embeddings a row a name
 * @param logits     a row a name, or none at all
 * @param classes    a name a logit, or none at all
 */
record KnowledgeTable(List<String> names, List<float[]> embeddings, List<float[]> logits, List<String> classes) {

    private static final int SHOWN = 5;
    /** Embeddings hardly pack at all; zeros pack to a thousandth. */
    private static final long LARGEST_RATIO = 200;

    private static final long SMALL = 1 << 20;

    private interface Reader<A, B> {
        B read(A from) throws IOException;
    }

    /** Reads the arrays {@code names}, {@code embeddings} and, where it is there, {@code logits} of a NumPy archive. */
    static KnowledgeTable ofArchive(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<String> names = array(zip, "names", NpyArray::strings);
            List<float[]> logits =
                    zip.getEntry("logits.npy") == null ? List.of() : array(zip, "logits", NpyArray::rows);
            return new KnowledgeTable(names, array(zip, "embeddings", NpyArray::rows), logits, classes(zip, logits));
        }
    }

    private static List<String> classes(ZipFile zip, List<float[]> logits) throws IOException {
        int count = logits.isEmpty() ? 0 : logits.get(0).length;
        if (zip.getEntry("classes.npy") == null) {
            return IntStream.range(0, count).mapToObj(Integer::toString).toList();
        }
        List<String> classes = array(zip, "classes", NpyArray::strings);
        int different = ComposedName.different(classes);
        if (classes.size() != count || different != count) {
            throw new IOException("array 'classes': wanted a name of its own for each of " + count + " logits, got "
                    + classes.size() + " names, " + different + " of them different");
        }
        return List.copyOf(classes);
    }

    /** Embeddings alone. */
    static KnowledgeTable of(List<String> names, List<float[]> embeddings) {
        return new KnowledgeTable(names, embeddings, List.of(), List.of());
    }

    private static <T> T array(ZipFile zip, String name, Reader<NpyArray, T> how) throws IOException {
        ZipEntry entry = zip.getEntry(name + ".npy");
        if (entry == null) {
            throw new IOException("wanted an array '" + name + "', got "
                    + zip.stream().map(ZipEntry::getName).limit(SHOWN).toList());
        }
        long most = LARGEST_RATIO * Math.max(0, entry.getCompressedSize()) + SMALL;
        try (InputStream in = new BufferedInputStream(bounded(zip.getInputStream(entry), most))) {
            return how.read(NpyArray.open(in));
        } catch (IOException e) {
            throw new IOException("array '" + name + "': " + e.getMessage(), e);
        }
    }

    /** Notes the row of every name, and refuses what cannot be meant. */
    void index(Map<String, Integer> rows) throws IOException {
        if (names.size() != embeddings.size() || !logits.isEmpty() && logits.size() != names.size()) {
            throw new IOException("wanted one name a row, got " + names.size() + " names, " + embeddings.size()
                    + " embeddings and " + logits.size() + " logits");
        }
        if (names.isEmpty()) {
            throw new IOException("wanted at least one name with an embedding, got none");
        }
        for (int row = 0; row < names.size(); row++) {
            String name = names.get(row);
            if (name.isBlank()) {
                throw new IOException("row " + (row + 1) + ": wanted a name, got none");
            }
            Integer before = rows.putIfAbsent(composed(name), row);
            if (before != null) {
                throw new IOException("duplicate name '" + name + "': rows " + (before + 1) + " and " + (row + 1));
            }
            checkFinite(name, embeddings.get(row));
            if (!logits.isEmpty()) {
                checkFinite(name, logits.get(row));
            }
        }
    }

    /**
     * Names as they are compared. Letters with accents in one way: "é" may be one character or two, which nobody sees. Paths in one way too: Windows writes
     * anna\\1.png and shells write ./anna/1.png.
     */
    static String composed(String name) {
        String path = name.replace('\\', '/');
        String plain = path.startsWith("./") ? path.substring(2) : path;
        return ComposedName.of(plain);
    }

    private static void checkFinite(String name, float[] values) throws IOException {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IOException("'" + name + "': wanted finite values, got " + value);
            }
        }
    }

    /** Of all names, values and classes. */
    String digest() {
        Sha256 sha = Sha256.create();
        for (int row = 0; row < names.size(); row++) {
            byte[] name = names.get(row).getBytes(StandardCharsets.UTF_8);
            sha.bytes(ByteBuffer.allocate(Integer.BYTES).putInt(name.length).flip());
            sha.bytes(ByteBuffer.wrap(name)).floats(embeddings.get(row));
            if (!logits.isEmpty()) {
                sha.floats(logits.get(row));
            }
        }
        classes.forEach(name -> sha.text(name).text("\0"));
        return "precomputed:" + sha.hex();
    }

    /** A stream that is not worth more than so many bytes. */
    private static InputStream bounded(InputStream in, long most) {
        long[] read = {0};
        return new CountedInput(in, some -> {
            read[0] += some;
            if (read[0] > most) {
                throw new IOException(
                        "it unpacks to more than " + LARGEST_RATIO + " times its size; save it by np.savez");
            }
        });
    }
}
