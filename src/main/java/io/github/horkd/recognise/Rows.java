package io.github.horkd.recognise;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Embeddings on their way between ND4J and plain arrays, as rows of unit length. */
final class Rows {

    private Rows() {}

    /** The unit rows of [N, D], or of one row [D]; a row of zeros stays zeros. */
    static float[] unit(String name, INDArray embeddings, int width) {
        boolean fits = embeddings.rank() == 2 && embeddings.size(1) == width
                || embeddings.rank() == 1 && embeddings.length() == width;
        if (!fits) {
            throw new IllegalArgumentException(name + ": wanted embeddings [N, " + width + "] or [" + width + "], got "
                    + Arrays.toString(embeddings.shape()));
        }
        float[] values = new float[Math.toIntExact(embeddings.isEmpty() ? 0 : embeddings.length())];
        if (values.length > 0) {
            try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                copy(embeddings.castTo(DataType.FLOAT).dup('c'), values);
            }
        }
        for (int row = 0; row < values.length / width; row++) {
            normalise(name, values, row, width);
        }
        return values;
    }

    /** How many embeddings there are in [N, D] or [D]. */
    static int count(INDArray embeddings) {
        return embeddings.rank() == 1 ? 1 : Math.toIntExact(embeddings.size(0));
    }

    /** Divides a row by its length. */
    static void normalise(String name, float[] values, int row, int width) {
        double squares = 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            squares += (double) values[d] * values[d];
        }
        if (!Double.isFinite(squares)) {
            throw new IllegalArgumentException(name + ": embedding " + row + " holds NaN or infinity");
        }
        double scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
        for (int d = row * width; d < (row + 1) * width; d++) {
            values[d] = (float) (values[d] * scale);
        }
    }

    /** The values of an array that is no view, in the order of its buffer. */
    static void copy(INDArray whole, float[] values) {
        new FloatPointer(whole.data().pointer()).get(values);
        Reference.reachabilityFence(whole);
    }
}
