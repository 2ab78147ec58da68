package io.github.horkd.recognise;

import io.github.horkd.internal.rows.RowProducts;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The templates of all identities as one matrix, and the similarity of probes with each identity by a product with it. Immutable. */
final class TemplateMatrix {

    private final int width;
    private final PerIdentity perIdentity;
    private final int identities;
    /** Identity i has the templates {@code starts[i]} to {@code starts[i + 1]} − 1. */
    private final int[] starts;

    private final RowProducts templates;
    /** What is searched: the templates themselves, or one mean row per identity. */
    private final RowProducts searched;

    /** Takes over the arrays; the names are for messages. */
    TemplateMatrix(int width, PerIdentity perIdentity, List<String> names, int[] starts, float[] unitRows) {
        this.width = width;
        this.perIdentity = perIdentity;
        this.identities = names.size();
        this.starts = starts;
        this.templates = RowProducts.with(unitRows, unitRows.length / width, width);
        this.searched = perIdentity == PerIdentity.BEST_TEMPLATE
                ? templates
                : RowProducts.with(means(names, unitRows), identities, width);
    }

    private float[] means(List<String> names, float[] unitRows) {
        float[] means = new float[Math.multiplyExact(identities, width)];
        for (int i = 0; i < identities; i++) {
            for (int row = starts[i]; row < starts[i + 1]; row++) {
                for (int d = 0; d < width; d++) {
                    means[i * width + d] += unitRows[row * width + d];
                }
            }
            UnitRows.normalise(names.get(i), means, i, width);
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
        return templates.values();
    }

    interface RowVisitor {
        void see(int identity, float[] row);
    }

    /** Shows copies of the rows that a search goes through, those of one identity one after the other. */
    void forEachRow(RowVisitor visitor) {
        float[] rows = searched.values();
        boolean one = perIdentity == PerIdentity.MEAN_TEMPLATE;
        for (int i = 0; i < identities; i++) {
            for (int at = one ? i : starts[i]; at < (one ? i + 1 : starts[i + 1]); at++) {
                visitor.see(i, Arrays.copyOfRange(rows, at * width, (at + 1) * width));
            }
        }
    }

    interface Visitor {
        void see(int probe, float[] similarities);
    }

    /** Shows every probe's similarity with every identity; the array is used again for the next probe. */
    void compare(INDArray probes, Visitor visitor) {
        UnitRows unit = UnitRows.of("probes", probes, width);
        float[] similarities = new float[identities];
        searched.forEach(unit.values(), unit.count(), (probe, products, at) -> {
            merge(products, at, similarities);
            visitor.see(probe, similarities);
        });
    }

    /** From rows to identities; rounding may carry the cosine of equal directions a little beyond 1. */
    private void merge(float[] products, int at, float[] similarities) {
        if (searched.count() == similarities.length) {
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
