package io.github.horkd.loss;

import java.lang.ref.SoftReference;
import java.util.SplittableRandom;

/**
 * Which rows make up the relations of one order: an anchor, then the far ends of its edges. Swapping the first two ends changes
 * no relation, nor does any order among the rest, so each such set is there once. All of them when they fit the budget, otherwise as
 * many as the budget says, drawn with a seed. One thread keeps its last set.
 */
final class Tuples {

    private static final ThreadLocal<SoftReference<Tuples>> OF_THREAD = new ThreadLocal<>();

    private final int order;
    private final int rows;
    private final int budget;
    private final long seed;
    private final int[] members;
    private int count;

    private Tuples(int order, int rows, int budget, long seed) {
        this.order = order;
        this.rows = rows;
        this.budget = budget;
        this.seed = seed;
        double all = all(order, rows);
        members = new int[Math.multiplyExact((int) Math.min(all, budget), order)];
        if (all <= budget) {
            enumerate(new int[order], 0);
        } else {
            draw(new SplittableRandom(seed));
        }
    }

    static Tuples of(int order, int rows, int budget, long seed) {
        SoftReference<Tuples> held = OF_THREAD.get();
        Tuples last = held == null ? null : held.get();
        if (last == null || last.order != order || last.rows != rows || last.budget != budget || last.seed != seed) {
            last = new Tuples(order, rows, budget, seed);
            OF_THREAD.set(new SoftReference<>(last));
        }
        return last;
    }

    int order() {
        return order;
    }

    int count() {
        return count;
    }

    /** The anchor of a tuple. */
    int anchor(int tuple) {
        return members[tuple * order];
    }

    /** The far end of one of its order − 1 edges. */
    int end(int tuple, int edge) {
        return members[tuple * order + 1 + edge];
    }

    /** Anchors, times unordered first ends, times sets of further ends. */
    static double all(int order, int rows) {
        double all = order == 2 ? (double) rows * (rows - 1) : (double) rows * (rows - 1) * (rows - 2) / 2;
        for (int i = 0; i < order - 3; i++) {
            all = all * (rows - 3 - i) / (i + 1);
        }
        return rows < order ? 0 : all;
    }

    private void enumerate(int[] tuple, int chosen) {
        if (chosen == order) {
            System.arraycopy(tuple, 0, members, order * count++, order);
            return;
        }
        // members 1, 2 ascend among themselves, and so do members 3 and up
        int from = chosen == 2 || chosen > 3 ? tuple[chosen - 1] + 1 : 0;
        for (int row = from; row < rows && count * order < members.length; row++) {
            if (isNew(tuple, chosen, row)) {
                tuple[chosen] = row;
                enumerate(tuple, chosen + 1);
            }
        }
    }

    private void draw(SplittableRandom random) {
        int[] tuple = new int[order];
        while (count * order < members.length) {
            for (int chosen = 0; chosen < order; chosen++) {
                int row = random.nextInt(rows);
                while (!isNew(tuple, chosen, row)) {
                    row = random.nextInt(rows);
                }
                tuple[chosen] = row;
            }
            System.arraycopy(tuple, 0, members, order * count++, order);
        }
    }

    private static boolean isNew(int[] tuple, int chosen, int row) {
        for (int i = 0; i < chosen; i++) {
            if (tuple[i] == row) {
                return false;
            }
        }
        return true;
    }
}
