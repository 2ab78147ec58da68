package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Another loss, over the directions of the embeddings alone: both sides' rows are brought to length 1 first, and the gradient
 * is led back through that.
 * <pre>  L(s, t) = loss( s/|s|, t/|t| ),   ∂L/∂s_i = (g_i − u_i ⟨u_i, g_i⟩) / |s_i|,   u_i = s_i/|s_i|</pre>
 *
 * <p>Shapes as the inner loss wants them. A row of zeros stays one and gets gradient 0. Blind to the length of every row,
 * and to rotation where the inner loss is; no longer blind to translation.
 *
 * @param loss what is computed on the unit embeddings
 */
public record UnitEmbeddings(BatchLoss loss) implements BatchLoss {

    /**
     * Rejects a missing loss.
     */
    public UnitEmbeddings {
        Checks.present("loss", loss);
    }

    @Override
    public boolean needsEqualWidths() {
        return loss.needsEqualWidths();
    }

    @Override
    public int smallestBatch() {
        return loss.smallestBatch();
    }

    @Override
    public Optional<SharedDistances> sharedDistances() {
        return loss.sharedDistances().map(shared -> new SharedDistances(shared.relation(), true));
    }

    @Override
    public boolean usesBank() {
        return loss.usesBank();
    }

    @Override
    public UnitEmbeddings withBank(Bank bank) {
        return new UnitEmbeddings(loss.withBank(bank));
    }

    @Override
    public OptionalInt knownToBank(INDArray guide) {
        return loss.knownToBank(unit(guide));
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        LossValue inner = loss.lossAndGradient(unit(guide), unit(learner));
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        double[] x = ThreadBuffers.of(UnitEmbeddings.class).doubles(0, rows * width);
        double[] g = ThreadBuffers.of(UnitEmbeddings.class).doubles(1, rows * width);
        ArrayCopy.read(learner, x);
        ArrayCopy.read(inner.gradient(), g);
        double[] lengths = ThreadBuffers.of(UnitEmbeddings.class).doubles(2, rows);
        for (int i = 0; i < rows; i++) {
            double squares = 0;
            for (int d = i * width; d < (i + 1) * width; d++) {
                squares += x[d] * x[d];
            }
            lengths[i] = Math.sqrt(squares);
        }
        double least = ShortRows.leastLength(lengths, rows);
        for (int i = 0; i < rows; i++) {
            double squares = 0;
            double along = 0;
            for (int d = i * width; d < (i + 1) * width; d++) {
                squares += x[d] * x[d];
                along += x[d] * g[d];
            }
            if (squares == 0) {
                Arrays.fill(g, i * width, (i + 1) * width, 0);
                continue;
            }
            double length = Math.max(lengths[i], least);
            for (int d = i * width; d < (i + 1) * width; d++) {
                g[d] = (g[d] - x[d] * (along / squares)) / length;
            }
        }
        return new LossValue(inner.value(), ArrayCopy.result(g, rows, width, learner.dataType()));
    }

    @Override
    public void writeState(DataOutput out) throws IOException {
        loss.writeState(out);
    }

    @Override
    public void readState(DataInput in) throws IOException {
        loss.readState(in);
    }

    @Override
    public void reset() {
        loss.reset();
    }

    private static INDArray unit(INDArray array) {
        int rows = (int) array.size(0);
        int width = (int) array.size(1);
        double[] x = ThreadBuffers.of(UnitEmbeddings.class).doubles(0, rows * width);
        ArrayCopy.read(array, x);
        for (int i = 0; i < rows; i++) {
            double squares = 0;
            for (int d = i * width; d < (i + 1) * width; d++) {
                squares += x[d] * x[d];
            }
            double length = squares == 0 ? 1 : Math.sqrt(squares);
            for (int d = i * width; d < (i + 1) * width; d++) {
                x[d] /= length;
            }
        }
        return ArrayCopy.result(x, rows, width, array.dataType());
    }
}
