package io.github.horkd.distill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.nd4j.linalg.factory.Nd4j;

/** A checkpoint as bytes, for tests that damage it. */
public final class CheckpointBytes {

    private static final Checkpoint.Shape SHAPE = new Checkpoint.Shape("fingerprint", 3, 30, 10);

    private CheckpointBytes() {}

    /** A sound one. */
    public static byte[] sound(Path folder) throws IOException {
        Path file = folder.resolve("sound.checkpoint");
        new Checkpoint(
                        SHAPE.fingerprint(),
                        new Checkpoint.Position(1, 2, 12),
                        1,
                        0.5,
                        1,
                        0.25,
                        Nd4j.linspace(0, 1, 40).reshape(1, 40),
                        Nd4j.linspace(0, 1, 80).reshape(1, 80),
                        Nd4j.linspace(1, 2, 40).reshape(1, 40),
                        new byte[] {1, 2, 3})
                .write(file);
        return Files.readAllBytes(file);
    }

    /** Gives damaged bytes the right checksum. */
    public static void sign(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > Long.BYTES) {
                CRC32 sum = new CRC32();
                sum.update(bytes, 0, bytes.length - Long.BYTES);
                ByteBuffer.wrap(bytes).putLong(bytes.length - Long.BYTES, sum.getValue());
                Files.write(file, bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads it as a stage would. */
    public static void read(Path file) {
        Checkpoint.read(file, SHAPE);
    }
}
