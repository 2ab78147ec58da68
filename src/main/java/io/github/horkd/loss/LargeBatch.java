package io.github.horkd.loss;

/** How the work on a large batch is cut. It is the same cut on any number of threads, so results do not depend on that number. */
final class LargeBatch {

    /** Below this many rows a loss is over before another thread has woken up. */
    private static final int ROWS_WORTH_SHARING = 256;

    /** Work over the pairs or triplets of a large batch comes in so many parts, so more threads than this bring nothing. */
    private static final int PARTS = 4;

    private LargeBatch() {}

    /** How many parts the work over {@code rows} rows is cut into. */
    static int parts(int rows) {
        return rows < ROWS_WORTH_SHARING ? 1 : PARTS;
    }
}
