package io.github.horkd.distill;

import io.github.horkd.loss.BatchLoss;
import io.github.horkd.loss.LossValue;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss over some of the learner's columns; the others get gradient 0. For logits of classes that a guide knows only some of. It exists while a stage
 * runs and is never saved.
 *
 * @param loss    over these columns
 * @param columns places in the learner's rows, in the order of the guide's
 */
record ColumnsLoss(BatchLoss loss, List<Integer> columns) implements BatchLoss {

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        int[] places = columns.stream().mapToInt(Integer::intValue).toArray();
        LossValue some = loss.lossAndGradient(guide, learner.getColumns(places));
        INDArray gradient = learner.ulike().assign(0);
        for (int i = 0; i < places.length; i++) {
            gradient.putColumn(places[i], some.gradient().getColumn(i));
        }
        return new LossValue(some.value(), gradient);
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
    public void reset() {
        loss.reset();
    }

    @Override
    public void writeState(DataOutput out) throws IOException {
        loss.writeState(out);
    }

    @Override
    public void readState(DataInput in) throws IOException {
        loss.readState(in);
    }
}
