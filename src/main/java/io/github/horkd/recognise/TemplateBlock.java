package io.github.horkd.recognise;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

/**
 * Some templates, each with the number of its identity, −1 where it was removed. Immutable to whoever holds it: what is appended stands behind the rows that
 * others see, and removing marks a copy of the numbers. So galleries that follow one another share their values.
 *
 * @param claimed how many rows of the values are taken, by whatever gallery
 * @param count   how many rows belong to this one, the removed ones among them
 * @param live    how many rows are not removed
 */
record TemplateBlock(BlockValues values, int[] owners, AtomicInteger claimed, int count, int live) {

    /** Products with so many rows stay in the first cache. A multiple of four: {@link BlockValues#rows}. */
    static final int MOST = 2032;

    private static final int FEWEST = 16;
    private static final int GROWTH = 4;
    private static final int REMOVED = -1;

    static TemplateBlock first(TemplatePrecision precision, int width) {
        return of(precision, width, FEWEST);
    }

    static TemplateBlock further(TemplatePrecision precision, int width) {
        return of(precision, width, MOST);
    }

    private static TemplateBlock of(TemplatePrecision precision, int width, int rows) {
        return new TemplateBlock(precision.values(width, rows), new int[rows], new AtomicInteger(), 0, 0);
    }

    boolean full() {
        return count == MOST;
    }

    boolean has(int row) {
        return owners[row] != REMOVED;
    }

    /** With one row more; this must not be full. */
    TemplateBlock with(TemplatePrecision precision, float[] unitRow, int at, int owner) {
        if (count == values.rows || !claimed.compareAndSet(count, count + 1)) {
            // Grown out of, or another gallery went on from the same rows.
            return copy(precision, count == values.rows ? Math.min(MOST, GROWTH * count) : values.rows)
                    .with(precision, unitRow, at, owner);
        }
        values.write(count, unitRow, at);
        owners[count] = owner;
        return new TemplateBlock(values, owners, claimed, count + 1, live + 1);
    }

    private TemplateBlock copy(TemplatePrecision precision, int rows) {
        TemplateBlock copy = of(precision, values.width, rows);
        float[] row = new float[values.width];
        for (int r = 0; r < count; r++) {
            if (has(r)) {
                values.read(r, row, 0);
                copy = copy.with(precision, row, 0, owners[r]);
            }
        }
        return copy;
    }

    /** Without the rows of some identities. What is mostly holes afterwards is copied without them. */
    TemplateBlock without(TemplatePrecision precision, IntPredicate gone) {
        int[] left = null;
        int many = live;
        for (int r = 0; r < count; r++) {
            if (has(r) && gone.test(owners[r])) {
                left = left == null ? owners.clone() : left;
                left[r] = REMOVED;
                many--;
            }
        }
        if (left == null) {
            return this;
        }
        // Its own numbers now: what was appended to the others would not be seen, so nobody may append to the values
        // any more.
        TemplateBlock marked = new TemplateBlock(values, left, new AtomicInteger(values.rows), count, many);
        return many < count / 2 ? marked.copy(precision, Math.max(FEWEST, Math.min(MOST, GROWTH * many))) : marked;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "TemplateBlock[" + live + " of " + count + ", "
                + Arrays.stream(owners, 0, count).distinct().count() + "]";
    }
}
