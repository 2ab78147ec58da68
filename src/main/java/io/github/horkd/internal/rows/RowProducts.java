package io.github.horkd.internal.rows;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows that others are multiplied with again and again: A·Bᵀ by gemm, with B kept in native memory. Several threads may use one instance at once.
 */
public final class RowProducts implements AutoCloseable {

    /** One block of products: 16 MiB, small beside the rows it comes from and large enough for gemm. */
    private static final int BLOCK = 1 << 22;

    private final int count;
    private final int width;
    /** [count, width]; null when it has no values, as ND4J has no product with nothing. */
    private final INDArray rows;

    private RowProducts(int count, int width, INDArray rows) {
        this.count = count;
        this.width = width;
        this.rows = rows;
    }

    /** What looks at the products of one row of the left side: {@code products[at + j]} is the one with row j of the right side. */
    @FunctionalInterface
    public interface Visitor {

        /** Sees the products of a row. The array is used again afterwards. */
        void see(int row, float[] products, int at);
    }

    /** With a copy of the first {@code count} rows in {@code values}. */
    public static RowProducts with(float[] values, int count, int width) {
        return new RowProducts(count, width, count == 0 || width == 0 ? null : ArrayCopy.matrix(values, count, width));
    }

    /** How many rows there are on the right side. */
    public int count() {
        return count;
    }

    /** D. */
    public int width() {
        return width;
    }

    /** A copy of the right side, row after row. */
    public float[] values() {
        return rows == null ? new float[count * width] : ArrayCopy.floats(rows);
    }

    /** Shows every left row's products with all rows of the right side, block by block. */
    public void forEach(float[] left, int leftCount, Visitor visitor) {
        int most = Math.max(1, Math.min(leftCount, BLOCK / Math.max(1, count)));
        float[] block = new float[most * count];
        for (int start = 0; start < leftCount; start += most) {
            int size = Math.min(most, leftCount - start);
            float[] some = start == 0 ? left : Arrays.copyOfRange(left, start * width, (start + size) * width);
            products(some, size, block);
            for (int i = 0; i < size; i++) {
                visitor.see(start + i, block, i * count);
            }
        }
    }

    /** A·Bᵀ at once: {@code into[i · count + j] = ⟨left_i, right_j⟩}. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    public void products(float[] left, int leftCount, float[] into) {
        if (rows == null || leftCount == 0) {
            Arrays.fill(into, 0, leftCount * count, 0);
            return;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = ArrayCopy.matrix(left, leftCount, width)) {
            // One row is a matrix-vector product, which is limited by memory and fastest this way round. Otherwise
            // [right, left] in
            // column-major order, where the products of one left row lie side by side.
            boolean one = leftCount == 1;
            long[] shape = one ? new long[] {1, count} : new long[] {count, leftCount};
            try (INDArray product = Nd4j.createUninitialized(DataType.FLOAT, shape, one ? 'c' : 'f')) {
                if (one) {
                    Nd4j.gemm(these, rows, product, false, true, 1, 0);
                } else {
                    Nd4j.gemm(rows, these, product, false, true, 1, 0);
                }
                ArrayCopy.readMemory(product, into);
            }
        }
    }

    /** F·B at once: {@code into[i · width + d] = Σ_j factors[i · count + j] right_jd}. */
    @SuppressWarnings("try") // The scope is opened for its effect.
    public void combine(float[] factors, int leftCount, float[] into) {
        if (rows == null || leftCount == 0) {
            Arrays.fill(into, 0, leftCount * width, 0);
            return;
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray these = ArrayCopy.matrix(factors, leftCount, count);
                INDArray sums = Nd4j.createUninitialized(DataType.FLOAT, new long[] {leftCount, width}, 'f')) {
            Nd4j.gemm(these, rows, sums, false, false, 1, 0);
            ArrayCopy.read(sums, into);
        }
    }

    /** Frees the native memory. */
    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
