package io.github.horkd.eval;

import io.github.horkd.internal.rows.ArrayCopy;
import io.github.horkd.internal.rows.RowProducts;
import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How alike every probe is to everything in a gallery, shown probe by probe: cosines of embeddings, or a matrix of scores that anyone made. */
interface Similarity {

    /** How many probes there are. */
    int probes();

    /** How many rows the gallery has. */
    int gallery();

    /** Shows each probe's scores. */
    void forEach(RowProducts.Visitor visitor);

    static Similarity cosines(UnitRows probes, UnitRows gallery) {
        probes.wantSameWidth(gallery);
        return new Similarity() {
            @Override
            public int probes() {
                return probes.count();
            }

            @Override
            public int gallery() {
                return gallery.count();
            }

            @Override
            public void forEach(RowProducts.Visitor visitor) {
                probes.compare(gallery, visitor);
            }
        };
    }

    static Similarity matrix(INDArray scores) {
        if (scores.rank() != 2) {
            throw new IllegalArgumentException(
                    "scores: wanted [probes, gallery], got " + Arrays.toString(scores.shape()));
        }
        float[] values = ArrayCopy.floats(scores);
        int probes = Math.toIntExact(scores.size(0));
        int gallery = Math.toIntExact(scores.size(1));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("score of probe " + i / gallery + " with gallery row " + i % gallery
                        + ": wanted a finite number, got " + values[i]);
            }
        }
        return new Similarity() {
            @Override
            public int probes() {
                return probes;
            }

            @Override
            public int gallery() {
                return gallery;
            }

            @Override
            public void forEach(RowProducts.Visitor visitor) {
                for (int probe = 0; probe < probes; probe++) {
                    visitor.see(probe, values, probe * gallery);
                }
            }
        };
    }

    /** Refuses labels that are not one for each probe and one for each row of the gallery. */
    default void wantLabels(int[] probeLabels, int[] galleryLabels) {
        if (probeLabels.length != probes() || galleryLabels.length != gallery()) {
            throw new IllegalArgumentException("labels: wanted one per row, " + probes() + " for the probes and "
                    + gallery() + " for the gallery, got " + probeLabels.length + " and " + galleryLabels.length);
        }
    }
}
