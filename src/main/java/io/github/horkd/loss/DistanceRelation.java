package io.github.horkd.loss;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss made of the distances within both sides of a batch, and of nothing else. Terms of a {@link HybridOrderLoss} that are one share the distances and the
 * way from them back to the rows, which is most of their time.
 */
public interface DistanceRelation extends BatchLoss {

    /**
     * The value of a batch whose distances are finite.
     *
     * @param distances between the rows of the guide and between those of the learner
     * @param slopes    takes ∂L/∂d² for each of the learner's squared distances d², at i · rows + j, in the half j &lt; i; what lies there before is
     *                  of no use, and the array may be longer
     * @return L
     */
    double compare(BatchDistances distances, double[] slopes);

    @Override
    default LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return BatchDistances.of(guide, learner).value(this);
    }

    @Override
    default Optional<SharedDistances> sharedDistances() {
        return Optional.of(new SharedDistances(this, false));
    }
}
