package io.github.horkd.data;

import io.github.horkd.internal.file.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How images are packed into one file, all numbers big endian:
 * <pre>
 *  header    64 bytes  "HORKDPIX", version, channels, height, width (4 each), identity (32 letters), mark of the 56 bytes before (8)
 *  records             one an image, in any order: letters in its name (4), 0 (4), mark (8) of both that follow, name, samples
 *  index               16 bytes an image, in the order of their names: place of its samples (8), class or −1 (4), letters of its name that count (4)
 *  words               classes; files left out (name, reason, detail); directories without an image: each a count (4) and its texts,
 *                      each text a length (4) and UTF-8
 *  trailer   40 bytes  place of the index, place of the words, number of images, mark of index and words (8 each), "HORKDEND"
 * </pre>
 *
 * <p>A mark is {@link Seeds#fingerprint}, that of a record 2³² + CRC-32C of its name and samples, which takes a quarter of the time. In version 1 both were the former. Records stand for themselves, so a build that was interrupted goes on behind the last whole one. Places are 64
 * bits wide. Where an image lies has no bearing on its number.
 *
 * @param shape    of every image
 * @param identity what was packed and how
 * @param version  of the format
 */
record PackLayout(ImageShape shape, String identity, int version) {

    static final int HEADER = 64;
    static final int RECORD = 16;
    static final int ENTRY = 16;
    static final int TRAILER = 40;
    static final long END = 0x484f524b44454e44L;

    private static final long MAGIC = 0x484f524b44504958L;
    private static final int VERSION = 2;
    private static final int IDENTITY = 32;

    static PackLayout of(ImageShape shape, String what) {
        return new PackLayout(shape, Sha256.create().text(what).hex(), VERSION);
    }

    /** The mark of a record, from the bytes of its name and its samples. */
    long mark(ByteBuffer letters, ByteBuffer samples) {
        if (version == 1) {
            return Seeds.mix(Seeds.fingerprint(bytes(samples)), Seeds.fingerprint(bytes(letters)));
        }
        CRC32C sum = new CRC32C();
        sum.update(letters);
        sum.update(samples);
        return 1L << Integer.SIZE | sum.getValue();
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }

    byte[] header() {
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        header.putLong(MAGIC).putInt(version);
        header.putInt(shape.channels()).putInt(shape.height()).putInt(shape.width());
        header.put(identity.getBytes(StandardCharsets.US_ASCII), 0, IDENTITY);
        header.putLong(Seeds.fingerprint(Arrays.copyOf(header.array(), HEADER - Long.BYTES)));
        return header.array();
    }

    /** Reads a header. */
    static PackLayout of(byte[] header) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(header);
        if (header.length < HEADER || in.getLong() != MAGIC) {
            throw new IOException("it is no file of packed images");
        }
        int version = in.getInt();
        if (version < 1 || version > VERSION) {
            throw new IOException("it has version " + version + ", wanted one up to " + VERSION);
        }
        if (in.getLong(HEADER - Long.BYTES) != Seeds.fingerprint(Arrays.copyOf(header, HEADER - Long.BYTES))) {
            throw new IOException("its header is damaged");
        }
        int channels = in.getInt();
        int height = in.getInt();
        int width = in.getInt();
        if (channels != 1 && channels != 3) {
            throw new IOException("it states " + channels + " channels, wanted 1 or 3");
        }
        ImageDecoder.checkSize(width, height, Integer.MAX_VALUE / 4);
        return new PackLayout(
                new ImageShape(channels, height, width),
                new String(header, in.position(), IDENTITY, StandardCharsets.US_ASCII),
                version);
    }
}
