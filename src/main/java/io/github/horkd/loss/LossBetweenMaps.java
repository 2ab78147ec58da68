package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss between maps as one over rows.
 *
 * @param loss    between maps
 * @param guide   the shape of the guide's
 * @param learner the shape of the learner's
 */
record LossBetweenMaps(MapLoss loss, MapShape guide, MapShape learner) implements BatchLoss {

    LossBetweenMaps {
        Checks.present("loss", loss);
        Checks.present("guide", guide);
        Checks.present("learner", learner);
        if (loss.needsEqualChannels() && guide.channels() != learner.channels()) {
            throw new IllegalArgumentException(loss.label() + ": wanted as many channels as the guide's map, "
                    + guide.channels() + ", got " + learner.channels()
                    + "; learn a projection: a 1x1 convolution in front of the loss, stripped after training");
        }
    }

    @Override
    public LossValue lossAndGradient(INDArray guideRows, INDArray learnerRows) {
        Checks.batch(guideRows, learnerRows);
        check("guide", guide, guideRows);
        check("learner", learner, learnerRows);
        int count = (int) learnerRows.size(0);
        ThreadBuffers buffers = ThreadBuffers.of(LossBetweenMaps.class);
        double[] t = buffers.doubles(0, count * guide.size());
        double[] s = buffers.doubles(1, count * learner.size());
        double[] gradient = buffers.doubles(2, count * learner.size());
        ArrayCopy.read(guideRows, t);
        ArrayCopy.read(learnerRows, s);
        Arrays.fill(gradient, 0, count * learner.size(), 0);
        double value = loss.lossAndGradient(t, guide, s, learner, count, gradient);
        return new LossValue(value, ArrayCopy.result(gradient, count, learner.size(), learnerRows.dataType()));
    }

    private static void check(String side, MapShape shape, INDArray rows) {
        if (rows.size(1) != shape.size()) {
            throw new IllegalArgumentException(side + ": wanted rows of maps " + shape + ", " + shape.size()
                    + " values each, got " + Arrays.toString(rows.shape()));
        }
    }

    @Override
    public String name() {
        return loss.label();
    }
}
