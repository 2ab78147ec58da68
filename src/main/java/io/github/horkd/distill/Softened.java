package io.github.horkd.distill;

import io.github.horkd.data.Pose;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.knowledge.Knowledge;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logits that went through a softmax already. Softened once more they are nearly the same for every image, and what the guide knows of the other classes is lost.
 */
final class Softened {

    private static final Logger LOG = LoggerFactory.getLogger(Softened.class);

    private static final int LOOKED_AT = 64;
    private static final double ROUNDING = 1e-3;

    private Softened() {}

    /** Whether every row is of probabilities: none below 0, all together 1. Rows of nothing but 0 and 1 may be logits somebody wrote down. */
    static boolean areProbabilities(INDArray logits) {
        int classes = Math.toIntExact(logits.size(1));
        float[] values = ArrayCopy.floats(logits);
        boolean between = false;
        for (int row = 0; row < values.length; row += classes) {
            double sum = 0;
            for (int c = 0; c < classes; c++) {
                float value = values[row + c];
                if (!(value >= 0)) {
                    return false;
                }
                sum += value;
                between |= value > 0 && value < 1;
            }
            if (Math.abs(sum - 1) > ROUNDING) {
                return false;
            }
        }
        return between && classes > 1;
    }

    static void sayWhereTheyAreProbabilities(String stage, GuideLoss loss, Knowledge knowledge, int images) {
        if (loss.onLogits().isEmpty()) {
            return;
        }
        int[] some = IntStream.range(0, Math.min(LOOKED_AT, images)).toArray();
        Pose[] poses =
                IntStream.of(some).mapToObj(i -> knowledge.poses().pose(i, 0)).toArray(Pose[]::new);
        knowledge
                .logits(some, poses)
                .filter(Softened::areProbabilities)
                .ifPresent(logits -> LOG.warn(
                        "stage {}: what guide '{}' gives as logits are probabilities, behind a softmax already, and soft logits put a second one behind them;"
                                + " give what goes into its softmax, or the logarithms of the probabilities",
                        stage,
                        loss.guide()));
    }
}
