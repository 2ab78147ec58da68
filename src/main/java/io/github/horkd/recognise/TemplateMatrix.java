package io.github.horkd.recognise;

import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The templates of all identities as one matrix, and the similarity of probes with each identity by a product with it. Immutable. */
final class TemplateMatrix {

    /** One block of similarities: 16 MiB. */
    private static final int BLOCK = 1 << 22;

    private final int width;
    private final PerIdentity perIdentity;
    private final int identities;
    /** Identity i has the templates {@code starts[i]} to {@code starts[i + 1]} − 1. */
    private final int[] starts;
    /** [templates, width], unit rows; null when there are none, as ND4J has no product with nothing. */
    private final INDArray templates;
    /** What is searched: the templates themselves, or one mean row per identity. */
    private final INDArray searched;

    /** Takes over the arrays; the names are for messages. */
    TemplateMatrix(int width, PerIdentity perIdentity, List<String> names, int[] starts, float[] unitRows) {
        this.width = width;
        this.perIdentity = perIdentity;
        this.identities = names.size();
        this.starts = starts;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            this.templates = matrix(unitRows);
            this.searched = perIdentity == PerIdentity.BEST_TEMPLATE ? templates : matrix(means(names, unitRows));
        }
    }

    private INDArray matrix(float[] rows) {
        return rows.length == 0 ? null : Nd4j.create(rows, new long[] {rows.length / width, width}, 'c');
    }

    private float[] means(List<String> names, float[] unitRows) {
        float[] means = new float[Math.multiplyExact(identities, width)];
        for (int i = 0; i < identities; i++) {
            for (int row = starts[i]; row < starts[i + 1]; row++) {
                for (int d = 0; d < width; d++) {
                    means[i * width + d] += unitRows[row * width + d];
                }
            }
            Rows.normalise(names.get(i), means, i, width);
        }
        return means;
    }

    int width() {
        return width;
    }

    /** The first template of every identity, and behind the last the count of all. */
    int[] starts() {
        return starts;
    }

    /** All templates, row after row. */
    float[] unitRows() {
        float[] rows = new float[starts[identities] * width];
        if (templates != null) {
            Rows.copy(templates, rows);
        }
        return rows;
    }

    interface RowVisitor {
        void see(int identity, float[] row);
    }

    /** Shows copies of the rows that a search goes through, those of one identity one after the other. */
    void forEachRow(RowVisitor visitor) {
        if (searched == null) {
            return;
        }
        FloatPointer rows = new FloatPointer(searched.data().pointer());
        boolean one = perIdentity == PerIdentity.MEAN_TEMPLATE;
        for (int i = 0; i < identities; i++) {
            for (int at = one ? i : starts[i]; at < (one ? i + 1 : starts[i + 1]); at++) {
                float[] row = new float[width];
                rows.position((long) at * width).get(row);
                visitor.see(i, row);
            }
        }
        Reference.reachabilityFence(searched);
    }

    interface Visitor {
        void see(int probe, float[] similarities);
    }

    /** Shows every probe's similarity with every identity; the array is used again for the next probe. */
    void compare(INDArray probes, Visitor visitor) {
        float[] unit = Rows.unit("probes", probes, width);
        int count = unit.length / width;
        float[] similarities = new float[identities];
        if (searched == null) {
            IntStream.range(0, count).forEach(probe -> visitor.see(probe, similarities));
            return;
        }
        int rows = Math.toIntExact(searched.size(0));
        int most = Math.max(1, Math.min(count, BLOCK / rows));
        for (int start = 0; start < count; start += most) {
            int size = Math.min(most, count - start);
            float[] products = products(Arrays.copyOfRange(unit, start * width, (start + size) * width), size, rows);
            for (int i = 0; i < size; i++) {
                merge(products, i * rows, similarities);
                visitor.see(start + i, similarities);
            }
        }
    }

    /** The cosines of some probes with every searched row; those of one probe lie side by side. */
    private float[] products(float[] probes, int count, int rows) {
        float[] values = new float[count * rows];
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = Nd4j.create(probes, new long[] {count, width}, 'c');
                // One probe is a matrix-vector product, which is limited by memory and fastest this way round.
                INDArray product = Nd4j.createUninitialized(
                        DataType.FLOAT,
                        count == 1 ? new long[] {1, rows} : new long[] {rows, count},
                        count == 1 ? 'c' : 'f')) {
            if (count == 1) {
                Nd4j.gemm(these, searched, product, false, true, 1, 0);
            } else {
                Nd4j.gemm(searched, these, product, false, true, 1, 0);
            }
            Rows.copy(product, values);
        }
        return values;
    }

    /** From rows to identities; rounding may carry the cosine of equal directions a little beyond 1. */
    private void merge(float[] products, int at, float[] similarities) {
        if (searched.size(0) == similarities.length) {
            for (int i = 0; i < similarities.length; i++) {
                similarities[i] = Math.max(-1, Math.min(1, products[at + i]));
            }
            return;
        }
        for (int i = 0; i < similarities.length; i++) {
            float best = -1;
            for (int row = starts[i]; row < starts[i + 1]; row++) {
                best = Math.max(best, products[at + row]);
            }
            similarities[i] = Math.min(1, best);
        }
    }
}
