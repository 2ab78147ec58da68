package io.github.horkd.loss;

import io.github.horkd.internal.rows.RowProducts;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/** The rows that a batch is compared with: as they are, brought to length 1, and which of them belong together. */
final class BankRows {

    /** Rows that a temperature is set by: enough for three digits. */
    private static final int ROWS_LOOKED_AT = 256;

    /** This thread's, for batches that are their own bank. */
    private static final ThreadLocal<SoftReference<BankRows>> OF_BATCH = new ThreadLocal<>();

    private final RowGroups groups = new RowGroups();
    private final Map<Double, Double> temperatures;
    private float[] rows = {};
    private int count;
    private int width;
    private RowProducts unit;
    /** Further rows by which samples come, that are no rows of the bank, and which of the bank's rows are then their own. */
    private RowGroups views;

    private int[][] ownOfViews;

    private BankRows(Map<Double, Double> temperatures) {
        this.temperatures = temperatures;
    }

    /** Rows that stay, of which several may show one image; {@code images} may be null. The array is kept. */
    static BankRows of(float[] rows, int count, int width, int[] images) {
        BankRows held = new BankRows(new ConcurrentHashMap<>());
        held.hold(rows, count, width, images);
        return held;
    }

    /** A batch as its own bank, until this thread asks for the next one. */
    static BankRows ofBatch(float[] guide, int count, int width) {
        SoftReference<BankRows> last = OF_BATCH.get();
        BankRows held = last == null ? null : last.get();
        if (held == null) {
            held = new BankRows(null);
            OF_BATCH.set(new SoftReference<>(held));
        }
        held.hold(guide, count, width, null);
        return held;
    }

    private void hold(float[] values, int rowCount, int rowWidth, int[] images) {
        rows = values;
        count = rowCount;
        width = rowWidth;
        groups.hold(rows, count, width, images);
        float[] units = ThreadBuffers.of(BankRows.class).floats(0, count * width);
        for (int i = 0; i < count; i++) {
            BankSoftmax.unit(rows, i, width, units);
        }
        if (unit != null) {
            unit.close();
        }
        unit = RowProducts.with(units, count, width);
    }

    /** The same rows, whose samples may come by other rows too. */
    BankRows withViews(float[] values, int[][] own) {
        BankRows viewed = new BankRows(temperatures);
        viewed.rows = rows;
        viewed.count = count;
        viewed.width = width;
        viewed.unit = unit;
        viewed.groups.share(groups);
        viewed.views = new RowGroups();
        viewed.views.hold(values, own.length, width, null);
        viewed.ownOfViews = own;
        return viewed;
    }

    /** The bank's rows that are a sample's own, some perhaps twice. */
    void eachOwn(float[] guide, int row, IntConsumer held) {
        groups.each(groups.find(guide, row), held);
        if (views != null) {
            views.each(views.find(guide, row), view -> {
                for (int own : ownOfViews[view]) {
                    groups.each(own, held);
                }
            });
        }
    }

    /** Whether a row is one of these, or a view of one. */
    boolean knows(float[] guide, int row) {
        boolean[] any = {false};
        eachOwn(guide, row, own -> any[0] = true);
        return any[0];
    }

    int count() {
        return count;
    }

    int width() {
        return width;
    }

    /** The rows as they are; the array may be longer. */
    float[] rows() {
        return rows;
    }

    /** The rows brought to length 1. */
    RowProducts unit() {
        return unit;
    }

    RowGroups groups() {
        return groups;
    }

    /** See {@link Temperature}; measured once for rows that stay. */
    double temperature(double perplexity) {
        return temperatures == null ? measured(perplexity) : temperatures.computeIfAbsent(perplexity, this::measured);
    }

    /**
     * By bisection. Where there are too few other rows for so high a perplexity, it is taken to be half their number.
     */
    private double measured(double perplexity) {
        int looked = Math.min(count, ROWS_LOOKED_AT);
        ThreadBuffers scratch = ThreadBuffers.of(RowProducts.class);
        float[] cosines = scratch.floats(0, looked * count);
        float[] some = scratch.floats(1, looked * width);
        float[] exps = scratch.floats(2, count);
        for (int i = 0; i < looked; i++) {
            BankSoftmax.unit(rows, row(i, looked), width, some, i);
        }
        unit.products(some, looked, cosines);
        int others = 0;
        for (int i = 0; i < looked; i++) {
            int own = row(i, looked);
            int at = own;
            int left = count;
            do {
                cosines[i * count + at] = BankSoftmax.LEFT_OUT;
                left--;
                at = groups.next(at);
            } while (at != own);
            others = Math.max(others, left);
        }
        double wanted = Math.log(Math.min(perplexity, (others + 1) / 2.0));
        return Temperature.where(temperature -> meanEntropy(cosines, looked, temperature, exps) < wanted);
    }

    private int row(int i, int looked) {
        return (int) ((long) i * count / looked);
    }

    private double meanEntropy(float[] cosines, int looked, double temperature, float[] exps) {
        double sum = 0;
        for (int i = 0; i < looked; i++) {
            int at = i * count;
            System.arraycopy(cosines, at, exps, 0, count);
            float max = FloatRows.max(exps, count);
            if (max == BankSoftmax.LEFT_OUT) {
                continue;
            }
            FloatRows.exp(exps, count, max, (float) (1 / temperature));
            double all = 0;
            double product = 0;
            for (int j = 0; j < count; j++) {
                if (cosines[at + j] != BankSoftmax.LEFT_OUT) {
                    all += exps[j];
                    product += exps[j] * (cosines[at + j] - max);
                }
            }
            sum += Math.log(all) - product / all / temperature;
        }
        return sum / looked;
    }
}
