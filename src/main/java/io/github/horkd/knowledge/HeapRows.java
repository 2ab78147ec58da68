package io.github.horkd.knowledge;

import io.github.horkd.guide.Inquiry;
import java.util.Arrays;
import java.util.function.IntConsumer;

/** Rows on the heap, four bytes a value. */
final class HeapRows implements KnowledgeRows {

    private volatile float[][] rows;

    private HeapRows(float[][] rows) {
        this.rows = rows;
    }

    /** Asks for all of it; {@code progress} is told how many views are known by then. */
    static HeapRows gather(Inquiry inquiry, IntConsumer progress) {
        float[][] rows = new float[inquiry.views()][];
        int width = inquiry.width();
        Inquiry asked = inquiry.hastened();
        for (int view = 0; view < rows.length; ) {
            Inquiry.Answers answers = asked.about(view);
            for (int i = 0; i < answers.count(); i++) {
                rows[view + i] = Arrays.copyOfRange(answers.values(), i * width, (i + 1) * width);
            }
            view += answers.count();
            progress.accept(view);
        }
        return new HeapRows(rows);
    }

    @Override
    public void read(long row, int column, float[] to, int at, int count) {
        float[][] there = rows;
        if (there == null) {
            throw new IllegalStateException("knowledge: its store was closed");
        }
        System.arraycopy(there[(int) row], column, to, at, count);
    }

    @Override
    public void close() {
        rows = null;
    }
}
