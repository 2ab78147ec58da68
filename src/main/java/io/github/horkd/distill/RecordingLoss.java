package io.github.horkd.distill;

import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.HybridOrderLoss;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.loss.LossValue;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The loss of one head, which keeps the value of each term. It exists while a stage runs and is never saved.
 */
final class RecordingLoss implements BatchLoss {

    private static final long serialVersionUID = 1;

    private final String prefix;
    private final HybridOrderLoss loss;
    private final double[] rawSum;
    private final double[] weightedSum;
    private int steps;
    private transient double lastValue;
    private transient List<TermValue> lastTerms = List.of();
    private transient boolean inspects;
    private transient int[] rows;
    private transient double factor = 1;
    private transient String collapse;

    RecordingLoss(String prefix, HybridOrderLoss loss) {
        this.prefix = prefix;
        this.loss = loss;
        this.rawSum = new double[loss.terms().size()];
        this.weightedSum = new double[loss.terms().size()];
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        collapse = inspects ? Collapse.of(learner) : null;
        LossValue value;
        if (rows == null) {
            HybridOrderLoss.Detailed all = loss.lossAndGradientDetailed(guide, learner);
            lastTerms = all.terms();
            value = new LossValue(all.value(), all.gradient());
        } else {
            value = ofRows(guide, learner);
        }
        if (factor != 1) {
            lastTerms = lastTerms.stream()
                    .map(t -> new TermValue(t.name(), t.raw(), factor * t.weighted(), Double.NaN))
                    .toList();
            value = new LossValue(factor * value.value(), value.gradient().muli(factor));
        }
        lastValue = value.value();
        for (int i = 0; i < rawSum.length; i++) {
            rawSum[i] += lastTerms.get(i).raw();
            weightedSum[i] += lastTerms.get(i).weighted();
        }
        steps++;
        return value;
    }

    /** Rows that do not count have value and gradient 0; the others weigh what they would weigh if all did. */
    private LossValue ofRows(INDArray guide, INDArray learner) {
        INDArray gradient = learner.ulike().assign(0);
        if (rows.length == 0) {
            lastTerms = loss.terms().stream()
                    .map(term -> new TermValue(term.name(), 0, 0, Double.NaN))
                    .toList();
            return new LossValue(0, gradient);
        }
        double share = (double) rows.length / learner.size(0);
        HybridOrderLoss.Detailed some = loss.lossAndGradientDetailed(guide.getRows(rows), learner.getRows(rows));
        lastTerms = some.terms().stream()
                .map(t -> new TermValue(t.name(), share * t.raw(), share * t.weighted(), Double.NaN))
                .toList();
        for (int i = 0; i < rows.length; i++) {
            gradient.putRow(rows[i], some.gradient().getRow(i).mul(share));
        }
        return new LossValue(share * some.value(), gradient);
    }

    /** A score on its own is no training step. */
    @Override
    public double valueOf(INDArray guide, INDArray learner) {
        if (rows == null) {
            return loss.valueOf(guide, learner);
        }
        return rows.length == 0
                ? 0
                : loss.valueOf(guide.getRows(rows), learner.getRows(rows)) * rows.length / learner.size(0);
    }

    /** What all terms of the next steps weigh, times what they would. */
    void fade(double by) {
        factor = by;
    }

    /** Which rows of the next batch count; null for all. */
    void count(int[] those) {
        rows = those;
    }

    /** L of the last training step. */
    double lastValue() {
        return lastValue;
    }

    /** Whether the next steps look for a learner that has collapsed, which takes a little time. */
    void inspect(boolean whether) {
        inspects = whether;
    }

    /** What is wrong with the learner's rows of the last step, if that was inspected: see {@link Collapse#of}. */
    String collapse() {
        return collapse;
    }

    /** The first term of the last step that is not finite, with its value; null when all are. */
    String notFinite() {
        return lastTerms.stream()
                .filter(t -> !Double.isFinite(t.weighted()))
                .findFirst()
                .map(t -> "'" + prefix + t.name() + "' is " + t.raw())
                .orElse(null);
    }

    /** The term of the last step that weighs most, with its value. */
    String largest() {
        return lastTerms.stream()
                .max(java.util.Comparator.comparingDouble(TermValue::weighted))
                .map(t -> "'" + prefix + t.name() + "' is " + t.raw())
                .orElse("nothing");
    }

    @Override
    public void reset() {
        loss.reset();
    }

    @Override
    public void writeState(DataOutput out) throws IOException {
        out.writeInt(steps);
        for (int i = 0; i < rawSum.length; i++) {
            out.writeDouble(rawSum[i]);
            out.writeDouble(weightedSum[i]);
        }
        loss.writeState(out);
    }

    @Override
    public void readState(DataInput in) throws IOException {
        steps = in.readInt();
        for (int i = 0; i < rawSum.length; i++) {
            rawSum[i] = in.readDouble();
            weightedSum[i] = in.readDouble();
        }
        loss.readState(in);
    }

    /** Means over the steps since the last call. */
    List<TermValue> drain() {
        List<TermValue> means = new ArrayList<>();
        for (int i = 0; i < rawSum.length; i++) {
            means.add(new TermValue(
                    prefix + loss.terms().get(i).name(),
                    rawSum[i] / Math.max(1, steps),
                    weightedSum[i] / Math.max(1, steps),
                    Double.NaN));
            rawSum[i] = 0;
            weightedSum[i] = 0;
        }
        steps = 0;
        return means;
    }
}
