package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.internal.rows.RowProducts;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax distributions over a bank of unit rows T. The candidates of sample i are the bank's rows that are not its own and, unless left out, its own row t_i
 * once. With q_ij ∝ exp(⟨ŝ_i, T_j⟩/τ), and a target p_i that is the guide's own distribution or a single 1 at t_i,
 * <pre>  L = mean over i of Σ_j p_ij (log p_ij − log q_ij),   ∂L/∂ŝ_i = Σ_j (q_ij − p_ij) T_j / (N τ)</pre>
 *
 * <p>Of a target in the bank, the candidates are the bank's rows, own ones included, whose cosines are made smaller by a margin: L = −log Σ_own q. Against noise there is no softmax;
 * each candidate is judged by itself.
 *
 * <p>One product with the bank each way and one for the guide, in single precision; a learner in double precision is compared by {@link DoubleBankSoftmax}.
 */
final class BankSoftmax {

    /** The cosine of what is no candidate: its weight is 0 in any softmax. */
    static final float LEFT_OUT = -1e30f;

    /** What the learner's distribution is held against. */
    enum Target {
        /** The guide's distribution, its own row among the candidates. */
        GUIDE,
        /** The guide's distribution over the other rows alone. */
        GUIDE_WITHOUT_OWN,
        /** Its own row. */
        OWN,
        /** Its own rows in the bank, all of them together; the guide's row itself is no candidate. Samples without such rows do not count. */
        OWN_IN_BANK,
        /** Its own row, told from each candidate by itself: see {@link Critic}. */
        NOISE
    }

    /** From so many products on a batch is cut into {@value #PARTS} parts. */
    private static final long WORTH_SHARING = 1 << 18;

    private static final int PARTS = 4;

    private final BankRows rows;
    private final Target target;
    private final int n;
    private final int width;
    private final double temperature;
    /** The margin of a target in the bank; against noise the noise κ, 0 when the guide's row sets it. */
    private final double margin;

    private final double[] values;
    /** 1 for a sample that counts, otherwise 0. */
    private final int[] counts;

    private BankSoftmax(BankRows rows, Target target, int n, int width, double temperature, double margin) {
        this.rows = rows;
        this.target = target;
        this.n = n;
        this.width = width;
        this.temperature = temperature;
        this.margin = margin;
        this.values = ThreadBuffers.of(BankSoftmax.class).doubles(0, n);
        this.counts = ThreadBuffers.of(BankSoftmax.class).ints(0, n);
    }

    static LossValue compare(INDArray guide, INDArray learner, Bank bank, Temperature temperature, Target target) {
        return compare(guide, learner, bank, temperature, target, 0);
    }

    static LossValue compare(
            INDArray guide, INDArray learner, Bank bank, Temperature temperature, Target target, double margin) {
        int n = Math.toIntExact(learner.size(0));
        int width = Math.toIntExact(learner.size(1));
        ThreadBuffers scratch = ThreadBuffers.of(BankSoftmax.class);
        float[] t = scratch.floats(0, n * width);
        ArrayCopy.read(guide, t);
        BankRows rows = bank == null ? BankRows.ofBatch(t, n, width) : bank.rowsFor(t, n, width);
        return learner.dataType() == DataType.DOUBLE
                ? new DoubleBankSoftmax(rows, target, n, width, temperature.over(rows), margin)
                        .compare(guide, learner, bank == null)
                : new BankSoftmax(rows, target, n, width, temperature.over(rows), margin).compare(t, learner);
    }

    private LossValue compare(float[] t, INDArray learner) {
        ThreadBuffers scratch = ThreadBuffers.of(BankSoftmax.class);
        float[] s = scratch.floats(1, n * width);
        float[] guideUnits = scratch.floats(2, n * width);
        float[] learnerUnits = scratch.floats(3, n * width);
        float[] gradient = scratch.floats(4, n * width);
        ArrayCopy.read(learner, s);
        for (int i = 0; i < n; i++) {
            unit(t, i, width, guideUnits);
            unit(s, i, width, learnerUnits);
        }
        int parts = (long) n * rows.count() < WORTH_SHARING ? 1 : Math.min(PARTS, n);
        INDArray room = ForkJoin.share(
                parts,
                part -> rows(n * part / parts, n * (part + 1) / parts, t, guideUnits, learnerUnits, gradient),
                () -> ArrayCopy.uninitialised(n, width, learner.dataType()));
        double sum = 0;
        double scale = (double) n / Math.max(1, counted());
        double[] lengths = scratch.doubles(1, n);
        for (int i = 0; i < n; i++) {
            lengths[i] = Math.sqrt(dot(s, s, i));
        }
        double least = ShortRows.leastLength(lengths, n);
        for (int i = 0; i < n; i++) {
            sum += values[i];
            double factor = lengths[i] == 0 ? 0 : scale / Math.max(lengths[i], least);
            throughUnit(learnerUnits, i, gradient, factor);
        }
        return new LossValue(
                n == 0 ? 0 : sum / n * scale, ArrayCopy.write(gradient, room).castTo(learner.dataType()));
    }

    private int counted() {
        int count = 0;
        for (int i = 0; i < n; i++) {
            count += counts[i];
        }
        return count;
    }

    private boolean usesGuide() {
        return target == Target.GUIDE || target == Target.GUIDE_WITHOUT_OWN || target == Target.NOISE && margin == 0;
    }

    /** Some rows' values and gradients by ŝ. */
    private void rows(int from, int to, float[] t, float[] guideUnits, float[] learnerUnits, float[] gradient) {
        int count = rows.count();
        int some = to - from;
        RowProducts unit = rows.unit();
        ThreadBuffers scratch = ThreadBuffers.of(Target.class);
        float[] s = scratch.floats(0, some * count);
        float[] a = scratch.floats(1, usesGuide() ? some * count : 0);
        float[] part = scratch.floats(2, some * width);
        System.arraycopy(learnerUnits, from * width, part, 0, some * width);
        unit.products(part, some, s);
        if (usesGuide()) {
            System.arraycopy(guideUnits, from * width, part, 0, some * width);
            unit.products(part, some, a);
        }
        float[] own = scratch.floats(3, some); // the gradient by the product with the own row
        float[] sRow = scratch.floats(4, count);
        float[] aRow = scratch.floats(5, count);
        int[] at = scratch.ints(0, 1);
        var owned = new OwnRows();
        var critic = new Critic();
        IntConsumer found = target == Target.OWN_IN_BANK
                ? owned
                : held -> {
                    s[at[0] + held] = LEFT_OUT; // a sample's own rows are no candidates
                    if (usesGuide()) {
                        a[at[0] + held] = LEFT_OUT;
                    }
                };
        for (int i = 0; i < some; i++) {
            at[0] = i * count;
            owned.count = 0;
            rows.eachOwn(t, from + i, found);
            counts[from + i] = target != Target.OWN_IN_BANK || owned.count > 0 ? 1 : 0;
            if (target == Target.OWN_IN_BANK) {
                own[i] = 0;
                againstBank(from + i, s, i * count, owned, sRow);
                continue;
            }
            double toOwn = dot(learnerUnits, guideUnits, from + i);
            own[i] = switch (target) {
                case NOISE -> againstNoise(from + i, s, a, i * count, toOwn, critic);
                case OWN -> againstOwn(from + i, s, i * count, toOwn, sRow);
                default ->
                    againstGuide(from + i, s, a, i * count, toOwn, dot(guideUnits, guideUnits, from + i), sRow, aRow);
            };
        }
        unit.combine(s, some, part);
        for (int i = 0; i < some; i++) {
            for (int d = 0; d < width; d++) {
                gradient[(from + i) * width + d] = part[i * width + d] + own[i] * guideUnits[(from + i) * width + d];
            }
        }
    }

    /** Sets the row's value and puts the gradient by its products in their place. */
    private void againstBank(int row, float[] s, int at, OwnRows owned, float[] q) {
        int count = rows.count();
        if (owned.count == 0) {
            values[row] = 0;
            Arrays.fill(s, at, at + count, 0);
            return;
        }
        for (int i = 0; i < owned.count; i++) {
            s[at + owned.rows[i]] -= (float) margin;
            owned.logits[i] = s[at + owned.rows[i]] / temperature;
        }
        System.arraycopy(s, at, q, 0, count);
        float max = FloatRows.max(q, count);
        FloatRows.exp(q, count, max, (float) (1 / temperature));
        double all = FloatRows.sum(q, count);
        double logOwn = owned.softmax();
        values[row] = Math.log(all) + max / temperature - logOwn;
        for (int i = 0; i < owned.count; i++) {
            q[owned.rows[i]] -= (float) (all * owned.logits[i]);
        }
        float factor = (float) (1 / (n * temperature * all));
        for (int j = 0; j < count; j++) {
            s[at + j] = q[j] * factor;
        }
    }

    /** Sets the row's value, puts the gradient by its products in their place, and returns that by the product with its own row. */
    private float againstOwn(int row, float[] s, int at, double toOwn, float[] q) {
        int count = rows.count();
        System.arraycopy(s, at, q, 0, count);
        float max = (float) Math.max(FloatRows.max(q, count), toOwn);
        FloatRows.exp(q, count, max, (float) (1 / temperature));
        double others = FloatRows.sum(q, count);
        double mine = Math.exp((toOwn - max) / temperature);
        double all = others + mine;
        values[row] = Math.log(all) - (toOwn - max) / temperature;
        float factor = (float) (1 / (n * temperature * all));
        for (int j = 0; j < count; j++) {
            s[at + j] = q[j] * factor;
        }
        return (float) (-others / all / (n * temperature));
    }

    /** The same for a critic that sees one candidate at a time. */
    private float againstNoise(int row, float[] s, float[] a, int at, double toOwn, Critic critic) {
        int count = rows.count();
        double logNoise = margin == 0 ? logOthers(a, at, count) : Math.log(margin);
        double own = toOwn / temperature - logNoise;
        critic.begin();
        for (int j = at; j < at + count; j++) {
            s[j] = s[j] == LEFT_OUT ? 0 : (float) (critic.add(s[j] / temperature - logNoise) / (n * temperature));
        }
        values[row] = Critic.softplus(-own) + critic.sum();
        return (float) (-Critic.logistic(-own) / (n * temperature));
    }

    /** The logarithm of the guide's sum over its candidates. */
    private double logOthers(float[] a, int at, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int j = at; j < at + count; j++) {
            max = a[j] == LEFT_OUT ? max : Math.max(max, a[j]);
        }
        double sum = 0;
        for (int j = at; j < at + count; j++) {
            sum += a[j] == LEFT_OUT ? 0 : Math.exp((a[j] - max) / temperature);
        }
        return sum == 0 ? Double.NEGATIVE_INFINITY : max / temperature + Math.log(sum);
    }

    private float againstGuide(
            int row, float[] s, float[] a, int at, double toOwn, double ownToOwn, float[] sRow, float[] aRow) {
        int count = rows.count();
        boolean withOwn = target == Target.GUIDE;
        System.arraycopy(s, at, sRow, 0, count);
        System.arraycopy(a, at, aRow, 0, count);
        float maxS = FloatRows.max(sRow, count);
        float maxA = FloatRows.max(aRow, count);
        if (withOwn) {
            maxS = (float) Math.max(maxS, toOwn);
            maxA = (float) Math.max(maxA, ownToOwn);
        }
        if (maxA == LEFT_OUT) { // nobody to compare with
            Arrays.fill(s, at, at + count, 0);
            values[row] = 0;
            return 0;
        }
        float cold = (float) (1 / temperature);
        FloatRows.exp(sRow, count, maxS, cold);
        FloatRows.exp(aRow, count, maxA, cold);
        double ownS = withOwn ? Math.exp((toOwn - maxS) / temperature) : 0;
        double ownA = withOwn ? Math.exp((ownToOwn - maxA) / temperature) : 0;
        double allS = FloatRows.sum(sRow, count) + ownS;
        double allA = FloatRows.sum(aRow, count) + ownA;
        double apart = ownA * (ownToOwn - toOwn);
        double sum = 0;
        double other = 0;
        int j = 0;
        for (; j + 1 < count; j += 2) {
            sum += aRow[j] * (a[at + j] - s[at + j]);
            other += aRow[j + 1] * (a[at + j + 1] - s[at + j + 1]);
        }
        for (; j < count; j++) {
            sum += aRow[j] * (a[at + j] - s[at + j]);
        }
        apart = (apart + sum + other) / allA - ((double) maxA - maxS);
        values[row] = apart / temperature + Math.log(allS / allA);
        float q = (float) (1 / (n * temperature * allS));
        float p = (float) (1 / (n * temperature * allA));
        for (int k = 0; k < count; k++) {
            s[at + k] = sRow[k] * q - aRow[k] * p;
        }
        return (float) ((ownS / allS - ownA / allA) / (n * temperature));
    }

    private double dot(float[] x, float[] y, int row) {
        double sum = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            sum += (double) x[d] * y[d];
        }
        return sum;
    }

    /** A row divided by its length; a row of zeros stays one. */
    static void unit(float[] x, int row, int width, float[] into) {
        unit(x, row, width, into, row);
    }

    /** The same to another row. */
    static void unit(float[] x, int row, int width, float[] into, int intoRow) {
        double squares = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            squares += (double) x[d] * x[d];
        }
        double scale = squares == 0 ? 0 : 1 / Math.sqrt(squares);
        for (int d = row * width; d < (row + 1) * width; d++) {
            into[(intoRow - row) * width + d] = (float) (x[d] * scale);
        }
    }

    /** From ∂L/∂ŝ to ∂L/∂s, in place. */
    private void throughUnit(float[] units, int row, float[] gradient, double factor) {
        double along = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            along += (double) units[d] * gradient[d];
        }
        for (int d = row * width; d < (row + 1) * width; d++) {
            gradient[d] = (float) ((gradient[d] - along * units[d]) * factor);
        }
    }
}
