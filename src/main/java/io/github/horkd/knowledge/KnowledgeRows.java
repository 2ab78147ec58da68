package io.github.horkd.knowledge;

/** Rows of what a guide said, wherever they are: each view's embedding and then its logits. Safe to read from several threads. */
interface KnowledgeRows {

    /**
     * Reads a part of a row.
     *
     * @param row    which view
     * @param column the first value of it
     * @param to     receives the values
     * @param at     where in {@code to}
     * @param count  how many values
     */
    void read(long row, int column, float[] to, int at, int count);

    /** Gives up what is held. Reading is an error from then on, and never a crash. */
    void close();
}
