package io.github.horkd.report;

import io.github.horkd.internal.rows.SymmetricEigen;
import io.github.horkd.internal.rows.UnitRows;
import io.github.horkd.report.Chart.Point;
import java.util.stream.IntStream;

/**
 * The principal axes of unit rows.
 *
 * @param mean    of the rows
 * @param values  eigenvalues of their covariance, largest first
 * @param vectors unit length, row after row
 */
record PrincipalAxes(double[] mean, double[] values, double[] vectors) {

    /** Of more rows, so many are looked at, evenly. */
    private static final int MOST = 2000;

    static PrincipalAxes of(UnitRows rows) {
        int count = Math.min(MOST, rows.count());
        return of(
                rows,
                IntStream.range(0, count)
                        .map(i -> (int) ((long) i * rows.count() / count))
                        .toArray());
    }

    static PrincipalAxes of(UnitRows rows, int[] which) {
        int width = rows.width();
        double[] mean = new double[width];
        for (int row : which) {
            rows.addTo(row, mean);
        }
        for (int d = 0; d < width; d++) {
            mean[d] /= Math.max(1, which.length);
        }
        double[] covariance = new double[width * width];
        double[] centred = new double[width];
        for (int row : which) {
            for (int d = 0; d < width; d++) {
                centred[d] = rows.values()[row * width + d] - mean[d];
            }
            for (int a = 0; a < width; a++) {
                double left = centred[a];
                int at = a * width;
                for (int b = 0; b < width; b++) {
                    covariance[at + b] += left * centred[b];
                }
            }
        }
        SymmetricEigen eigen = SymmetricEigen.of(covariance, width);
        return new PrincipalAxes(mean, eigen.values(), eigen.vectors());
    }

    /** Where a row lies on the first two axes. */
    Point place(UnitRows rows, int row) {
        int width = mean.length;
        double[] place = new double[2];
        for (int k = 0; k < Math.min(2, width); k++) {
            for (int d = 0; d < width; d++) {
                place[k] += (rows.values()[row * width + d] - mean[d]) * vectors[k * width + d];
            }
        }
        return new Point(place[0], place[1]);
    }
}
