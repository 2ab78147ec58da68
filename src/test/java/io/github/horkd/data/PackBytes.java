package io.github.horkd.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Packed images as bytes, for tests that damage them. */
public final class PackBytes {

    private PackBytes() {}

    /** A sound file. */
    public static byte[] sound(Path folder) throws IOException {
        Path source = Pictures.zip(
                folder.resolve("to-pack.zip"),
                Map.of(
                        "anna/1.png", Pictures.png(1, 8, 8, 1),
                        "anna/2.png", Pictures.png(1, 8, 8, 2),
                        "zoe/1.png", Pictures.png(1, 8, 8, 3),
                        "zoe/notes.txt", new byte[3]));
        Path packed = folder.resolve("packed");
        ImageFolder.open(
                source,
                ImageShape.gray(8),
                Degradation.downscaleTo(4),
                ImageOptions.defaults().packedIn(packed));
        try (Stream<Path> files = Files.list(packed)) {
            return Files.readAllBytes(files.filter(file -> file.toString().endsWith(".pixels"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    /** Gives damaged bytes the right marks of header, index and words. */
    public static void sign(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer all = ByteBuffer.wrap(bytes);
            int end = bytes.length - PackLayout.TRAILER;
            if (end >= PackLayout.HEADER) {
                int head = PackLayout.HEADER - Long.BYTES;
                all.putLong(head, Seeds.fingerprint(Arrays.copyOf(bytes, head)));
                long index = all.getLong(end);
                if (index >= PackLayout.HEADER && index <= end) {
                    all.putLong(end + 3 * Long.BYTES, Seeds.fingerprint(Arrays.copyOfRange(bytes, (int) index, end)));
                }
                Files.write(file, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens it and reads all of it. */
    public static void read(Path file) {
        PackedImages images = PackedImages.open(file, Degradation.downscaleTo(4));
        if (images.size() < 100) {
            images.batch(Resolution.HIGH, IntStream.range(0, images.size()).toArray(), Pose.IDENTITY);
            IntStream.range(0, images.size()).forEach(images::name);
            images.verify();
        }
    }
}
