package io.github.horkd.distill;

import io.github.horkd.internal.file.WholeFile;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A stage half-way: enough to go on exactly as if it had never stopped. The file carries the fingerprint of stage, guides and
 * images, and a checksum; one that is foreign or damaged is refused by name.
 *
 * @param fingerprint of what is being trained
 * @param epoch       epochs done
 * @param step        optimiser steps done
 * @param bestEpoch   from 1
 * @param bestLoss    of the best epoch
 * @param firstLoss   of the stage's first step
 */
record Checkpoint(
        String fingerprint,
        int epoch,
        int step,
        int bestEpoch,
        double bestLoss,
        double firstLoss,
        INDArray parameters,
        INDArray updaterState,
        INDArray bestParameters) {

    private static final int MAGIC = 0x686b6331;

    void write(Path file) {
        WholeFile.write(file, "the checkpoint", beside -> {
            CRC32 sum = new CRC32();
            try (DataOutputStream out = new DataOutputStream(new CheckedOutputStream(beside, sum))) {
                out.writeInt(MAGIC);
                out.writeUTF(fingerprint);
                out.writeInt(epoch);
                out.writeInt(step);
                out.writeInt(bestEpoch);
                out.writeDouble(bestLoss);
                out.writeDouble(firstLoss);
                for (INDArray array : new INDArray[] {parameters, updaterState, bestParameters}) {
                    writeFloats(out, array);
                }
                out.writeLong(sum.getValue());
            }
        });
    }

    /** The checkpoint in a file, empty when there is none. */
    static Optional<Checkpoint> read(Path file, String fingerprint) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        CheckedInputStream checked = null;
        try (DataInputStream in = new DataInputStream(
                checked = new CheckedInputStream(new BufferedInputStream(Files.newInputStream(file)), new CRC32()))) {
            if (in.readInt() != MAGIC) {
                throw new IOException("not a checkpoint");
            }
            String found = in.readUTF();
            if (!found.equals(fingerprint)) {
                throw new IllegalArgumentException(
                        file + ": belongs to another run (other images, guides, seed or options); "
                                + "remove it, or give this run a directory of its own");
            }
            int epoch = in.readInt();
            int step = in.readInt();
            int bestEpoch = in.readInt();
            double bestLoss = in.readDouble();
            double firstLoss = in.readDouble();
            long largest = Files.size(file) / Float.BYTES;
            INDArray parameters = readFloats(in, largest);
            INDArray updaterState = readFloats(in, largest);
            INDArray bestParameters = readFloats(in, largest);
            long wanted = checked.getChecksum().getValue();
            if (in.readLong() != wanted) {
                throw new IOException("its checksum does not fit");
            }
            return Optional.of(new Checkpoint(
                    fingerprint,
                    epoch,
                    step,
                    bestEpoch,
                    bestLoss,
                    firstLoss,
                    parameters,
                    updaterState,
                    bestParameters));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + ": damaged or not a checkpoint (" + e + "); remove it to begin the stage anew", e);
        }
    }

    private static void writeFloats(DataOutputStream out, INDArray array) throws IOException {
        float[] values = array.dup('c').data().asFloat();
        out.writeInt(values.length);
        for (float value : values) {
            out.writeFloat(value);
        }
    }

    private static INDArray readFloats(DataInputStream in, long largest) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > largest) {
            throw new IOException("it states an array of " + length + " values");
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = in.readFloat();
        }
        return Nd4j.createFromArray(values).reshape(1, length);
    }
}
