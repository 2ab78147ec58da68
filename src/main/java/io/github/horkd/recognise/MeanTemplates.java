package io.github.horkd.recognise;

import io.github.horkd.internal.rows.UnitRows;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** One template an identity, the direction of the mean of all it has; computed anew for those that changed. */
final class MeanTemplates {

    private final TemplateRows rows;
    /** Numbers whose mean is not in {@link #rows} as it should be. */
    private final BitSet changed = new BitSet();

    MeanTemplates(TemplateRows rows) {
        this.rows = rows;
    }

    TemplateRows rows() {
        return rows;
    }

    /** An identity has got a template more. */
    void changed(int number) {
        changed.set(number);
    }

    void remove(int number) {
        rows.removeIf(owner -> owner == number);
        changed.clear(number);
    }

    /** One pass over all templates, for all identities that changed. */
    void update(TemplateRows templates, IdentityTable identities) {
        if (changed.isEmpty()) {
            return;
        }
        int width = templates.width();
        rows.removeIf(changed::get);
        Map<Integer, float[]> sums = new HashMap<>();
        Map<Integer, Integer> seen = new HashMap<>();
        float[] one = new float[width];
        templates.forEach((owner, block, row) -> {
            if (changed.get(owner)) {
                block.values().read(row, one, 0);
                float[] sum = sums.computeIfAbsent(owner, number -> new float[width]);
                for (int d = 0; d < width; d++) {
                    sum[d] += one[d];
                }
                if (seen.merge(owner, 1, Integer::sum) == identities.templates(owner)) {
                    UnitRows.normalise(identities.name(owner), sum, 0, width);
                    rows.add(sum, 0, owner);
                    sums.remove(owner);
                    seen.remove(owner);
                }
            }
        });
        changed.clear();
    }
}
