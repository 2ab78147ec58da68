package io.github.horkd.internal.rows;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows divided by their lengths, so that a product of two of them is their cosine. A row of zeros stays zeros and so has cosine 0 with everything.
 * The name says in messages whose rows they are.
 */
public final class UnitRows {

    private final String name;
    private final float[] values;
    private final int count;
    private final int width;

    private UnitRows(String name, float[] values, int count, int width) {
        this.name = name;
        this.values = values;
        this.count = count;
        this.width = width;
    }

    private static UnitRows normalised(String name, float[] values, int count, int width) {
        for (int row = 0; row < count; row++) {
            normalise(name, values, row, width);
        }
        return new UnitRows(name, values, count, width);
    }

    /** The unit rows of [N, D]. */
    public static UnitRows of(String name, INDArray rows) {
        if (rows.rank() != 2) {
            throw new IllegalArgumentException(name + ": wanted [N, D], got " + Arrays.toString(rows.shape()));
        }
        return normalised(name, ArrayCopy.floats(rows), Math.toIntExact(rows.size(0)), Math.toIntExact(rows.size(1)));
    }

    /** The unit rows of [N, width], or of the one row [width]. */
    public static UnitRows of(String name, INDArray rows, int width) {
        boolean one = rows.rank() == 1 && rows.length() == width;
        if (!one && !(rows.rank() == 2 && rows.size(1) == width)) {
            throw new IllegalArgumentException(name + ": wanted embeddings [N, " + width + "] or [" + width + "], got "
                    + Arrays.toString(rows.shape()));
        }
        return normalised(name, ArrayCopy.floats(rows), one ? 1 : Math.toIntExact(rows.size(0)), width);
    }

    /** Divides the rows of {@code values} by their lengths, in place, and keeps the array. */
    public static UnitRows in(String name, float[] values, int width) {
        return normalised(name, values, values.length / width, width);
    }

    /** Rows that are of unit length already, to the bit as they are; keeps the array. */
    public static UnitRows kept(String name, float[] values, int width) {
        return new UnitRows(name, values, values.length / width, width);
    }

    /** Divides one row by its length, in place. */
    public static void normalise(String name, float[] values, int row, int width) {
        int end = (row + 1) * width;
        double squares = 0;
        for (int d = row * width; d < end; d++) {
            squares += (double) values[d] * values[d];
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException(name + ": row " + row + " holds NaN or infinity; "
                    + "the network that made it has diverged, or its input was not finite");
        }
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int d = row * width; d < end; d++) {
            values[d] = (float) (values[d] * scale);
        }
    }

    /** How many rows. */
    public int count() {
        return count;
    }

    /** D. */
    public int width() {
        return width;
    }

    /** Row after row; not a copy. */
    public float[] values() {
        return values;
    }

    /** Refuses labels that are not one per row. */
    public void wantLabels(int[] labels) {
        if (labels.length != count) {
            throw new IllegalArgumentException(
                    name + ": wanted one label per row, got " + count + " rows and " + labels.length + " labels");
        }
    }

    /** Refuses rows of another width. */
    public void wantSameWidth(UnitRows other) {
        if (width != other.width) {
            throw new IllegalArgumentException(name + " and " + other.name + ": wanted embeddings of one width, got "
                    + width + " and " + other.width + "; networks are comparable only when they share one space");
        }
    }

    /** Refuses another number of rows. */
    public void wantSameCount(UnitRows other) {
        if (count != other.count) {
            throw new IllegalArgumentException(name + " and " + other.name + ": wanted one row per image in both, got "
                    + count + " and " + other.count);
        }
    }

    /** The cosine of one row with one row of another. */
    public float cosine(int row, UnitRows other, int otherRow) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += (double) values[row * width + d] * other.values[otherRow * width + d];
        }
        return (float) sum;
    }

    /** Each row and that of another network about the same picture, added: [N, D], of any length. A row of zeros adds nothing. */
    public INDArray plus(UnitRows other) {
        wantSameWidth(other);
        wantSameCount(other);
        float[] sums = values.clone();
        for (int k = 0; k < sums.length; k++) {
            sums[k] += other.values[k];
        }
        return ArrayCopy.matrix(sums, count, width);
    }

    /** Adds a row to a running sum. */
    public void addTo(int row, double[] sum) {
        for (int d = 0; d < width; d++) {
            sum[d] += values[row * width + d];
        }
    }

    /** Shows the cosines of every row with all rows of the gallery, block by block: memory does not grow with the number of rows. */
    public void compare(UnitRows gallery, RowProducts.Visitor visitor) {
        wantSameWidth(gallery);
        try (RowProducts products = RowProducts.with(gallery.values, gallery.count, width)) {
            products.forEach(values, count, visitor);
        }
    }
}
