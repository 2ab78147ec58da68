package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First and second order, across the streams, over a bank: each of the learner's rows picks its own guide row out of all that the guide knows (InfoNCE).
 * <pre>  L = mean over i of −log( exp(⟨ŝ_i, t̂_i⟩/τ) / ( exp(⟨ŝ_i, t̂_i⟩/τ) + Σ_j exp(⟨ŝ_i, T̂_j⟩/τ) ) ),   x̂ = the row brought to length 1</pre>
 *
 * <p>Guide and learner [N, D], of one width; T is the {@link Bank}, [M, D], or the guide's rows of the batch where there is none. j runs over the rows of T that are
 * not the sample's own, which are those that equal t_i (and those of the same image, if the bank knows images). The positive is the guide's row itself, whether the bank
 * holds it or not. Blind to the length of every row and to a common rotation. Not 0 when both sides agree.
 *
 * <p>A row of zeros stays one and gets gradient 0. NaN input gives NaN. O(N M D) time, one product with the bank each way, O(N M) memory. Single precision,
 * for learners in double precision double.
 *
 * <p>After van den Oord, Li and Vinyals, "Representation Learning with Contrastive Predictive Coding", 2018 (arXiv 1807.03748), between a guide and a learner as in
 * Tian, Krishnan and Isola, "Contrastive Representation Distillation", ICLR 2020.
 *
 * @param temperature τ, stated or set from the guide's own distribution
 */
public record ContrastiveLoss(Temperature temperature) implements BankLoss {

    /** Rejects a missing temperature. */
    public ContrastiveLoss {
        Checks.present("temperature", temperature);
    }

    /**
     * At a stated temperature.
     *
     * @param temperature τ; 0.05 to 0.1 for cosines of embeddings
     * @return the loss
     */
    public static ContrastiveLoss at(double temperature) {
        return new ContrastiveLoss(Temperature.of(temperature));
    }

    /**
     * At the temperature by which the guide's rows look at so many neighbours each.
     *
     * @param perplexity how many neighbours, &gt; 1
     * @return the loss
     */
    public static ContrastiveLoss ofPerplexity(double perplexity) {
        return new ContrastiveLoss(Temperature.ofPerplexity(perplexity));
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
        Checks.sameShape("ContrastiveLoss", guide, learner, Checks.ONE_SPACE);
        return BankSoftmax.compare(guide, learner, bank, temperature, BankSoftmax.Target.OWN);
    }
}
