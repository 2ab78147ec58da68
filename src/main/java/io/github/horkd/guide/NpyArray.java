package io.github.horkd.guide;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * NumPy's array format (NEP 1, versions 1 to 3), the part of it that tables of numbers and lists of names need. ND4J's own reader is not
 * used: it ends the process on a big-endian file and on a header that claims too much, and takes column order for row order.
 */
final class NpyArray {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LARGEST_HEADER = 1 << 16;
    private static final int LARGEST_ROW = 1 << 20;
    private static final int PIECE = 1 << 16;
    private static final Pattern HEADER = Pattern.compile(
            "\\s*\\{\\s*'descr':\\s*'([^']{1,16})',\\s*'fortran_order':\\s*(True|False),\\s*'shape':\\s*\\(([0-9L, ]*)\\),?\\s*\\}\\s*");
    private static final Pattern TEXT = Pattern.compile("([<>|=])([US])([0-9]{1,6})");

    private final InputStream in;
    private final String type;
    private final boolean columnOrder;
    private final long[] shape;

    private NpyArray(InputStream in, String type, boolean columnOrder, long[] shape) {
        this.in = in;
        this.type = type;
        this.columnOrder = columnOrder;
        this.shape = shape;
    }

    /** Reads and checks the header; the values follow in the same stream. */
    static NpyArray open(InputStream in) throws IOException {
        byte[] start = in.readNBytes(MAGIC.length + 2);
        if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new IOException("not a NumPy array (.npy)");
        }
        int version = start[MAGIC.length];
        if (version < 1 || version > 3) {
            throw new IOException("wanted .npy version 1 to 3, got " + version);
        }
        ByteBuffer size = ByteBuffer.wrap(exactly(in, version == 1 ? Short.BYTES : Integer.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        long length = version == 1 ? Short.toUnsignedLong(size.getShort()) : Integer.toUnsignedLong(size.getInt());
        if (length > LARGEST_HEADER) {
            throw new IOException("wanted a header of at most " + LARGEST_HEADER + " bytes, got " + length);
        }
        String header = new String(exactly(in, (int) length), StandardCharsets.UTF_8);
        Matcher parts = HEADER.matcher(header);
        if (!parts.matches()) {
            throw new IOException("not a header of a plain array: " + header.strip());
        }
        return new NpyArray(in, parts.group(1), parts.group(2).equals("True"), shape(parts.group(3)));
    }

    private static long[] shape(String text) throws IOException {
        try {
            return Arrays.stream(text.split(","))
                    .map(s -> s.replace("L", "").strip())
                    .filter(s -> !s.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IOException("not a shape: (" + text + ")", e);
        }
    }

    /**
     * The values of a two-dimensional array of numbers, narrowed to float32, in rows whatever their order in the file. Memory grows with what arrives, not
     * with what the header claims.
     */
    List<float[]> rows() throws IOException {
        NpyType number = NpyType.of(type);
        if (shape.length != 2
                || shape[0] < 1
                || shape[0] > Integer.MAX_VALUE
                || shape[1] < 1
                || shape[1] > LARGEST_ROW) {
            throw new IOException("wanted shape (N, D), D at most " + LARGEST_ROW + ", got " + Arrays.toString(shape));
        }
        // An archive of zeros unpacks to a thousand times its size.
        NamedRows.requireRoom(shape[0], shape[1]);
        List<float[]> rows = columnOrder ? columns(number) : series(number, (int) shape[0], (int) shape[1]);
        end();
        return rows;
    }

    /** So many arrays of so many numbers, one after another. */
    private List<float[]> series(NpyType number, int count, int length) throws IOException {
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[Math.min(length, PIECE)];
            for (int at = 0; at < length; at += PIECE) {
                int some = Math.min(PIECE, length - at);
                // Grows with what arrives: a column may be as long as the table.
                values = values.length < at + some
                        ? Arrays.copyOf(values, (int) Math.min(length, Math.max(at + some, 2L * at)))
                        : values;
                ByteBuffer bytes =
                        ByteBuffer.wrap(exactly(in, some * number.bytes())).order(number.order());
                for (int d = 0; d < some; d++) {
                    values[at + d] = number.next(bytes);
                }
            }
            all.add(values);
        }
        return all;
    }

    private List<float[]> columns(NpyType number) throws IOException {
        int count = (int) shape[0];
        int width = (int) shape[1];
        List<float[]> columns = series(number, width, count);
        List<float[]> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            float[] row = new float[width];
            for (int d = 0; d < width; d++) {
                row[d] = columns.get(d)[i];
            }
            rows.add(row);
        }
        return rows;
    }

    /** The strings of a one-dimensional array. */
    List<String> strings() throws IOException {
        Matcher text = TEXT.matcher(type);
        if (!text.matches() || shape.length != 1) {
            throw new IOException("wanted a one-dimensional array of strings ('<U'), got '" + type + "' of shape "
                    + Arrays.toString(shape) + "; save np.array(names, dtype=str)");
        }
        boolean unicode = text.group(2).equals("U");
        int size = Integer.parseInt(text.group(3)) * (unicode ? Integer.BYTES : 1);
        if (size < 1 || size > LARGEST_ROW) {
            throw new IOException("wanted strings of 1 to " + LARGEST_ROW + " bytes, got " + size);
        }
        NamedRows.requireRoom(shape[0], 1);
        Charset charset = !unicode
                ? StandardCharsets.UTF_8
                : Charset.forName(text.group(1).equals(">") ? "UTF-32BE" : "UTF-32LE");
        List<String> strings = new ArrayList<>();
        for (long i = 0; i < shape[0]; i++) {
            strings.add(string(exactly(in, size), charset, i + 1));
        }
        end();
        return strings;
    }

    private static String string(byte[] bytes, Charset charset, long row) throws IOException {
        try {
            String padded = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            String string = padded.substring(0, padded.length() - trailingZeros(padded));
            if (string.isBlank()) {
                throw new IOException("row " + row + ": wanted a name, got none");
            }
            return string;
        } catch (CharacterCodingException e) {
            throw new IOException("row " + row + ": wanted a name in " + charset + ", got other bytes", e);
        }
    }

    private static int trailingZeros(String padded) {
        int count = 0;
        while (count < padded.length() && padded.charAt(padded.length() - 1 - count) == 0) {
            count++;
        }
        return count;
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("truncated: it ends before the values its header promises");
        }
        return bytes;
    }

    private void end() throws IOException {
        if (in.read() >= 0) {
            throw new IOException("wanted the values of shape " + Arrays.toString(shape) + ", got more");
        }
    }
}
