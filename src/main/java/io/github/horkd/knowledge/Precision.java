package io.github.horkd.knowledge;

import io.github.horkd.internal.rows.Float16;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/**
 * How a value of a guide's knowledge is kept in a file.
 *
 * <p>{@link #FLOAT16} halves the file. Each value then has 11 significant bits: a relative error of at most 2<sup>−11</sup> (0.05 %) for magnitudes of
 * 2<sup>−14</sup> to 65504, an absolute one of at most 2<sup>−25</sup> below. An embedding that suffers more than 2<sup>−10</sup> of its length is refused,
 * and so is a value beyond 65504: nothing is clipped. The largest error of a cosine that we measured was 6e-5 (126,000 pairs of Gaussian embeddings of
 * width 512).
 */
public enum Precision {

    /** Four bytes a value, bit for bit what the guide said. */
    FLOAT32(Float.BYTES) {
        @Override
        void write(float[] from, int at, int count, ByteBuffer to) {
            to.asFloatBuffer().put(from, at, count);
            to.position(to.position() + count * Float.BYTES);
        }

        @Override
        Values values(ByteBuffer segment) {
            FloatBuffer floats = segment.asFloatBuffer();
            return floats::get;
        }
    },

    /** Two bytes a value, IEEE 754 binary16, rounded to the nearest, ties to even. */
    FLOAT16(Short.BYTES) {
        @Override
        void write(float[] from, int at, int count, ByteBuffer to) {
            for (int i = at; i < at + count; i++) {
                to.putShort(Float16.of(from[i]));
            }
        }

        @Override
        Values values(ByteBuffer segment) {
            ShortBuffer halves = segment.asShortBuffer();
            return (first, to, at, count) -> {
                short[] read = new short[count];
                halves.get(first, read, 0, count);
                for (int i = 0; i < count; i++) {
                    to[at + i] = Float16.toFloat(read[i]);
                }
            };
        }
    };

    /** Mapped values, read by several threads at a time. */
    interface Values {
        void read(int first, float[] to, int at, int count);
    }

    private final int bytes;

    Precision(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes a value. */
    int bytes() {
        return bytes;
    }

    /** Appends values to a buffer. */
    abstract void write(float[] from, int at, int count, ByteBuffer to);

    /** The values of a mapped part of a file. */
    abstract Values values(ByteBuffer segment);

    /**
     * Rejects what this precision cannot keep.
     *
     * @param rows   row after row, each an embedding, logits and maps
     * @param at     where the row starts
     * @param width  of the embedding
     * @param logits how many logits there are
     * @param count  of embedding, logits and maps
     * @param image  whose row that is
     */
    void check(float[] rows, int at, int width, int logits, int count, String image) {
        if (this == FLOAT32) {
            return;
        }
        double lost = 0;
        double squares = 0;
        for (int i = at; i < at + count; i++) {
            if (Math.abs(rows[i]) > Float16.MAX) {
                throw new IllegalArgumentException("guide: its "
                        + (i < at + width ? "embedding" : i < at + width + logits ? "logits" : "map") + " of "
                        + image + " holds " + rows[i] + ", FLOAT16 holds values up to " + (int) Float16.MAX
                        + "; keep this knowledge as FLOAT32");
            }
            if (i < at + width) {
                double error = (double) Float16.toFloat(Float16.of(rows[i])) - rows[i];
                lost += error * error;
                squares += (double) rows[i] * rows[i];
            }
        }
        if (lost > 0x1p-20 * squares) {
            throw new IllegalArgumentException(
                    "guide: its embedding of " + image + " has the length " + Math.sqrt(squares)
                            + ", too short for FLOAT16, which would lose more than a 1024th of it; keep this knowledge as FLOAT32");
        }
    }
}
