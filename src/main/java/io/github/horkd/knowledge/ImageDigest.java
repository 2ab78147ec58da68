package io.github.horkd.knowledge;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;

/** What tells a set of images from others. */
public final class ImageDigest {

    private static final int LOOKED_AT = 64;
    private static final int AT_ONCE = 1 << 14;

    private ImageDigest() {}

    /**
     * One view of some images: names and shape of all, pixels of {@value #LOOKED_AT} spread over them.
     *
     * @param images the images
     * @param sees   the view
     * @return 32 hexadecimal digits
     */
    public static String of(PairedImages images, Resolution sees) {
        Sha256 sha = Sha256.create();
        ImageShape shape = images.shape(sees);
        add(sha, images.size(), shape);
        for (int i = 0; i < images.size(); i++) {
            add(sha, images.name(i));
        }
        float[] pixels = new float[shape.size()];
        boolean high = sees == Resolution.HIGH;
        for (int i = 0; i < Math.min(LOOKED_AT, images.size()); i++) {
            int index = (int) ((long) i * images.size() / Math.min(LOOKED_AT, images.size()));
            images.read(index, Pose.IDENTITY, high ? pixels : null, 0, high ? null : pixels, 0);
            add(sha, Arrays.hashCode(pixels));
        }
        return sha.hex();
    }

    /** How many images there are, their shape and all their names. */
    static String ofNames(PairedImages images, Resolution sees) {
        Sha256 sha = Sha256.create();
        add(sha, images.size(), images.shape(sees));
        for (int i = 0; i < images.size(); i++) {
            add(sha, images.name(i));
        }
        return sha.hex();
    }

    /** Every pixel of one view. Reads all of it, in parallel; each image counts by its CRC-32C. */
    static String ofPixels(PairedImages images, Resolution sees) {
        Sha256 sha = Sha256.create();
        for (int from = 0; from < images.size(); from += AT_ONCE) {
            int start = from;
            long[] sums = IntStream.range(start, start + Math.min(AT_ONCE, images.size() - start))
                    .parallel()
                    .mapToLong(i -> sum(images, sees, i))
                    .toArray();
            for (long sum : sums) {
                add(sha, sum);
            }
        }
        return sha.hex();
    }

    private static long sum(PairedImages images, Resolution sees, int index) {
        float[] pixels = new float[images.shape(sees).size()];
        boolean high = sees == Resolution.HIGH;
        images.read(index, Pose.IDENTITY, high ? pixels : null, 0, high ? null : pixels, 0);
        ByteBuffer bytes = ByteBuffer.allocate(pixels.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(pixels);
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }

    static String ofParts(Object... parts) {
        Sha256 sha = Sha256.create();
        add(sha, parts);
        return sha.hex();
    }

    private static void add(Sha256 sha, Object... parts) {
        for (Object part : parts) {
            sha.text(String.valueOf(part)).text("\0");
        }
    }
}
