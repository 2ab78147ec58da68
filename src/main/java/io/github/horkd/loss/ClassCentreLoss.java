package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels by the guide's own class centres, across the streams, over a bank: each of the learner's rows picks its class out of the classes as the guide sees them, as a frozen head
 * of the guide would ask for.
 * <pre>  L = mean over samples whose class has a row in T of  −log( Σ_(o ∈ own) e_o / Σ_j e_j ),   e_j = exp((⟨ŝ_i, T̂_j⟩ − m [j own]) / τ)</pre>
 *
 * <p>Guide and learner [N, D], of one width; T is the {@link Bank}: of class centres, made by {@link Bank#ofClasses}, or of all embeddings with the class in the place of the image,
 * where any row of the own class is right; without a bank the guide's rows of the batch, each its own class. A sample's class is found by its guide row, so no labels are needed in the
 * batch. A sample that the bank does not know contributes nothing. Blind to the length of every row and to a common rotation. Not 0 when both sides agree. A row of zeros gets gradient
 * 0; NaN input gives NaN. O(N M D) time.
 *
 * <p>A frozen classifier of the teacher over the student's embedding as in Chen et al., "Knowledge Distillation with the Reused Teacher Classifier", CVPR 2022 (with centres in place of
 * its weights); the margin as in Wang et al., "CosFace", CVPR 2018; the sum over several right rows as in Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020, inside the logarithm.
 *
 * @param temperature τ, stated or set from the guide's own distribution; 1/64 to 0.1 is usual
 * @param margin      m, by which a right row must be nearer, 0 to 1; 0 to 0.4 is usual
 */
public record ClassCentreLoss(Temperature temperature, double margin) implements BankLoss {

    /** Rejects a missing temperature and a margin outside 0 … 1. */
    public ClassCentreLoss {
        Checks.present("temperature", temperature);
        Checks.inRange("margin", margin, 0, 1);
    }

    /**
     * At a stated temperature, without a margin.
     *
     * @param temperature τ
     * @return the loss
     */
    public static ClassCentreLoss at(double temperature) {
        return new ClassCentreLoss(Temperature.of(temperature), 0);
    }

    /**
     * The same with a margin.
     *
     * @param other m, 0 to 1
     * @return a new loss
     */
    public ClassCentreLoss withMargin(double other) {
        return new ClassCentreLoss(temperature, other);
    }

    @Override
    public boolean comparesWithClasses() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
        Checks.sameShape("ClassCentreLoss", guide, learner, Checks.ONE_SPACE);
        return BankSoftmax.compare(guide, learner, bank, temperature, BankSoftmax.Target.OWN_IN_BANK, margin);
    }
}
