package io.github.horkd.loss;

/**
 * How hard a row that is hardly there may pull. On the way back from a unit row to the row itself a gradient is divided by the row's length, so one row of length 1e-20 would pull
 * 1e20 times as hard as its neighbours. Rows shorter than a hundredth of the batch's median length are divided by that hundredth instead: they pull a hundred times as hard as a row
 * of that length at most. Values and the gradients of all other rows are what they were.
 */
final class ShortRows {

    private static final double LEAST = 0.01;

    private ShortRows() {}

    /** The least length to divide by, above 0 when any row is. */
    static double leastLength(double[] lengths, int count) {
        double[] present = ThreadBuffers.of(ShortRows.class).doubles(0, count);
        int some = 0;
        for (int i = 0; i < count; i++) {
            if (lengths[i] > 0) {
                present[some++] = lengths[i];
            }
        }
        return some == 0 ? 0 : LEAST * TypicalDistance.select(present, some, some / 2);
    }
}
