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
        return sound(folder, 40, new byte[] {1, 2, 3});
    }

    /** A sound one of so many parameters, with what losses keep. */
    public static byte[] sound(Path folder, int parameters, byte[] lossState) throws IOException {
        Path file = folder.resolve("sound.checkpoint");
        new Checkpoint(
                        SHAPE.fingerprint(),
                        new Checkpoint.Position(1, 2, 12),
                        1,
                        0.5,
                        1,
                        0.25,
                        Nd4j.linspace(0, 1, parameters).reshape(1, parameters),
                        Nd4j.linspace(0, 1, 2 * parameters).reshape(1, 2 * parameters),
                        Nd4j.linspace(1, 2, parameters).reshape(1, parameters),
                        lossState)
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
        lossState(file);
    }

    /** What the losses keep in one. */
    public static byte[] lossState(Path file) {
        return Checkpoint.read(file, SHAPE).lossState();
    }
}
