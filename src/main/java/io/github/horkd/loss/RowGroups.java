package io.github.horkd.loss;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which rows belong together: those of one image, or those that are equal. A row is found by its values, known by 64 bits made of them, so that a pool of views need not
 * be kept: among a million rows two different ones are taken for one with a probability of 3e-8.
 */
final class RowGroups {

    /** None. */
    static final int NONE = -1;

    /** What each row is known by. */
    private long[] keys = {};

    private int width;
    private int count;
    /** Row + 1 at the place of its hash, or at the next one that was free. */
    private int[] table = {};
    /** The length of the table in use less 1: a power of two less 1. */
    private int mask;
    /** The next row of the same group, in a ring. */
    private int[] next = {};

    /** Takes on rows, of which those with equal {@code images} belong together; null when there are no images. */
    void hold(float[] values, int rowCount, int rowWidth, int[] images) {
        count = rowCount;
        width = rowWidth;
        int length = Math.max(2, Integer.highestOneBit(count) << 2);
        mask = length - 1;
        if (table.length < length) {
            table = new int[length];
        }
        if (next.length < count) {
            next = new int[count];
        }
        if (keys.length < count) {
            keys = new long[count];
        }
        Arrays.fill(table, 0, length, 0);
        for (int row = 0; row < count; row++) {
            next[row] = row;
            keys[row] = key(values, row);
            int place = place(values, row);
            if (table[place] == 0) {
                table[place] = row + 1;
            } else {
                join(table[place] - 1, row);
            }
        }
        if (images != null) {
            joinImages(images);
        }
    }

    /** Joins the rings of rows that show one image. */
    private void joinImages(int[] images) {
        Integer[] order = new Integer[images.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Integer.compare(images[a], images[b]));
        for (int i = 1; i < order.length; i++) {
            if (images[order[i]] == images[order[i - 1]] && !together(order[i], order[i - 1])) {
                join(order[i - 1], order[i]);
            }
        }
    }

    private boolean together(int row, int other) {
        for (int at = next[row]; at != row; at = next[at]) {
            if (at == other) {
                return true;
            }
        }
        return row == other;
    }

    /** Makes one ring of two. */
    private void join(int row, int other) {
        int after = next[row];
        next[row] = next[other];
        next[other] = after;
    }

    /** The first row with these values, or {@link #NONE}. */
    int find(float[] values, int row) {
        return count == 0 ? NONE : table[place(values, row)] - 1;
    }

    /** The row and all of its group; nothing for {@link #NONE}. */
    void each(int first, IntConsumer row) {
        if (first == NONE) {
            return;
        }
        int at = first;
        do {
            row.accept(at);
            at = next[at];
        } while (at != first);
    }

    /** Takes on what another holds, which must not change any more. */
    void share(RowGroups other) {
        keys = other.keys;
        width = other.width;
        count = other.count;
        table = other.table;
        mask = other.mask;
        next = other.next;
    }

    /** Another row of the same group; going on from it leads back in the end. */
    int next(int row) {
        return next[row];
    }

    private int place(float[] values, int row) {
        long key = key(values, row);
        int place = (int) (key ^ key >>> 32) & mask;
        while (table[place] != 0 && keys[table[place] - 1] != key) {
            place = place + 1 & mask;
        }
        return place;
    }

    private long key(float[] values, int row) {
        long key = width;
        for (int d = row * width; d < (row + 1) * width; d++) {
            key = (key ^ Float.floatToIntBits(values[d] + 0f)) * 0x9E3779B97F4A7C15L; // + 0: one zero of the two
            key ^= key >>> 32;
        }
        return key;
    }
}
