package io.github.horkd.loss;

/** The half j &lt; i of a square, cut into parts of about equal size. */
final class Triangle {

    private Triangle() {
    }

    /** The first row of a part; part {@code parts} would begin at {@code rows}. */
    static int from(int part, int parts, int rows) {
        return part == parts ? rows : (int) Math.round(rows * Math.sqrt((double) part / parts));
    }
}
