package io.github.horkd.guide;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Embeddings, one a row, wherever they are kept: in an array or in a file larger than the heap. */
public interface EmbeddingRows {

    /**
     * How many rows there are.
     *
     * @return N
     */
    int count();

    /**
     * How wide a row is.
     *
     * @return D
     */
    int width();

    /**
     * Reads one row.
     *
     * @param row 0 … N − 1
     * @param to  receives D values, from its beginning on
     */
    void read(int row, float[] to);

    /**
     * The rows of an array.
     *
     * @param embeddings [N, D], copied
     * @return its rows
     */
    static EmbeddingRows of(INDArray embeddings) {
        if (embeddings.rank() != 2) {
            throw new IllegalArgumentException("embeddings: wanted [N, D], got " + Arrays.toString(embeddings.shape()));
        }
        float[] values = ArrayCopy.floats(embeddings);
        int count = Math.toIntExact(embeddings.size(0));
        int width = Math.toIntExact(embeddings.size(1));
        return new EmbeddingRows() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public void read(int row, float[] to) {
                System.arraycopy(values, row * width, to, 0, width);
            }
        };
    }
}
