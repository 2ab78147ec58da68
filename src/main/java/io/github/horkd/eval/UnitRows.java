package io.github.horkd.eval;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Embeddings divided by their lengths, once, so that a product of two rows is their cosine. A row of zeros stays zeros
 * and so has similarity 0 with everything.
 */
public final class UnitRows {

    /** One block of similarities: 16 MiB, small beside the embeddings it comes from and large enough for gemm. */
    private static final int BLOCK = 1 << 22;

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

    /** What looks at the similarities of one probe; {@code row[at + j]} is its cosine with row j of the gallery. */
    @FunctionalInterface
    interface Visitor {
        void see(int probe, float[] row, int at);
    }

    static UnitRows of(String name, INDArray embeddings) {
        if (embeddings.rank() != 2) {
            throw new IllegalArgumentException(name + ": wanted [N, D], got " + Arrays.toString(embeddings.shape()));
        }
        int count = Math.toIntExact(embeddings.size(0));
        int width = Math.toIntExact(embeddings.size(1));
        float[] values = floats(embeddings);
        for (int i = 0; i < count; i++) {
            normalise(name, values, i, width);
        }
        return new UnitRows(name, values, count, width);
    }

    private static void normalise(String name, float[] values, int row, int width) {
        double squares = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            squares += (double) values[d] * values[d];
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException(name + ": row " + row + " holds NaN or infinity; "
                    + "the network that made it has diverged, or its input was not finite");
        }
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            values[d] = (float) (values[d] * scale);
        }
    }

    /** A copy of an array's values in C order; a bulk copy, where {@code data().asFloat()} goes value by value. */
    public static float[] floats(INDArray array) {
        float[] values = new float[Math.toIntExact(array.isEmpty() ? 0 : array.length())];
        if (values.length > 0) {
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                INDArray plain = array.castTo(DataType.FLOAT).dup('c');
                copy(plain, values);
            }
        }
        return values;
    }

    private static void copy(INDArray fresh, float[] values) {
        new FloatPointer(fresh.data().pointer()).get(values);
        Reference.reachabilityFence(fresh);
    }

    int count() {
        return count;
    }

    int width() {
        return width;
    }

    void wantLabels(int[] labels) {
        if (labels.length != count) {
            throw new IllegalArgumentException(
                    name + ": wanted one label per row, got " + count + " rows and " + labels.length + " labels");
        }
    }

    void wantSameWidth(UnitRows other) {
        if (width != other.width) {
            throw new IllegalArgumentException(name + " and " + other.name + ": wanted embeddings of one width, got "
                    + width + " and " + other.width + "; networks are comparable only when they share one space");
        }
    }

    void wantSameCount(UnitRows other) {
        if (count != other.count) {
            throw new IllegalArgumentException(name + " and " + other.name + ": wanted one row per image in both, got "
                    + count + " and " + other.count);
        }
    }

    /** The cosine of one row with one row of another. */
    float cosine(int row, UnitRows other, int otherRow) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
            sum += (double) values[row * width + d] * other.values[otherRow * width + d];
        }
        return (float) sum;
    }

    /** Adds a row to a running sum. */
    void addTo(int row, double[] sum) {
        for (int d = 0; d < width; d++) {
            sum[d] += values[row * width + d];
        }
    }

    /**
     * Shows every row's similarities with the whole gallery, block by block: memory does not grow with the number of
     * rows.
     */
    void compare(UnitRows gallery, Visitor visitor) {
        wantSameWidth(gallery);
        if (count == 0 || gallery.count == 0) {
            float[] nothing = new float[0];
            for (int i = 0; i < count; i++) {
                visitor.see(i, nothing, 0);
            }
            return;
        }
        int rows = Math.max(1, Math.min(count, BLOCK / gallery.count));
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray those = gallery.matrix();
            INDArray these = matrix();
            float[] block = new float[rows * gallery.count];
            for (int start = 0; start < count; start += rows) {
                int size = Math.min(rows, count - start);
                INDArray part = these.get(NDArrayIndex.interval(start, start + size), NDArrayIndex.all());
                // Column-major [gallery, part]: the similarities of one probe lie side by side.
                INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {gallery.count, size}, 'f');
                Nd4j.gemm(those, part, product, false, true, 1, 0);
                float[] target = size == rows ? block : new float[size * gallery.count];
                copy(product, target);
                product.close();
                for (int i = 0; i < size; i++) {
                    visitor.see(start + i, target, i * gallery.count);
                }
            }
        }
    }

    private INDArray matrix() {
        return Nd4j.create(values, new long[] {count, width}, 'c');
    }
}
