package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.file.BoundedLines;
import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.internal.rows.ArrayCopy;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Embeddings with the pictures that they are of: {@code NAME.npy}, which NumPy reads, and {@code NAME.csv} with a line a row: picture, person. Values are FLOAT, [N, D].
 *
 * @param pictures names, one a row
 * @param people   who each shows; empty text for a picture without label
 * @param rows     embeddings, all as long
 */
public record EmbeddingTable(List<String> pictures, List<String> people, List<float[]> rows) {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int VERSION = 1;
    private static final Pattern HEADER =
            Pattern.compile("\\{'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+)\\), \\}\\s*");
    private static final int LONGEST_LINE = 1 << 16;
    /** So many test pictures are kept of a variant. */
    static final int MOST = 2000;

    private static final int WIDEST = 1 << 20;
    private static final int MOST_ROWS = 10_000_000;

    /** Copies the lists, and checks that they are as long as each other. */
    public EmbeddingTable {
        pictures = List.copyOf(pictures);
        people = List.copyOf(people);
        rows = List.copyOf(rows);
        if (pictures.size() != rows.size() || people.size() != rows.size()) {
            throw new IllegalArgumentException("embeddings: wanted as many pictures and people as rows, got "
                    + pictures.size() + ", " + people.size() + " and " + rows.size());
        }
    }

    /** The embeddings of a set's pictures, [N, D], of {@value #MOST} at most. */
    static EmbeddingTable of(PairedImages images, INDArray rows) {
        int[] taken = SomePictures.of(images, MOST);
        int width = (int) rows.size(1);
        float[] values = ArrayCopy.floats(rows);
        return new EmbeddingTable(
                IntStream.of(taken).mapToObj(images::name).toList(),
                IntStream.of(taken)
                        .mapToObj(i -> NearestPeople.person(images, i))
                        .toList(),
                IntStream.of(taken)
                        .mapToObj(i -> Arrays.copyOfRange(values, i * width, (i + 1) * width))
                        .toList());
    }

    /** Writes both files. */
    void write(Path directory, String name) {
        int width = rows.isEmpty() ? 0 : rows.get(0).length;
        StringBuilder names = new StringBuilder("picture,person\n");
        for (int i = 0; i < rows.size(); i++) {
            names.append(CsvText.quoted(pictures.get(i)))
                    .append(',')
                    .append(CsvText.quoted(people.get(i)))
                    .append('\n');
        }
        WholeFile.write(
                directory.resolve(name + ".csv"),
                "the names of embeddings",
                out -> out.write(names.toString().getBytes(StandardCharsets.UTF_8)));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows.size() + ", " + width + "), }";
        // The format wants what follows at a multiple of 64 bytes.
        int padded = (MAGIC.length + 4 + header.length() + 1 + 63) / 64 * 64 - MAGIC.length - 4;
        byte[] text = (header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
        WholeFile.write(directory.resolve(name + ".npy"), "the embeddings", out -> {
            out.write(MAGIC);
            out.write(new byte[] {VERSION, 0});
            out.write(new byte[] {(byte) text.length, (byte) (text.length >> 8)});
            out.write(text);
            for (float[] row : rows) {
                ByteBuffer bytes = ByteBuffer.allocate(row.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(row);
                out.write(bytes.array());
            }
        });
    }

    /** Reads both files. */
    static EmbeddingTable read(Path directory, String name) {
        Path names = directory.resolve(name + ".csv");
        Path values = directory.resolve(name + ".npy");
        List<String> pictures = new ArrayList<>();
        List<String> people = new ArrayList<>();
        try (BoundedLines lines = BoundedLines.open(names, LONGEST_LINE, MOST_ROWS)) {
            lines.next();
            for (String line = lines.next(); line != null; line = lines.next()) {
                List<String> cells = CsvText.cells(line);
                if (cells.size() != 2) {
                    throw new IOException("its line " + lines.number() + " is \"" + line + "\"");
                }
                pictures.add(cells.get(0));
                people.add(cells.get(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(names + ": damaged or not there (" + e.getMessage() + ")", e);
        }
        try (FileChannel opened = FileChannel.open(values, StandardOpenOption.READ);
                InputStream file = new BufferedInputStream(Channels.newInputStream(opened))) {
            return new EmbeddingTable(pictures, people, rows(file, pictures.size(), opened.size()));
        } catch (IOException e) {
            String why = e instanceof EOFException ? "it ends too early" : e.getMessage();
            throw new UncheckedIOException(values + ": damaged or not there (" + why + ")", e);
        }
    }

    private static List<float[]> rows(InputStream file, int wanted, long size) throws IOException {
        DataInputStream in = new DataInputStream(file);
        for (byte each : MAGIC) {
            if (in.readByte() != each) {
                throw new IOException("not an array of NumPy's");
            }
        }
        int version = in.readUnsignedByte();
        if (version != VERSION || in.readUnsignedByte() != 0) {
            throw new IOException("an array of NumPy's version " + version + ", wanted " + VERSION + ".0");
        }
        byte[] header = new byte[in.readUnsignedByte() | in.readUnsignedByte() << 8];
        in.readFully(header);
        Matcher shape = HEADER.matcher(new String(header, StandardCharsets.US_ASCII));
        if (!shape.matches() || shape.group(1).length() > 9 || shape.group(2).length() > 9) {
            throw new IOException("wanted a plain array of 32-bit floats with two dimensions");
        }
        int count = Integer.parseInt(shape.group(1));
        int width = Integer.parseInt(shape.group(2));
        if (count != wanted || width > WIDEST || (long) count * width * Float.BYTES > size) {
            throw new IOException("it states " + count + " rows of " + width + " values, for " + wanted + " names");
        }
        List<float[]> rows = new ArrayList<>();
        byte[] bytes = new byte[width * Float.BYTES];
        for (int i = 0; i < count; i++) {
            in.readFully(bytes);
            float[] row = new float[width];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(row);
            rows.add(row);
        }
        return rows;
    }
}
