package io.github.horkd.guide;

import io.github.horkd.internal.rows.UnitRows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes of a local scaling, big-endian:
 * <pre>  8 bytes  "HORKDLSC"
 *  int      version, 1
 *  int K, int D, int N rows of the gallery's cohort, int M rows of the probes'; M = 0: the same rows
 *  (N + M) × D floats, unit rows
 *  long     CRC-32C of everything before it</pre>
 * Nothing is allocated on the word of the bytes: their length must be the one that the counts give.
 */
final class LocalScalingBytes {

    private static final byte[] MAGIC = "HORKDLSC".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;
    private static final int FIXED = MAGIC.length + 5 * Integer.BYTES + Long.BYTES;
    /** How far from 1 the length of a row may be. */
    private static final double UNIT = 1e-4;

    private LocalScalingBytes() {}

    static byte[] encoded(int neighbours, UnitRows gallery, UnitRows probes) {
        int others = probes == gallery ? 0 : probes.count();
        int size = Math.toIntExact(FIXED + ((long) gallery.count() + others) * gallery.width() * Float.BYTES);
        ByteBuffer out = ByteBuffer.allocate(size);
        out.put(MAGIC)
                .putInt(VERSION)
                .putInt(neighbours)
                .putInt(gallery.width())
                .putInt(gallery.count())
                .putInt(others);
        put(gallery, out);
        if (others > 0) {
            put(probes, out);
        }
        return out.putLong(sum(out.array(), out.position())).array();
    }

    private static void put(UnitRows rows, ByteBuffer out) {
        out.asFloatBuffer().put(rows.values());
        out.position(out.position() + rows.values().length * Float.BYTES);
    }

    static LocalScaling decoded(byte[] bytes) {
        if (bytes.length < FIXED || !Arrays.equals(MAGIC, Arrays.copyOf(bytes, MAGIC.length))) {
            throw new IllegalArgumentException("it is no local scaling written by this library, or cut off");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).position(MAGIC.length);
        int version = in.getInt();
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    "it is of version " + version + ", this library reads version " + VERSION);
        }
        int neighbours = in.getInt();
        int width = in.getInt();
        int gallery = in.getInt();
        int probes = in.getInt();
        long rows = (long) gallery + probes;
        if (neighbours < 1
                || width < 1
                || gallery < neighbours
                || probes < 0
                || probes > 0 && probes < neighbours
                || rows > (bytes.length - FIXED) / Float.BYTES / width
                || FIXED + rows * width * Float.BYTES != bytes.length) {
            throw new IllegalArgumentException("its header states " + neighbours + " neighbours, width " + width + ", "
                    + gallery + " and " + probes + " rows, which do not go with its " + bytes.length + " bytes");
        }
        if (in.getLong(bytes.length - Long.BYTES) != sum(bytes, bytes.length - Long.BYTES)) {
            throw new IllegalArgumentException("its checksum does not agree with it; it is damaged");
        }
        UnitRows these = rows("gallery cohort", gallery, width, in);
        return new LocalScaling(neighbours, these, probes == 0 ? these : rows("probe cohort", probes, width, in));
    }

    private static UnitRows rows(String name, int count, int width, ByteBuffer in) {
        float[] values = new float[count * width];
        in.asFloatBuffer().get(values);
        in.position(in.position() + values.length * Float.BYTES);
        for (int row = 0; row < count; row++) {
            double squares = 0;
            for (int d = row * width; d < (row + 1) * width; d++) {
                squares += (double) values[d] * values[d];
            }
            // Zeros are what a network says of a picture that is nothing but the mean.
            if (squares != 0 && !(Math.abs(Math.sqrt(squares) - 1) <= UNIT)) {
                throw new IllegalArgumentException(
                        name + ": row " + row + " is of length " + Math.sqrt(squares) + " instead of 1");
            }
        }
        return UnitRows.kept(name, values, width);
    }

    private static long sum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return sum.getValue();
    }
}
