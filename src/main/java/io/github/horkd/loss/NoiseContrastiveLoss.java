package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First and second order, across the streams, over a bank or the batch: a critic tells each of the learner's rows with its own guide row from the same row with every other guide row
 * (contrastive representation distillation, CRD).
 * <pre>  L = mean over i of  −log h(t_i, s_i) − Σ_j log(1 − h(T_j, s_i)),   h(t, s) = exp(⟨t̂, ŝ⟩/τ) / (exp(⟨t̂, ŝ⟩/τ) + κ),   x̂ = the row brought to length 1</pre>
 *
 * <p>Guide and learner [N, D], of one width; T is the {@link Bank}, [M, D], or the guide's rows of the batch where there is none. j runs over the rows of T that are not the sample's
 * own. κ is stated, or Σ_j exp(⟨t̂_i, T̂_j⟩/τ), what the guide's own row makes of the others. The paper has κ = N/M, the number of negatives over the size of the data
 * set: 1 where every other image is a negative. Its published code divides exponentials by their mean over the first batch, by which κ is of the size of the sum; the sum needs no
 * state. The paper also maps both sides to 128 values by learned linear maps; here the guide's space stays as it is, and a trainer maps a learner of another width to it.
 *
 * <p>Unlike {@link ContrastiveLoss}, each negative counts by itself and not in competition with the others. Blind to the length of every row and to a common rotation. Not 0 when both sides
 * agree. A row of zeros gets gradient 0. NaN input gives NaN. O(N M D) time, one product with the bank each way and, without a stated κ, one for the guide; O(N M) memory. Single
 * precision, for learners in double precision double.
 *
 * <p>After Tian, Krishnan and Isola, "Contrastive Representation Distillation", ICLR 2020.
 *
 * @param temperature τ, stated or set from the guide's own distribution
 * @param noise       κ, &gt; 0; 0 when it is set from the guide's own row
 */
public record NoiseContrastiveLoss(Temperature temperature, double noise) implements BankLoss {

    private static final double HIGHEST = 1e9;

    /** Rejects a missing temperature, and a κ that is below 0 or above 1e9. */
    public NoiseContrastiveLoss {
        Checks.present("temperature", temperature);
        Checks.inRange("noise", noise, 0, HIGHEST);
    }

    /**
     * At a stated temperature, κ set from the guide's own row.
     *
     * @param temperature τ; 0.07 in the paper
     * @return the loss
     */
    public static NoiseContrastiveLoss at(double temperature) {
        return new NoiseContrastiveLoss(Temperature.of(temperature), 0);
    }

    /**
     * The same with a stated κ.
     *
     * @param other κ, &gt; 0; 1 is the paper's where every other image is a negative
     * @return a new loss
     */
    public NoiseContrastiveLoss withNoise(double other) {
        Checks.positive("noise", other);
        return new NoiseContrastiveLoss(temperature, other);
    }

    @Override
    public int smallestBatch() {
        return noise == 0 ? 2 : 1;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner, Bank bank) {
        Checks.sameShape("NoiseContrastiveLoss", guide, learner, Checks.ONE_SPACE);
        return BankSoftmax.compare(guide, learner, bank, temperature, BankSoftmax.Target.NOISE, noise);
    }
}
