package io.github.horkd.distill;

import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.internal.rows.ArrayCopy;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A stage half-way: enough to go on exactly as if it had never stopped, big-endian.
 * <pre>  3 bytes "hkc"
 *  byte   version, 2, counted from '0'
 *  UTF    the fingerprint of stage, guides and images
 *  int    epochs done, batches done of the next one, optimiser steps done, best epoch
 *  double loss of the best epoch, of the stage's first step, sum over the batches of the epoch
 *  int, float…  parameters, state of the updater, parameters of the best epoch (none before the first)
 *  int, byte…   what the losses keep
 *  long   CRC-32 of everything before it</pre>
 * One that is foreign or damaged is refused by name. Random numbers are seeded step by step, so they have no state.
 */
record Checkpoint(
        String fingerprint,
        Position position,
        int bestEpoch,
        double bestLoss,
        double firstLoss,
        double epochLoss,
        INDArray parameters,
        INDArray updaterState,
        INDArray bestParameters,
        byte[] lossState) {

    /** Where in the data a stage is. */
    record Position(int epoch, int batch, int step) {}

    /** What a checkpoint of a stage must be like. */
    record Shape(String fingerprint, int epochs, int steps, int stepsPerEpoch) {}

    private static final int MAGIC = 0x686b63;
    private static final int VERSION = 2;
    private static final int ZERO = '0';

    void write(Path file) {
        WholeFile.write(file, "the checkpoint", beside -> {
            CRC32 sum = new CRC32();
            try (DataOutputStream out = new DataOutputStream(new CheckedOutputStream(beside, sum))) {
                out.writeInt(MAGIC << Byte.SIZE | ZERO + VERSION);
                out.writeUTF(fingerprint);
                out.writeInt(position.epoch());
                out.writeInt(position.batch());
                out.writeInt(position.step());
                out.writeInt(bestEpoch);
                out.writeDouble(bestLoss);
                out.writeDouble(firstLoss);
                out.writeDouble(epochLoss);
                writeFloats(out, parameters);
                writeFloats(out, updaterState);
                writeFloats(out, bestParameters);
                out.writeInt(lossState.length);
                out.write(lossState);
                out.writeLong(sum.getValue());
            }
        });
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it belongs to another run
     * @throws UncheckedIOException     when it is damaged
     */
    static Checkpoint read(Path file, Shape shape) {
        try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
            long largest = opened.size();
            var checked = new CheckedInputStream(new BufferedInputStream(Channels.newInputStream(opened)), new CRC32());
            try (DataInputStream in = new DataInputStream(checked)) {
                int start = in.readInt();
                if (start >>> Byte.SIZE != MAGIC) {
                    throw new IOException("it does not begin as one");
                }
                int version = (start & 0xff) - ZERO;
                if (version != VERSION) {
                    throw new IOException("it is of version " + version + ", this library reads version " + VERSION);
                }
                if (!in.readUTF().equals(shape.fingerprint())) {
                    throw new IllegalArgumentException(StageFiles.foreign(file));
                }
                Position position = new Position(in.readInt(), in.readInt(), in.readInt());
                Checkpoint read = new Checkpoint(
                        shape.fingerprint(),
                        position,
                        in.readInt(),
                        in.readDouble(),
                        in.readDouble(),
                        in.readDouble(),
                        readFloats(in, largest),
                        readFloats(in, largest),
                        readFloats(in, largest),
                        readBytes(in, largest));
                long wanted = checked.getChecksum().getValue();
                if (in.readLong() != wanted) {
                    throw new IOException("its checksum does not fit");
                }
                read.check(shape);
                return read;
            }
        } catch (IOException e) {
            String why = e instanceof EOFException ? "it ends too early" : e.getMessage();
            throw new UncheckedIOException(file + ": damaged or not a checkpoint (" + why + ")", e);
        }
    }

    /** A right checksum says that it is what somebody wrote, not that a stage can be there. */
    private void check(Shape shape) throws IOException {
        long step = Math.min(shape.steps(), (long) position.epoch() * shape.stepsPerEpoch() + position.batch());
        boolean possible = position.epoch() >= 0
                && position.epoch() <= shape.epochs()
                && position.batch() >= 0
                && position.batch() < shape.stepsPerEpoch()
                && position.step() == step
                && bestEpoch >= 0
                && bestEpoch <= position.epoch()
                && (bestEpoch > 0) == (bestParameters != null);
        if (!possible) {
            throw new IOException("it states " + position + " and best epoch " + bestEpoch + ", of " + shape.epochs()
                    + " epochs of " + shape.stepsPerEpoch() + " steps");
        }
        if (parameters == null
                || Double.isNaN(bestLoss)
                || !Double.isFinite(epochLoss)
                || Double.isInfinite(firstLoss)) {
            throw new IOException("it has no parameters, or losses that are not finite");
        }
    }

    private static void writeFloats(DataOutputStream out, INDArray array) throws IOException {
        float[] values = array == null ? new float[0] : ArrayCopy.floats(array);
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static INDArray readFloats(DataInputStream in, long largest) throws IOException {
        int length = in.readInt();
        if (length == 0) {
            return null;
        }
        if (length < 0 || (long) length * Float.BYTES > largest) {
            throw new IOException("it states an array of " + length + " values");
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readFloat();
            if (!Float.isFinite(values[i])) {
                throw new IOException("it has values that are not finite");
            }
        }
        return Nd4j.createFromArray(values).reshape(1, length);
    }

    private static byte[] readBytes(DataInputStream in, long largest) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > largest) {
            throw new IOException("it states " + length + " bytes of what losses keep");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}
