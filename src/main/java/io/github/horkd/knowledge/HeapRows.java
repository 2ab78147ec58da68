package io.github.horkd.knowledge;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** Rows on the heap, four bytes a value. */
final class HeapRows implements KnowledgeRows {

    private volatile float[][] rows;

    private HeapRows(float[][] rows) {
        this.rows = rows;
    }

    /** Asks for all of it; {@code progress} is told how many views are known by then. */
    static HeapRows gather(KnowledgeRequest request, IntConsumer progress) {
        float[][] rows = new float[request.views()][];
        int width = request.width();
        KnowledgeRequest asked = request.forInference();
        for (int view = 0; view < rows.length; ) {
            KnowledgeRequest.Answers answers = asked.about(view);
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
