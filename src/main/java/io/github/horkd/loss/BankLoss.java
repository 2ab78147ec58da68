package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A loss that compares every sample with a bank of the guide's embeddings. A new one implements {@link #lossAndGradient(INDArray, INDArray, Bank)}.
 *
 * <p>A trainer that knows what the guide knows hands it over by {@link #withBank} before training begins. Without one, as in anyone's own {@code fit} loop,
 * the guide's rows of the batch are the bank. What {@link #withBank} returns is written to JSON and model files as the loss without its bank.
 */
public interface BankLoss extends BatchLoss {

    /**
     * The loss of one batch against a bank, and its derivative. Arguments are left untouched, the gradient is a new array.
     *
     * @param guide   [N, D] embeddings, whose rows may be in the bank or not
     * @param learner [N, D]
     * @param bank    what every row is compared with; null: the guide's rows of the batch
     * @return L, the mean over the batch, and ∂L/∂learner
     */
    LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank);

    @Override
    default LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return lossAndGradient(guide, learner, null);
    }

    @Override
    default boolean usesBank() {
        return true;
    }

    @Override
    default BatchLoss withBank(Bank bank) {
        Checks.present("bank", bank);
        return new BankedLoss(this, bank);
    }

    @Override
    default boolean needsEqualWidths() {
        return true;
    }
}
