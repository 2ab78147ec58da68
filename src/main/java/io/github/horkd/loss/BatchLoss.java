package io.github.horkd.loss;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A loss over a whole batch: what the learner answers, held against what the guide knows (its embeddings or logits) or
 * against labels. A new loss is one record that implements {@link #lossAndGradient}; everything DL4J asks of an
 * {@code ILossFunction} follows from it here, in one place.
 *
 * <pre>{@code
 * new LossLayer.Builder(DistanceLoss.guideScaled()).activation(Activation.IDENTITY).build()
 * }</pre>
 *
 * <p>In DL4J's own methods the <em>labels</em> are the guide's side and the <em>activated output</em> is the learner's. DL4J
 * wants the sum over the minibatch and divides by the batch size N itself, so scores and gradients are N times those
 * of {@link #lossAndGradient}; an average score is L as it stands. A mask, [N, 1] or [N], leaves rows out: L is that of the
 * remaining rows alone, masked rows get gradient 0, and a batch of masked rows only has L = 0.
 *
 * <p>The rows of a batch are a set: brought into another order on both sides alike, they have the same L and the same gradients in that order. Only where
 * tuples are drawn, or where a ranking meets equal distances, does the order count; those losses say so. What else a loss is blind to stands in its own
 * documentation.
 *
 * <p>DL4J's JSON and model files carry a record as it stands, nested losses included. Keep bean names ({@code getX},
 * {@code isX}) off losses, so that nothing else is written.
 */
public interface BatchLoss extends ILossFunction {

    /**
     * The loss of one batch and its derivative. Arguments are left untouched, the gradient is a new array.
     *
     * @param guide   what is known: [N, D_t] embeddings, [N, C] logits or labels, float or double, any layout
     * @param learner what the learner answers: [N, D_s], float or double, any layout
     * @return L, the mean over the batch, and ∂L/∂learner
     * @throws IllegalArgumentException when the shapes do not fit; the message names both
     */
    LossValue lossAndGradient(INDArray guide, INDArray learner);

    /**
     * Whether guide and learner must be equally wide, as a loss that compares value with value wants it. A trainer puts a learned linear map
     * in front of such a loss when they are not.
     *
     * @return false, as for every loss over relations
     */
    default boolean needsEqualWidths() {
        return false;
    }

    /**
     * Whether the learner's side is logits, or cosines with class weights, of which the loss takes the softmax itself. Behind a layer whose activation is a softmax, as
     * DL4J's {@code OutputLayer} has it if nothing else is said, that would be one softmax too many: such a layer is refused.
     *
     * @return false, as for every loss over embeddings
     */
    default boolean takesLogits() {
        return false;
    }

    /**
     * Whether the guide's side may have a last column of class numbers, −1 for a sample of which nobody knows the class. A trainer that was asked to adds it.
     *
     * @return false, as for most losses
     */
    default boolean readsClasses() {
        return false;
    }

    /**
     * Whether the bank that this loss wants is one of class centres, {@link Bank#ofClasses}, where classes are known. A trainer that was asked to hands over such a one.
     *
     * @return false, as for most losses
     */
    default boolean comparesWithClasses() {
        return false;
    }

    /**
     * The fewest samples that this loss can say anything about: with fewer, value and gradient are 0 whatever they are.
     *
     * @return 1 for a loss over single samples; 3 for distances in units of their mean and for angles, k for order k; of a sum, what its most demanding term needs
     */
    default int smallestBatch() {
        return 1;
    }

    /**
     * The relation of distances that this loss consists of. Terms of a {@link HybridOrderLoss} that have one share the distances.
     *
     * @return empty, as for every loss that needs more than distances within either side
     */
    default Optional<SharedDistances> sharedDistances() {
        return Optional.empty();
    }

    /**
     * Whether this loss, or one inside it, compares samples with a bank of the guide's embeddings and was handed none yet.
     *
     * @return false, as for every loss that is content with its batch, or has its bank
     */
    default boolean usesBank() {
        return false;
    }

    /**
     * The same loss, which compares samples with this bank from now on. A trainer calls it before training begins, with what the guide knows about the
     * training images, in the very form in which the guide's rows reach the loss.
     *
     * @param bank the guide's embeddings
     * @return the loss itself if it uses no bank
     */
    default BatchLoss withBank(Bank bank) {
        return this;
    }

    /**
     * Of a loss that was handed a bank, how many of these rows that bank knows, as rows or views of its own: what tells a bank of another guide, view or space from the right one.
     *
     * @param guide [N, D], in the form in which the guide's rows reach the loss
     * @return 0 … N; empty without a bank, and of one of recent batches
     */
    default OptionalInt knownToBank(INDArray guide) {
        return OptionalInt.empty();
    }

    /**
     * L alone, where nobody wants the gradient: for held-out data.
     *
     * @param guide   as {@link #lossAndGradient} takes it
     * @param learner as {@link #lossAndGradient} takes it
     * @return L
     */
    default double valueOf(INDArray guide, INDArray learner) {
        return lossAndGradient(guide, learner).value();
    }

    /**
     * Forgets what was kept from earlier batches; called when a stage begins. Most losses keep nothing.
     */
    default void reset() {}

    /**
     * Writes what was kept from earlier batches, so that a training that is interrupted goes on as if it had not been. Most losses keep nothing and write nothing.
     *
     * @param out where to
     * @throws IOException when it cannot be written
     */
    default void writeState(DataOutput out) throws IOException {}

    /**
     * Puts back what {@link #writeState} wrote.
     *
     * @param in where from
     * @throws IOException when it cannot be read, or is not what such a loss writes
     */
    default void readState(DataInput in) throws IOException {}

    /**
     * L, or N · L.
     *
     * @param labels       the guide's side, [N, D_t]
     * @param preOutput    the learner's side before its activation, [N, D_s]
     * @param activationFn the learner's activation
     * @param mask         [N, 1] or [N], 0 leaves a row out; null takes all
     * @param average      whether to return L; otherwise N · L
     * @return the score
     */
    @Override
    default double computeScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        INDArray learner = activated(this, preOutput, activationFn);
        int[] rows = Masks.kept(mask, learner.size(0));
        double value = rows == null
                ? LastScore.of(this, labels, learner)
                : rows.length == 0 ? 0 : LastScore.of(this, Masks.take(labels, rows), Masks.take(learner, rows));
        return average ? value : value * learner.size(0);
    }

    /**
     * L once per row: a loss over relations has no smaller parts. Masked rows get 0.
     *
     * @param labels       the guide's side, [N, D_t]
     * @param preOutput    the learner's side before its activation, [N, D_s]
     * @param activationFn the learner's activation
     * @param mask         [N, 1] or [N], 0 leaves a row out; null takes all
     * @return [N, 1]
     */
    @Override
    default INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        double value = computeScore(labels, preOutput, activationFn, mask, true);
        INDArray scores = Nd4j.valueArrayOf(new long[] {preOutput.size(0), 1}, value, preOutput.dataType());
        if (mask != null) {
            scores.muli(mask.neq(0).castTo(preOutput.dataType()).reshape(preOutput.size(0), 1));
        }
        return scores;
    }

    /**
     * N · ∂L/∂preOutput.
     *
     * @param labels       the guide's side, [N, D_t]
     * @param preOutput    the learner's side before its activation, [N, D_s]
     * @param activationFn the learner's activation
     * @param mask         [N, 1] or [N], 0 leaves a row out; null takes all
     * @return the gradient, in the shape of {@code preOutput}
     */
    @Override
    default INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask) {
        return computeGradientAndScore(labels, preOutput, activationFn, mask, true)
                .getSecond();
    }

    /**
     * Score and gradient of one computation.
     *
     * @param labels       the guide's side, [N, D_t]
     * @param preOutput    the learner's side before its activation, [N, D_s]
     * @param activationFn the learner's activation
     * @param mask         [N, 1] or [N], 0 leaves a row out; null takes all
     * @param average      whether the score is L; otherwise N · L
     * @return the score and N · ∂L/∂preOutput
     */
    @Override
    default Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activationFn, INDArray mask, boolean average) {
        INDArray learner = activated(this, preOutput, activationFn);
        long count = learner.size(0);
        int[] rows = Masks.kept(mask, count);
        double value;
        INDArray gradient;
        if (rows == null) {
            LossValue all = lossAndGradient(labels, learner);
            LastScore.remember(this, labels, learner, all.value());
            value = all.value();
            gradient = all.gradient();
        } else if (rows.length == 0) {
            value = 0;
            gradient = Nd4j.zeros(learner.dataType(), learner.shape());
        } else {
            INDArray guide = Masks.take(labels, rows);
            INDArray kept = Masks.take(learner, rows);
            LossValue some = lossAndGradient(guide, kept);
            LastScore.remember(this, guide, kept, some.value());
            value = some.value();
            gradient = Masks.scatter(some.gradient(), rows, (int) count);
        }
        gradient.muli(count);
        INDArray back = activationFn instanceof ActivationIdentity
                ? gradient
                : activationFn.backprop(preOutput.dup(), gradient).getFirst();
        return Pair.of(average ? value : value * count, back);
    }

    /**
     * The loss's name, for DL4J's reports.
     *
     * @return the simple name of its class
     */
    @Override
    default String name() {
        return getClass().getSimpleName();
    }

    private static INDArray activated(BatchLoss loss, INDArray preOutput, IActivation activationFn) {
        if (loss.takesLogits()
                && (activationFn instanceof ActivationSoftmax || activationFn instanceof ActivationSigmoid)) {
            throw new IllegalArgumentException(
                    loss.name() + ": wanted a layer with the identity activation, as the loss takes the"
                            + " softmax itself, got " + activationFn
                            + "; say .activation(Activation.IDENTITY), which an OutputLayer"
                            + " does not have by itself");
        }
        return activationFn instanceof ActivationIdentity
                ? preOutput
                : activationFn.getActivation(preOutput.dup(), true);
    }
}
