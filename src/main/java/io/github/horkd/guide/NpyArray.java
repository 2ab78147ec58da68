package io.github.horkd.guide;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    private static final Pattern HEADER = Pattern.compile(
            "\\s*\\{\\s*'descr':\\s*'([^']{1,16})',\\s*'fortran_order':\\s*(True|False),\\s*'shape':\\s*\\(([0-9, ]*)\\),?\\s*\\}\\s*");
    private static final Pattern TEXT = Pattern.compile("[<|]([US])([0-9]{1,6})");

    private final InputStream in;
    private final String type;
    private final long[] shape;

    private NpyArray(InputStream in, String type, long[] shape) {
        this.in = in;
        this.type = type;
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
        long[] shape = shape(parts.group(3));
        if (parts.group(2).equals("True") && shape.length > 1) {
            throw new IOException("wanted row order, got column order (fortran_order); save np.ascontiguousarray(a)");
        }
        return new NpyArray(in, parts.group(1), shape);
    }

    private static long[] shape(String text) throws IOException {
        try {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(s -> !s.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IOException("not a shape: (" + text + ")", e);
        }
    }

    /**
     * The values of a two-dimensional array of float32, or of float64 narrowed to it. Memory grows with what arrives, not with what the
     * header claims.
     */
    List<float[]> rows() throws IOException {
        if (!type.equals("<f4") && !type.equals("<f8")) {
            throw new IOException(
                    "wanted little-endian float32 or float64 ('<f4', '<f8'), got '" + type + "'; save a.astype('<f4')");
        }
        int bytes = type.equals("<f4") ? Float.BYTES : Double.BYTES;
        if (shape.length != 2
                || shape[0] < 1
                || shape[0] > Integer.MAX_VALUE
                || shape[1] < 1
                || shape[1] > LARGEST_ROW) {
            throw new IOException("wanted shape (N, D), D at most " + LARGEST_ROW + ", got " + Arrays.toString(shape));
        }
        // An archive of zeros unpacks to a thousand times its size.
        long heap = Runtime.getRuntime().maxMemory();
        if (shape[0] > heap / (shape[1] * Float.BYTES)) {
            throw new IOException("wanted values that fit into the heap of " + (heap >> 20) + " MiB, got shape "
                    + Arrays.toString(shape) + "; start Java with a larger -Xmx");
        }
        List<float[]> rows = new ArrayList<>();
        for (long r = 0; r < shape[0]; r++) {
            ByteBuffer row =
                    ByteBuffer.wrap(exactly(in, (int) shape[1] * bytes)).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[(int) shape[1]];
            for (int i = 0; i < values.length; i++) {
                values[i] = bytes == Float.BYTES ? row.getFloat() : (float) row.getDouble();
            }
            rows.add(values);
        }
        end();
        return rows;
    }

    /** The strings of a one-dimensional array. */
    List<String> strings() throws IOException {
        Matcher text = TEXT.matcher(type);
        if (!text.matches() || shape.length != 1) {
            throw new IOException("wanted a one-dimensional array of strings ('<U'), got '" + type + "' of shape "
                    + Arrays.toString(shape) + "; save np.array(names, dtype=str)");
        }
        boolean unicode = text.group(1).equals("U");
        int size = Integer.parseInt(text.group(2)) * (unicode ? Integer.BYTES : 1);
        if (size > LARGEST_ROW) {
            throw new IOException("wanted strings of at most " + LARGEST_ROW + " bytes, got " + size);
        }
        Charset charset = unicode ? Charset.forName("UTF-32LE") : StandardCharsets.UTF_8;
        List<String> strings = new ArrayList<>();
        for (long i = 0; i < shape[0]; i++) {
            String padded = new String(exactly(in, size), charset);
            strings.add(padded.substring(0, padded.length() - trailingZeros(padded)));
        }
        end();
        return strings;
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
