package io.github.horkd.loss;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * A loss between feature maps inside two networks. Maps of different sizes are averaged onto one grid: the smaller number of rows and of columns. A new one is a record that implements
 * {@link #lossAndGradient}, and one line in the contract test.
 *
 * <p>{@link #between} makes a {@link BatchLoss} of it, over maps of stated shapes.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
public interface MapLoss extends Serializable {

    /**
     * The loss of one batch and its derivative. Arguments are left untouched.
     *
     * @param guide        the guide's maps, row after row of [N, C_t · H_t · W_t]; the array may be longer
     * @param guideShape   C_t, H_t, W_t
     * @param learner      the learner's maps, row after row of [N, C_s · H_s · W_s]; the array may be longer
     * @param learnerShape C_s, H_s, W_s
     * @param count        N
     * @param gradient     zeros, [N, C_s · H_s · W_s]; receives ∂L/∂learner; the array may be longer
     * @return L, the mean over the batch
     */
    double lossAndGradient(
            double[] guide, MapShape guideShape, double[] learner, MapShape learnerShape, int count, double[] gradient);

    /**
     * Whether both maps must have as many channels. A trainer puts a learned 1×1 convolution in front of such a loss when they have not.
     *
     * @return false, as for losses over places alone
     */
    default boolean needsEqualChannels() {
        return false;
    }

    /**
     * The same over maps of these shapes.
     *
     * @param guide   shape of the guide's maps
     * @param learner shape of the learner's
     * @return a loss over rows [N, guide.size()] and [N, learner.size()]
     */
    default BatchLoss between(MapShape guide, MapShape learner) {
        return new LossBetweenMaps(this, guide, learner);
    }

    /**
     * What reports call it.
     *
     * @return the simple name of its class
     */
    default String label() {
        return getClass().getSimpleName();
    }
}
