package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.loss.BankSoftmax.Target;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What {@link BankSoftmax} computes, in double precision and plain loops: for gradient checks. */
final class DoubleBankSoftmax {

    private final BankRows rows;
    private final Target target;
    private final int n;
    private final int width;
    private final double temperature;
    /** The margin of a target in the bank; against noise the noise κ, 0 when the guide's row sets it. */
    private final double margin;

    DoubleBankSoftmax(BankRows rows, Target target, int n, int width, double temperature, double margin) {
        this.rows = rows;
        this.target = target;
        this.n = n;
        this.width = width;
        this.temperature = temperature;
        this.margin = margin;
    }

    LossValue compare(INDArray guide, INDArray learner, boolean bankIsBatch) {
        double[] t = units(ArrayCopy.doubles(guide));
        double[] raw = ArrayCopy.doubles(learner);
        double[] s = units(raw.clone());
        double[] bank = t;
        if (!bankIsBatch) {
            bank = new double[rows.count() * width];
            for (int i = 0; i < bank.length; i++) {
                bank[i] = rows.rows()[i];
            }
            bank = units(bank);
        }
        float[] narrow = ArrayCopy.floats(guide);
        double[] gradient = new double[n * width];
        double sum = 0;
        int counted = 0;
        for (int i = 0; i < n; i++) {
            var owned = new OwnRows();
            rows.eachOwn(narrow, i, owned);
            counted += owned.count > 0 ? 1 : 0;
            sum += target == Target.OWN_IN_BANK
                    ? againstBank(i, owned, s, bank, gradient)
                    : row(i, narrow, t, s, bank, gradient);
        }
        double scale = target == Target.OWN_IN_BANK ? (double) n / Math.max(1, counted) : 1;
        double[] lengths = new double[n];
        for (int i = 0; i < n; i++) {
            lengths[i] = Math.sqrt(dot(raw, i, raw, i));
        }
        double least = ShortRows.leastLength(lengths, n);
        for (int i = 0; i < n; i++) {
            double along = dot(s, i, gradient, i);
            for (int d = i * width; d < (i + 1) * width; d++) {
                gradient[d] = lengths[i] == 0 ? 0 : (gradient[d] - along * s[d]) / Math.max(lengths[i], least) * scale;
            }
        }
        return new LossValue(n == 0 ? 0 : sum / n * scale, ArrayCopy.result(gradient, n, width, learner.dataType()));
    }

    private double againstBank(int i, OwnRows owned, double[] s, double[] bank, double[] gradient) {
        int count = rows.count();
        if (owned.count == 0) {
            return 0;
        }
        double[] slopes = new double[count];
        for (int j = 0; j < count; j++) {
            slopes[j] = dot(s, i, bank, j) / temperature;
        }
        for (int k = 0; k < owned.count; k++) {
            slopes[owned.rows[k]] -= margin / temperature;
            owned.logits[k] = slopes[owned.rows[k]];
        }
        double logOwn = owned.softmax();
        double all = logSum(slopes);
        for (int j = 0; j < count; j++) {
            slopes[j] = Math.exp(slopes[j] - all);
        }
        for (int k = 0; k < owned.count; k++) {
            slopes[owned.rows[k]] -= owned.logits[k];
        }
        for (int j = 0; j < count; j++) {
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += slopes[j] * bank[j * width + d] / (n * temperature);
            }
        }
        return all - logOwn;
    }

    private double row(int i, float[] narrow, double[] t, double[] s, double[] bank, double[] gradient) {
        int count = rows.count();
        double[] toBank = new double[count + 1];
        double[] guideToBank = new double[count + 1];
        for (int j = 0; j < count; j++) {
            toBank[j] = dot(s, i, bank, j) / temperature;
            guideToBank[j] = dot(t, i, bank, j) / temperature;
        }
        rows.eachOwn(narrow, i, held -> {
            toBank[held] = Double.NEGATIVE_INFINITY;
            guideToBank[held] = Double.NEGATIVE_INFINITY;
        });
        boolean without = target == Target.GUIDE_WITHOUT_OWN;
        toBank[count] = without ? Double.NEGATIVE_INFINITY : dot(s, i, t, i) / temperature;
        guideToBank[count] = without ? Double.NEGATIVE_INFINITY : dot(t, i, t, i) / temperature;
        if (target == Target.NOISE) {
            return againstNoise(i, toBank, guideToBank, t, bank, gradient);
        }
        double allQ = logSum(toBank);
        double allP = logSum(guideToBank);
        if (allP == Double.NEGATIVE_INFINITY) {
            return 0;
        }
        double value = 0;
        for (int j = 0; j <= count; j++) {
            double p = target == Target.OWN ? j == count ? 1 : 0 : Math.exp(guideToBank[j] - allP);
            double q = Math.exp(toBank[j] - allQ);
            if (p != 0) { // NaN stays NaN
                value += p * ((target == Target.OWN ? 0 : guideToBank[j] - allP) - (toBank[j] - allQ));
            }
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] +=
                        (q - p) * (j == count ? t[i * width + d] : bank[j * width + d]) / (n * temperature);
            }
        }
        return value;
    }

    private double againstNoise(
            int i, double[] toBank, double[] guideToBank, double[] t, double[] bank, double[] gradient) {
        int count = rows.count();
        guideToBank[count] = Double.NEGATIVE_INFINITY;
        double logNoise = margin == 0 ? logSum(guideToBank) : Math.log(margin);
        double own = toBank[count] - logNoise;
        double value = Critic.softplus(-own);
        for (int j = 0; j <= count; j++) {
            if (toBank[j] == Double.NEGATIVE_INFINITY) {
                continue;
            }
            double x = toBank[j] - logNoise;
            value += j == count ? 0 : Critic.softplus(x);
            double slope = (j == count ? -Critic.logistic(-own) : Critic.logistic(x)) / (n * temperature);
            for (int d = 0; d < width; d++) {
                gradient[i * width + d] += slope * (j == count ? t[i * width + d] : bank[j * width + d]);
            }
        }
        return value;
    }

    private static double logSum(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        if (max == Double.NEGATIVE_INFINITY) {
            return max;
        }
        double sum = 0;
        for (double value : x) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }

    private double dot(double[] x, int i, double[] y, int j) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += x[i * width + d] * y[j * width + d];
        }
        return sum;
    }

    private double[] units(double[] x) {
        for (int i = 0; i < x.length / width; i++) {
            double length = Math.sqrt(dot(x, i, x, i));
            for (int d = i * width; d < (i + 1) * width; d++) {
                x[d] = length == 0 ? 0 : x[d] / length;
            }
        }
        return x;
    }
}
