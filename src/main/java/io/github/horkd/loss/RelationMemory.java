package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Another loss, over the batch and the batches before it: small batches then see many relations.
 * <pre>  L(s, t) = loss( [s; s_past], [t; t_past] ),   ∂L/∂s of the batch's own rows only</pre>
 *
 * <p>Shapes as the inner loss wants them, of one width throughout. The most recent {@code rows} rows of guide and learner are kept, the oldest
 * go first. What is remembered is constant, and takes its share of the inner loss's mean: with N rows of M + N the gradient on the
 * batch is smaller, so raise the weight by about (M + N)/N.
 *
 * <p>Blind to what the inner loss is blind to, as far as the remembered rows change with the batch: while a network learns, its older embeddings stay where
 * they were. It takes batches of any size ({@link #smallestBatch()} is 1), as the past makes up for small ones; until there is enough of it, the inner loss says 0.
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

    /** Rows of earlier batches, the oldest last, guide and learner. */
    private final transient Store guidePast = new Store();

    private final transient Store learnerPast = new Store();

    /** The newest batch, which joins the past when another one comes. */
    private final transient Store guideNow = new Store();

    private final transient Store learnerNow = new Store();

    /** Rows of one width; its array is kept when they go. */
    private static final class Store {
        private double[] values = {};
        private int rows;
        private int width;

        void take(double[] batch, int count, int columns) {
            if (values.length < count * columns) {
                values = new double[count * columns];
            }
            System.arraycopy(batch, 0, values, 0, count * columns);
            rows = count;
            width = columns;
        }

        /** Puts other rows in front and lets go of the last ones over the limit. */
        void push(Store newest, int limit) {
            if (values.length < limit * newest.width) {
                values = Arrays.copyOf(values, limit * newest.width);
            }
            width = newest.width;
            int fresh = Math.min(newest.rows, limit);
            int kept = Math.min(rows, limit - fresh);
            System.arraycopy(values, 0, values, fresh * width, kept * width);
            System.arraycopy(newest.values, 0, values, 0, fresh * width);
            rows = fresh + kept;
        }

        /** Whether the newest rows can join these. */
        boolean fits(Store newest) {
            return rows == 0 || newest.rows > 0 && width == newest.width;
        }

        boolean holds(double[] batch, int count, int columns) {
            return rows == count
                    && width == columns
                    && Arrays.equals(values, 0, count * columns, batch, 0, count * columns);
        }
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
    public boolean needsEqualWidths() {
        return loss.needsEqualWidths();
    }

    @Override
    public boolean takesLogits() {
        return loss.takesLogits();
    }

    @Override
    public boolean readsClasses() {
        return loss.readsClasses();
    }

    @Override
    public boolean comparesWithClasses() {
        return loss.comparesWithClasses();
    }

    @Override
    public boolean usesBank() {
        return loss.usesBank();
    }

    @Override
    public OptionalInt knownToBank(INDArray guide) {
        return loss.knownToBank(guide);
    }

    /** A new memory, empty. */
    @Override
    public BatchLoss withBank(Bank bank) {
        return new RelationMemory(loss.withBank(bank), rows);
    }

    @Override
    public synchronized LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.batch(guide, learner);
        int n = (int) learner.size(0);
        int widthT = (int) guide.size(1);
        int widthS = (int) learner.size(1);
        if (guideNow.rows > 0 && (guideNow.width != widthT || learnerNow.width != widthS)) {
            throw new IllegalArgumentException("RelationMemory: wanted widths as remembered, guide " + guideNow.width
                    + " and learner " + learnerNow.width + ", got " + widthT + " and " + widthS
                    + "; call reset() when a stage begins");
        }
        ThreadBuffers scratch = ThreadBuffers.of(RelationMemory.class);
        double[] t = scratch.doubles(0, (n + rows) * widthT);
        double[] s = scratch.doubles(1, (n + rows) * widthS);
        ArrayCopy.read(guide, t);
        ArrayCopy.read(learner, s);
        if (guideNow.rows > 0 && !guideNow.holds(t, n, widthT)) {
            guidePast.push(guideNow, rows);
            learnerPast.push(learnerNow, rows);
        }
        guideNow.take(t, n, widthT);
        learnerNow.take(s, n, widthS);
        System.arraycopy(guidePast.values, 0, t, n * widthT, guidePast.rows * widthT);
        System.arraycopy(learnerPast.values, 0, s, n * widthS, learnerPast.rows * widthS);
        int count = n + guidePast.rows;
        LossValue value = loss.lossAndGradient(
                ArrayCopy.result(t, count, widthT, guide.dataType()),
                ArrayCopy.result(s, count, widthS, learner.dataType()));
        double[] gradient =
                scratch.doubles(1, count * widthS); // asked for again: the inner loss may be a memory itself
        ArrayCopy.read(value.gradient(), gradient);
        return new LossValue(value.value(), ArrayCopy.result(gradient, n, widthS, learner.dataType()));
    }

    /** How many past rows a new batch meets. */
    synchronized int remembered() {
        return guidePast.rows;
    }

    @Override
    public synchronized void writeState(DataOutput out) throws IOException {
        for (Store store : stores()) {
            out.writeInt(store.width);
            RowState.write(out, store.values, store.rows * store.width);
        }
        loss.writeState(out);
    }

    @Override
    public synchronized void readState(DataInput in) throws IOException {
        for (Store store : stores()) {
            store.width = RowState.count(in);
            store.values = RowState.doubles(in);
            store.rows = store.width == 0 ? 0 : store.values.length / store.width;
            if (store.rows * store.width != store.values.length) {
                throw new IOException("a memory of " + store.values.length + " values in rows of " + store.width);
            }
        }
        if (!guidePast.fits(guideNow) || !learnerPast.fits(learnerNow)) {
            throw new IOException("a memory whose rows are not as wide as its newest ones");
        }
        if (guidePast.rows > rows || guidePast.rows != learnerPast.rows || guideNow.rows != learnerNow.rows) {
            throw new IOException("a memory of " + guidePast.rows + " and " + learnerPast.rows
                    + " rows, where there is room for " + rows);
        }
        loss.readState(in);
    }

    private Store[] stores() {
        return new Store[] {guidePast, learnerPast, guideNow, learnerNow};
    }

    @Override
    public synchronized void reset() {
        for (Store store : stores()) {
            store.rows = 0;
        }
        loss.reset();
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
