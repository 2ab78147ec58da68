package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * First order on logits, in two parts that {@link SoftLogitsLoss} ties together (DKD): how probable the target class is, and how the other classes compare with each
 * other.
 * <pre>  L = T² · mean over rows of ( α KL( [p_y, 1 − p_y] ‖ [q_y, 1 − q_y] ) + β KL( p̂ ‖ q̂ ) )
 *   p = softmax(t/T),   q = softmax(s/T),   p̂, q̂ = the same over all classes but y</pre>
 *
 * <p>Learner [N, C], logits. Guide [N, C], logits, and y is the guide's most probable class, the first of equals: needs no labels. Or guide [N, C + 1], the last column being the
 * class number, −1 where there is none and the guide's own class counts. Blind to a constant added to a row. α = 1 and β = 1 − p_y would be
 * {@link SoftLogitsLoss}. After Zhao et al., "Decoupled Knowledge Distillation", CVPR 2022.
 *
 * @param temperature T, &gt; 0; 4 in the published code
 * @param target      α, ≥ 0; 1 in the published code
 * @param others      β, ≥ 0; 8 in the published code
 */
public record DecoupledLogitsLoss(double temperature, double target, double others) implements BatchLoss {

    /** Rejects a temperature that is not above 0 and weights below 0. */
    public DecoupledLogitsLoss {
        Checks.positive("temperature", temperature);
        Checks.inRange("target", target, 0, Double.MAX_VALUE);
        Checks.inRange("others", others, 0, Double.MAX_VALUE);
    }

    /**
     * The published weights, α = 1 and β = 8, at T = 4.
     *
     * @return the loss
     */
    public static DecoupledLogitsLoss published() {
        return new DecoupledLogitsLoss(4, 1, 8);
    }

    @Override
    public boolean readsClasses() {
        return true;
    }

    @Override
    public boolean takesLogits() {
        return true;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        int rows = (int) learner.size(0);
        int width = (int) learner.size(1);
        int columns = (int) guide.size(1);
        if (columns != width && columns != width + 1) {
            throw new IllegalArgumentException(
                    "DecoupledLogitsLoss: wanted a guide with one logit per class, [N, " + width
                            + "], or besides a last column of class numbers, got " + Arrays.toString(guide.shape())
                            + "; both must have one logit per class, of the same classes");
        }
        ThreadBuffers buffers = ThreadBuffers.of(DecoupledLogitsLoss.class);
        double[] t = buffers.doubles(0, rows * columns);
        double[] s = buffers.doubles(1, rows * width);
        double[] p = buffers.doubles(2, width);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            System.arraycopy(t, i * columns, p, 0, width);
            int own = columns == width ? -1 : ClassLabels.number(t[i * columns + width], i, width);
            sum += row(p, own < 0 ? largest(p, width) : own, s, i * width, width, temperature / rows);
        }
        double value = rows == 0 ? 0 : temperature * temperature * sum / rows;
        return new LossValue(value, ArrayCopy.result(s, rows, width, learner.dataType()));
    }

    private static int largest(double[] x, int width) {
        int best = 0;
        for (int c = 1; c < width; c++) {
            best = x[c] > x[best] ? c : best;
        }
        return best;
    }

    /** The value of a row, whose logits in {@code s} give way to {@code share} · T times their gradient. */
    private double row(double[] p, int y, double[] s, int at, int width, double share) {
        double restOfGuide = logOfRest(p, 0, width, y); // log of the sum over the other classes
        double restOfLearner = logOfRest(s, at, width, y);
        double guideOdds = p[y] / temperature - restOfGuide;
        double learnerOdds = s[at + y] / temperature - restOfLearner;
        double pOwn = sigmoid(guideOdds);
        double value = target
                * ((pOwn == 0 ? 0 : pOwn * (logSigmoid(guideOdds) - logSigmoid(learnerOdds)))
                        + (pOwn == 1 ? 0 : (1 - pOwn) * (logSigmoid(-guideOdds) - logSigmoid(-learnerOdds))));
        double apart = sigmoid(learnerOdds) - pOwn;
        for (int c = 0; c < width; c++) {
            if (c == y) {
                s[at + c] = share * target * apart;
                continue;
            }
            double logP = p[c] / temperature - restOfGuide;
            double logQ = s[at + c] / temperature - restOfLearner;
            double guideRest = Math.exp(logP);
            double learnerRest = Math.exp(logQ);
            value += guideRest == 0 ? 0 : others * guideRest * (logP - logQ);
            s[at + c] = share * (others * (learnerRest - guideRest) - target * apart * learnerRest);
        }
        return value;
    }

    private double logOfRest(double[] x, int at, int width, int y) {
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < width; c++) {
            max = c == y ? max : Math.max(max, x[at + c] / temperature);
        }
        double sum = 0;
        for (int c = 0; c < width; c++) {
            sum += c == y ? 0 : Math.exp(x[at + c] / temperature - max);
        }
        return max + Math.log(sum);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double logSigmoid(double x) {
        return x < 0 ? x - Math.log1p(Math.exp(x)) : -Math.log1p(Math.exp(-x));
    }
}
