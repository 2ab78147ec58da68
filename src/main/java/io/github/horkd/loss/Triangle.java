package io.github.horkd.loss;

import io.github.horkd.internal.parallel.ForkJoin;

/** The half j &lt; i of a square, cut into parts of about equal size. */
final class Triangle {

    private Triangle() {}

    /** The first row of a part; part {@code parts} would begin at {@code rows}. */
    static int from(int part, int parts, int rows) {
        return part == parts ? rows : (int) Math.round(rows * Math.sqrt((double) part / parts));
    }

    /** Work on the rows from {@code from} to {@code to} of the half. */
    interface Work {
        void on(int from, int to);
    }

    /** Work on such rows that comes to something. */
    interface Summand {
        double of(int from, int to);
    }

    /** Does all rows; where they are many, several threads take a range each. */
    static void share(int rows, Work work) {
        int parts = LargeBatch.parts(rows);
        ForkJoin.share(parts, part -> work.on(from(part, parts, rows), from(part + 1, parts, rows)));
    }

    /** The sum over all rows, done in the same way. */
    static double sum(int rows, Summand summand) {
        int parts = LargeBatch.parts(rows);
        return ForkJoin.sum(parts, part -> summand.of(from(part, parts, rows), from(part + 1, parts, rows)));
    }
}
