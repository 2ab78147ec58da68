package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Second order, across the streams, over a bank: each of the learner's rows has the neighbours among the guide's embeddings that the guide's own row has.
 * <pre>  L = mean over i of KL( softmax_j(⟨t̂_i, T̂_j⟩ / τ) ‖ softmax_j(⟨ŝ_i, T̂_j⟩ / τ) ),   x̂ = the row brought to length 1
 *   ∂L/∂ŝ_i = Σ_j (q_ij − p_ij) T̂_j / (N τ)</pre>
 *
 * <p>Guide and learner [N, D], of one width; T is the {@link Bank}, [M, D], or the guide's rows of the batch where there is none. The candidates j are the rows
 * of T that are not the sample's own and, with {@code ownRow}, the guide's row t_i once, whether the bank holds it or not. A sample's own rows in T are those that equal
 * t_i. As the learner's rows are held against the guide's, the loss brings the learner's space onto the guide's: blind to the length of every row and to a
 * common rotation, and to nothing else.
 *
 * <p>A row of zeros stays one and gets gradient 0; a row without candidates has value 0. NaN input gives NaN. O(N M D) time, one product with the
 * bank for either side and one for the gradient, O(N M) memory. Single precision, for learners in double precision double.
 *
 * <p>Relations to a queue of embeddings as a student's target go back to Fang et al., "SEED: Self-supervised Distillation for Visual Representation", ICLR 2021,
 * and Tejankar et al., "ISD: Self-Supervised Learning by Iterative Similarity Distillation", ICCV 2021.
 *
 * @param temperature τ, stated or set from the guide's own distribution
 * @param ownRow      whether the sample's own row is among the candidates
 */
public record NeighbourhoodLoss(Temperature temperature, boolean ownRow) implements BankLoss {

    /** Rejects a missing temperature. */
    public NeighbourhoodLoss {
        Checks.present("temperature", temperature);
    }

    /**
     * At a stated temperature, the sample itself among the candidates.
     *
     * @param temperature τ; 0.05 to 0.1 for cosines of embeddings
     * @return the loss
     */
    public static NeighbourhoodLoss at(double temperature) {
        return new NeighbourhoodLoss(Temperature.of(temperature), true);
    }

    /**
     * At the temperature by which the guide's rows look at so many neighbours each, the sample itself among the candidates.
     *
     * @param perplexity how many neighbours, &gt; 1
     * @return the loss
     */
    public static NeighbourhoodLoss ofPerplexity(double perplexity) {
        return new NeighbourhoodLoss(Temperature.ofPerplexity(perplexity), true);
    }

    /**
     * The same without the sample itself among the candidates: only its relations to others count.
     *
     * @return a new loss
     */
    public NeighbourhoodLoss withoutOwnRow() {
        return new NeighbourhoodLoss(temperature, false);
    }

    @Override
    public int smallestBatch() {
        return ownRow ? 2 : 3;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
        Checks.sameShape("NeighbourhoodLoss", guide, learner, Checks.ONE_SPACE);
        return BankSoftmax.compare(
                guide,
                learner,
                bank,
                temperature,
                ownRow ? BankSoftmax.Target.GUIDE : BankSoftmax.Target.GUIDE_WITHOUT_OWN);
    }
}
