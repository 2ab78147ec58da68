package io.github.horkd.internal.rows;

import java.util.Arrays;

/** How alike a row is to its nearest of some rows: the mean of its K largest cosines with them. Safe to use from several threads. */
public final class NearestMean {

    private final UnitRows rows;
    private final int nearest;
    /** In native memory; made when it is first asked for. */
    private volatile RowProducts products;

    /**
     * Of some rows.
     *
     * @param rows    at least {@code nearest}
     * @param nearest K, at least 1
     */
    public NearestMean(UnitRows rows, int nearest) {
        this.rows = rows;
        this.nearest = nearest;
    }

    /** The rows that others are compared with. */
    public UnitRows rows() {
        return rows;
    }

    /** The mean of each row's K largest cosines. */
    public float[] of(UnitRows others) {
        others.wantSameWidth(rows);
        return of(others.values(), others.count());
    }

    /** The mean of the K largest cosines of each of the first {@code count} rows, which are of unit length. */
    public float[] of(float[] unitRows, int count) {
        float[] means = new float[count];
        float[] largest = new float[nearest];
        products().forEach(unitRows, count, (row, cosines, at) -> means[row] = mean(cosines, at, largest));
        return means;
    }

    private RowProducts products() {
        RowProducts known = products;
        if (known == null) {
            synchronized (this) {
                known = products;
                if (known == null) {
                    known = RowProducts.with(rows.values(), rows.count(), rows.width());
                    products = known;
                }
            }
        }
        return known;
    }

    /** {@code largest} is a heap whose first is the least of those kept. */
    private float mean(float[] cosines, int at, float[] largest) {
        System.arraycopy(cosines, at, largest, 0, nearest);
        // In order, least first, which is a heap.
        Arrays.sort(largest);
        for (int j = nearest; j < rows.count(); j++) {
            float cosine = cosines[at + j];
            if (cosine > largest[0]) {
                sink(largest, cosine);
            }
        }
        // Sorted, so that the sum does not depend on the order of the rows.
        Arrays.sort(largest);
        double sum = 0;
        for (float cosine : largest) {
            sum += cosine;
        }
        return (float) (sum / nearest);
    }

    private static void sink(float[] heap, float value) {
        int at = 0;
        for (int child = 1; child < heap.length; child = 2 * at + 1) {
            if (child + 1 < heap.length && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = value;
    }
}
