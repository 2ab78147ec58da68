package io.github.horkd.knowledge;

import io.github.horkd.data.ImageShape;
import io.github.horkd.internal.file.Texts;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * How a shard of a transfer set lies in its file, little-endian, places 64 bits wide:
 * <pre>  header     "HORKDTRF", version, length of the header, K, bits a value, D (4 each), shapes of the low and the high view (3 · 4 each),
 *             texts: identity of the pass, of the guide, names of the guide's C classes; CRC-32C of all before (4)
 *  blocks     of {@link #IMAGES} images, the last one of fewer: images (4), bytes of their names (4), mark of what follows (8),
 *             names: length (2) and UTF-8; views: K an image, one byte a sample; answers: K an image, D + C values each
 *  index      16 bytes an image, in the order of the names: place of the name (8), class or −1 (4), bytes of the name that count (2), number in the block (2)
 *  places     of all blocks (8 each)
 *  words      texts: classes; files left out (name, reason, detail); directories without an image
 *  trailer    40 bytes: place of the index, images, places of blocks, mark of everything from the index to here (8 each), "HORKDEND"</pre>
 * Texts are those of {@link Texts}. A mark is 2³² + CRC-32C. Blocks stand for themselves, so a pass that was interrupted goes on behind
 * the last whole one.
 *
 * @param low       shape of the view that is kept
 * @param high      shape of the view that the guide saw
 * @param poses     K
 * @param precision of the answers
 * @param width     D, 0 without a guide
 * @param pass      what tells the pass from others: a digest
 * @param guide     what identifies the guide; empty without one
 * @param classes   of the guide's logits
 */
record TransferLayout(
        ImageShape low,
        ImageShape high,
        int poses,
        Precision precision,
        int width,
        String pass,
        String guide,
        List<String> classes) {

    /** How many images a block has, and how many the guide is asked about at a time. */
    static final int IMAGES = 64;

    static final int BLOCK_HEAD = 16;
    static final int ENTRY = 16;
    static final int TRAILER = 40;
    static final long END = 0x444e45444b524f48L;

    private static final long MAGIC = 0x4652544b4b524f48L;
    private static final int VERSION = 1;
    private static final int SIDES = 1 << 14;
    private static final int LONGEST_HEADER = 1 << 26;

    /** Values an answer has. */
    int values() {
        return Math.addExact(width, classes.size());
    }

    /** Bytes of all views of an image. */
    int viewBytes() {
        return Math.multiplyExact(poses, low.size());
    }

    /** Bytes of all answers about an image. */
    int answerBytes() {
        return Math.multiplyExact(Math.multiplyExact(poses, values()), precision.bytes());
    }

    /** Bytes of a block beside its head. */
    int blockBytes(int images, int names) {
        return Math.addExact(names, Math.multiplyExact(images, Math.addExact(viewBytes(), answerBytes())));
    }

    byte[] header() {
        List<String> texts = new ArrayList<>(List.of(pass, guide));
        texts.addAll(classes);
        byte[] said = Texts.bytes(texts, ByteOrder.LITTLE_ENDIAN);
        ByteBuffer out = ByteBuffer.allocate(Long.BYTES + 11 * Integer.BYTES + said.length + 4)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(MAGIC).putInt(VERSION).putInt(out.capacity()).putInt(poses);
        out.putInt(precision.bytes() * Byte.SIZE).putInt(width);
        for (ImageShape shape : List.of(low, high)) {
            out.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
        }
        out.put(said);
        return out.putInt((int) mark(out.duplicate().flip())).array();
    }

    /** Reads a header from the start of a file. */
    static TransferLayout read(Reading file) throws IOException {
        ByteBuffer start = file.bytes(0, Long.BYTES + 2 * Integer.BYTES);
        if (start.getLong() != MAGIC) {
            throw new IOException("it is no shard of a transfer set");
        }
        int version = start.getInt();
        if (version != VERSION) {
            throw new IOException("it has version " + version + ", wanted " + VERSION);
        }
        int length = start.getInt();
        if (length < start.capacity() || length > LONGEST_HEADER) {
            throw new IOException("its header is damaged");
        }
        ByteBuffer in = file.bytes(0, length);
        if (in.getInt(length - 4) != (int) mark(in.slice(0, length - 4))) {
            throw new IOException("its header is damaged");
        }
        in.position(start.capacity());
        int poses = in.getInt();
        Precision precision =
                in.getInt() == Precision.FLOAT16.bytes() * Byte.SIZE ? Precision.FLOAT16 : Precision.FLOAT32;
        int width = in.getInt();
        ImageShape low = shape(in);
        ImageShape high = shape(in);
        List<String> texts = Texts.read(in);
        if (poses < 1 || width < 0 || texts.size() < 2) {
            throw new IOException("its header is damaged");
        }
        return new TransferLayout(
                        low, high, poses, precision, width, texts.get(0), texts.get(1), texts.subList(2, texts.size()))
                .checked();
    }

    private TransferLayout checked() throws IOException {
        try {
            blockBytes(IMAGES, IMAGES << Short.SIZE);
            return this;
        } catch (ArithmeticException e) {
            throw new IOException("its header states views and answers that no block has room for", e);
        }
    }

    private static ImageShape shape(ByteBuffer in) throws IOException {
        int channels = in.getInt();
        int height = in.getInt();
        int width = in.getInt();
        if (channels != 1 && channels != 3 || height < 1 || width < 1 || height > SIDES || width > SIDES) {
            throw new IOException("its header states pictures of " + channels + "x" + height + "x" + width);
        }
        return new ImageShape(channels, height, width);
    }

    /** What stands for the bytes of a buffer: never 0. */
    static long mark(ByteBuffer bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return 1L << Integer.SIZE | sum.getValue();
    }

    /** Where bytes come from. */
    @FunctionalInterface
    interface Reading {

        /**
         * Some bytes, little-endian.
         *
         * @throws EOFException when there are not so many
         */
        ByteBuffer bytes(long at, int count) throws IOException;
    }
}
