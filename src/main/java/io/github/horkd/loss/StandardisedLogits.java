package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Another loss over logits, of which every row is brought to mean 0 and standard deviation 1 first, on both sides: the learner need not reach the size of the
 * guide's logits, only their pattern.
 * <pre>  L(s, t) = loss( z(s), z(t) ),   z(x) = (x − mean) / σ,   σ² = Σ_c (x_c − mean)² / (C − 1)
 *   ∂L/∂s = (g − mean(g) − z ⟨g, z⟩ / (C − 1)) / σ</pre>
 *
 * <p>First order on logits. Guide and learner [N, C], as the inner loss wants them. Blind to a constant added to a row and to the size of a row, on both sides. A row whose
 * logits are all equal stays 0 and gets gradient 0. After Sun et al., "Logit Standardization in Knowledge Distillation", CVPR 2024; their code adds 1e-7 to σ.
 *
 * @param loss what is computed on the standardised logits, for instance {@link SoftLogitsLoss} at a temperature of 2 to 4
 */
public record StandardisedLogits(BatchLoss loss) implements BatchLoss {

    /** Rejects a missing loss. */
    public StandardisedLogits {
        Checks.present("loss", loss);
    }

    @Override
    public boolean needsEqualWidths() {
        return loss.needsEqualWidths();
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return loss.smallestBatch();
    }

    @Override
    public boolean usesBank() {
        return loss.usesBank();
    }

    @Override
    public StandardisedLogits withBank(Bank bank) {
        return new StandardisedLogits(loss.withBank(bank));
    }

    @Override
    public OptionalInt knownToBank(INDArray guide) {
        return loss.knownToBank(standardised(guide));
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

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        LossValue inner = loss.lossAndGradient(standardised(guide), standardised(learner));
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        ThreadBuffers buffers = ThreadBuffers.of(StandardisedLogits.class);
        double[] x = buffers.doubles(0, rows * width);
        double[] g = buffers.doubles(1, rows * width);
        ArrayCopy.read(learner, x);
        ArrayCopy.read(inner.gradient(), g);
        for (int at = 0; at < rows * width; at += width) {
            double sigma = standardise(x, at, width);
            double mean = 0;
            double along = 0;
            for (int c = at; c < at + width; c++) {
                mean += g[c] / width;
                along += g[c] * x[c];
            }
            for (int c = at; c < at + width; c++) {
                g[c] = sigma == 0 ? 0 : (g[c] - mean - x[c] * along / (width - 1)) / sigma;
            }
        }
        return new LossValue(inner.value(), ArrayCopy.result(g, rows, width, learner.dataType()));
    }

    private static INDArray standardised(INDArray logits) {
        int rows = (int) logits.size(0);
        int width = (int) logits.size(1);
        double[] x = ThreadBuffers.of(StandardisedLogits.class).doubles(0, rows * width);
        ArrayCopy.read(logits, x);
        for (int at = 0; at < rows * width; at += width) {
            standardise(x, at, width);
        }
        return ArrayCopy.result(x, rows, width, logits.dataType());
    }

    /** In place; returns σ. */
    private static double standardise(double[] x, int at, int width) {
        double mean = 0;
        for (int c = at; c < at + width; c++) {
            mean += x[c] / width;
        }
        double squares = 0;
        for (int c = at; c < at + width; c++) {
            squares += (x[c] - mean) * (x[c] - mean);
        }
        double sigma = width < 2 ? 0 : Math.sqrt(squares / (width - 1));
        if (sigma == 0) {
            Arrays.fill(x, at, at + width, 0);
            return 0;
        }
        for (int c = at; c < at + width; c++) {
            x[c] = (x[c] - mean) / sigma;
        }
        return sigma;
    }
}
