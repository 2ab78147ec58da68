package io.github.horkd.loss;

/** The half j &lt; i of a square, cut into parts of about equal size. */
final class Triangle {

    private Triangle() {
    }

    /** The first row of a part; part {@code parts} would begin at {@code rows}. */
    static int from(int part, int parts, int rows) {
        return part == parts ? rows : (int) Math.round(rows * Math.sqrt((double) part / parts));
    }

    /** What the rows from {@code from} to {@code to} of the half come to. */
    interface Range {
        double over(int from, int to);
    }

    /** The sum over all rows; where they are many, several threads do a range each. */
    static double sum(int rows, Range range) {
        int parts = LossThreads.partsFor(rows);
        return LossThreads.sum(parts, part -> range.over(from(part, parts, rows), from(part + 1, parts, rows)));
    }
}
