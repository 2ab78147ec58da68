package io.github.horkd.eval;

import io.github.horkd.internal.rows.UnitRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A gallery with one row per identity.
 *
 * @param embeddings [identities, D]
 * @param labels     whose row it is
 */
public record IdentityMeans(INDArray embeddings, int[] labels) {

    /**
     * The mean of each identity's unit embeddings: every image counts the same, whatever its embedding's length.
     *
     * @param embeddings [N, D]
     * @param labels     N labels; unlabelled rows are left out
     * @return one row per label, in the order of first appearance
     */
    public static IdentityMeans of(INDArray embeddings, int[] labels) {
        UnitRows rows = UnitRows.of("gallery", embeddings);
        rows.wantLabels(labels);
        DenseLabels known = DenseLabels.of(labels);
        double[][] sums = new double[known.count()][rows.width()];
        int[] names = new int[known.count()];
        for (int i = 0; i < labels.length; i++) {
            if (known.known(i)) {
                rows.addTo(i, sums[known.at(i)]);
                names[known.at(i)] = labels[i];
            }
        }
        int[] sizes = known.sizes();
        float[] means = new float[Math.multiplyExact(known.count(), rows.width())];
        for (int c = 0; c < known.count(); c++) {
            for (int d = 0; d < rows.width(); d++) {
                means[c * rows.width() + d] = (float) (sums[c][d] / sizes[c]);
            }
        }
        long[] shape = {known.count(), rows.width()};
        return new IdentityMeans(Nd4j.create(means, shape, 'c'), names);
    }
}
