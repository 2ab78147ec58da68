package io.github.horkd.loss;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** DL4J's per-row label masks. */
final class Masks {

    private Masks() {}

    /** The rows that count, or null for all of them. */
    static int[] kept(INDArray mask, long rows) {
        if (mask == null) {
            return null;
        }
        if (mask.length() != rows) {
            throw new IllegalArgumentException(
                    "mask: wanted one value per row, [" + rows + ", 1], got " + Arrays.toString(mask.shape()));
        }
        int[] kept = IntStream.range(0, (int) rows)
                .filter(i -> mask.getDouble(i) != 0)
                .toArray();
        return kept.length == rows ? null : kept;
    }

    static INDArray take(INDArray array, int[] rows) {
        Checks.matrix("guide or learner", array);
        double[] all = ThreadBuffers.of(Masks.class).doubles(0, Math.toIntExact(array.length()));
        ArrayCopy.read(array, all);
        int width = (int) array.size(1);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(all, rows[i] * width, all, i * width, width);
        }
        return ArrayCopy.result(all, rows.length, width, array.dataType());
    }

    /** {@code rows}' gradients back in their places among {@code count} rows, zeros elsewhere. */
    static INDArray scatter(INDArray gradient, int[] rows, int count) {
        int width = (int) gradient.size(1);
        double[] some = ThreadBuffers.of(Masks.class).doubles(0, rows.length * width);
        ArrayCopy.read(gradient, some);
        double[] all = ThreadBuffers.of(Masks.class).doubles(1, count * width);
        Arrays.fill(all, 0, count * width, 0);
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(some, i * width, all, rows[i] * width, width);
        }
        return ArrayCopy.result(all, count, width, gradient.dataType());
    }
}
