package io.github.horkd.guide;

import io.github.horkd.internal.rows.Float16;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of a NumPy array, as its header describes it: {@code '<f4'} and the like.
 *
 * @param kind  'f' float, 'i' signed, 'u' unsigned
 * @param bytes a number takes
 * @param order of its bytes
 */
record NpyType(char kind, int bytes, ByteOrder order) {

    private static final Pattern NUMBER = Pattern.compile("([<>|=])(f[248]|[iu][1248])");

    static NpyType of(String description) throws IOException {
        Matcher parts = NUMBER.matcher(description);
        if (!parts.matches()) {
            throw new IOException("wanted floats of 16, 32 or 64 bits or whole numbers ('<f4', '>f8', '|u1', …), got '"
                    + description + "'; save a.astype('<f4')");
        }
        ByteOrder order = switch (parts.group(1)) {
            case "<" -> ByteOrder.LITTLE_ENDIAN;
            case ">" -> ByteOrder.BIG_ENDIAN;
            default -> ByteOrder.nativeOrder();
        };
        return new NpyType(parts.group(2).charAt(0), parts.group(2).charAt(1) - '0', order);
    }

    /** The next number of a buffer in this type's byte order, narrowed to a float. */
    float next(ByteBuffer in) {
        if (kind == 'f') {
            return switch (bytes) {
                case 2 -> Float16.toFloat(in.getShort());
                case 4 -> in.getFloat();
                default -> (float) in.getDouble();
            };
        }
        long value = switch (bytes) {
            case 1 -> in.get();
            case 2 -> in.getShort();
            case 4 -> in.getInt();
            default -> in.getLong();
        };
        if (kind == 'i' || value >= 0) {
            return value;
        }
        // The sign is the highest bit of an unsigned number.
        return bytes == Long.BYTES ? (value >>> 1) * 2f : value + (float) (1L << bytes * Byte.SIZE);
    }
}
