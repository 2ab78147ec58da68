package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First order: the learner's embedding is the guide's, number by number.
 * <pre>  L = mean over all N·D elements of ρ(s − t),   ρ(r) = r²,  |r|,  or Huber's: r²/2 up to δ, then δ(|r| − δ/2)</pre>
 *
 * <p>Guide and learner [N, D]. When the widths differ, let the network learn a projection: a {@code DenseLayer} without bias
 * from the learner's width to the guide's, in front of this loss, stripped after training. At r = 0 the derivative of |r|
 * is taken as 0. Invariant to nothing but a common reordering of rows or columns and a common translation; r² also to a common
 * rotation. The regression of features goes back to Romero et al., "FitNets: Hints for Thin Deep Nets", ICLR 2015.
 *
 * @param kind       the shape of ρ
 * @param huberDelta where Huber's turns from square to line, &gt; 0; the other kinds do not look at it
 */
public record FeatureLoss(Kind kind, double huberDelta) implements BatchLoss {

    /** The shape of ρ. */
    public enum Kind {
        /** r². */
        SQUARED,
        /** r²/2 up to δ, then δ(|r| − δ/2). */
        HUBER,
        /** |r|. */
        ABSOLUTE
    }

    /**
     * Rejects a missing kind and a δ that is not above 0.
     */
    public FeatureLoss {
        Checks.present("kind", kind);
        Checks.positive("huberDelta", huberDelta);
    }

    /**
     * The mean squared difference.
     *
     * @return the loss
     */
    public static FeatureLoss squared() {
        return new FeatureLoss(Kind.SQUARED, 1);
    }

    /**
     * Huber's loss of the differences.
     *
     * @param delta where the square turns into a line, &gt; 0
     * @return the loss
     */
    public static FeatureLoss huber(double delta) {
        return new FeatureLoss(Kind.HUBER, delta);
    }

    /**
     * The mean absolute difference.
     *
     * @return the loss
     */
    public static FeatureLoss absolute() {
        return new FeatureLoss(Kind.ABSOLUTE, 1);
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape("FeatureLoss", guide, learner, Checks.PROJECT);
        int length = Math.toIntExact(learner.length());
        ThreadBuffers scratch = ThreadBuffers.of(FeatureLoss.class);
        double[] t = scratch.doubles(0, length);
        double[] s = scratch.doubles(1, length);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        double sum = 0;
        for (int i = 0; i < length; i++) {
            double r = s[i] - t[i];
            double slope;
            switch (kind) {
                case SQUARED -> {
                    sum += r * r;
                    slope = 2 * r;
                }
                case HUBER -> {
                    sum += Huber.value(r, huberDelta);
                    slope = Huber.slope(r, huberDelta);
                }
                default -> {
                    sum += Math.abs(r);
                    slope = Math.signum(r);
                }
            }
            s[i] = slope / length;
        }
        return new LossValue(
                length == 0 ? 0 : sum / length,
                ArrayCopy.result(s, (int) learner.size(0), (int) learner.size(1), learner.dataType()));
    }
}
