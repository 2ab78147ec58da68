package io.github.horkd.loss;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Another loss, over the batch and the batches before it: small batches then see many relations.
 * <pre>  L(s, t) = loss( [s; s_past], [t; t_past] ),   ∂L/∂s of the batch's own rows only</pre>
 *
 * <p>Shapes as the inner loss wants them, of one width throughout. The most recent {@code rows} rows of guide and learner are kept, the oldest
 * go first. What is remembered is constant, and takes its share of the inner loss's mean: with N rows of M + N the gradient on the
 * batch is smaller, so raise the weight by about (M + N)/N.
 *
 * <p>A batch whose guide equals the newest one remembered takes that one's place and is not related to itself: asking twice about one
 * step, as DL4J does for gradient and score, changes nothing. A score computed on held-out data is remembered as well.
 * {@link #reset()} when a stage begins. Neither JSON nor model files contain the memory, only its size. Networks that train side by side share it
 * when they share the configuration; calls wait for one another.
 *
 * <p>A class and not a record, as it has a state. The queue goes back to Wang et al., "Cross-Batch Memory for Embedding Learning",
 * CVPR 2020.
 */
public final class RelationMemory implements BatchLoss {

    @JsonProperty
    private final BatchLoss loss;
    @JsonProperty
    private final int rows;
    private final transient Deque<Past> past = new ArrayDeque<>();

    /** Rows of both sides that went through together. */
    private record Past(double[] guide, double[] learner, int rows) {
    }

    /**
     * An empty memory.
     *
     * @param loss what is computed over present and past
     * @param rows how many past rows are kept at most, ≥ 1
     */
    @JsonCreator
    public RelationMemory(@JsonProperty("loss") BatchLoss loss, @JsonProperty("rows") int rows) {
        Checks.present("loss", loss);
        if (rows < 1) {
            throw new IllegalArgumentException("rows: wanted at least 1, got " + rows);
        }
        this.loss = loss;
        this.rows = rows;
    }

    @Override
    public synchronized LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        int n = (int) learner.size(0);
        int widthT = (int) guide.size(1);
        int widthS = (int) learner.size(1);
        double[] t = new double[n * widthT];
        double[] s = new double[n * widthS];
        Rows.read(guide, t);
        Rows.read(learner, s);
        if (!past.isEmpty() && Arrays.equals(past.peekLast().guide(), t)) {
            past.removeLast();
        }
        forget();
        int count = n + remembered();
        double[] allT = Arrays.copyOf(t, count * widthT);
        double[] allS = Arrays.copyOf(s, count * widthS);
        int at = n;
        for (Past each : past) {
            if (each.guide().length != each.rows() * widthT || each.learner().length != each.rows() * widthS) {
                throw new IllegalArgumentException("RelationMemory: wanted widths as remembered, guide "
                        + each.guide().length / each.rows() + " and learner " + each.learner().length / each.rows() + ", got "
                        + widthT + " and " + widthS + "; call reset() when a stage begins");
            }
            System.arraycopy(each.guide(), 0, allT, at * widthT, each.guide().length);
            System.arraycopy(each.learner(), 0, allS, at * widthS, each.learner().length);
            at += each.rows();
        }
        LossValue value = loss.lossAndGradient(Rows.write(allT, count, widthT, guide.dataType()),
                Rows.write(allS, count, widthS, learner.dataType()));
        Rows.read(value.gradient(), allS);
        past.addLast(new Past(t, s, n));
        return new LossValue(value.value(), Rows.write(allS, n, widthS, learner.dataType()));
    }

    /** How many rows are held now, those of the last batch among them. */
    synchronized int remembered() {
        return past.stream().mapToInt(Past::rows).sum();
    }

    @Override
    public synchronized void reset() {
        past.clear();
        loss.reset();
    }

    /** Drops the oldest rows over the limit; not until the next batch has come, so that the same question finds the same past. */
    private void forget() {
        int over = remembered() - rows;
        while (over > 0) {
            Past oldest = past.removeFirst();
            int keep = oldest.rows() - over;
            if (keep > 0) {
                past.addFirst(new Past(youngest(oldest.guide(), keep, oldest.rows()), youngest(oldest.learner(), keep, oldest.rows()), keep));
            }
            over -= oldest.rows();
        }
    }

    private static double[] youngest(double[] values, int keep, int of) {
        return Arrays.copyOfRange(values, values.length - values.length / of * keep, values.length);
    }

    /**
     * Equal when loss and size are; what is remembered does not count.
     *
     * @param other anything
     * @return whether both would be written alike
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof RelationMemory memory && memory.rows == rows && memory.loss.equals(loss);
    }

    @Override
    public int hashCode() {
        return 31 * loss.hashCode() + rows;
    }

    /** Java's own serialisation knows nothing of the past either. */
    private Object readResolve() {
        return new RelationMemory(loss, rows);
    }

    @Override
    public String toString() {
        return "RelationMemory[loss=" + loss + ", rows=" + rows + "]";
    }
}
