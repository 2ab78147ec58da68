package io.github.horkd.data;

import io.github.horkd.internal.setup.Backend;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Some pairs as arrays, row i of each array being image {@code indices[i]}.
 *
 * @param high    the high-resolution views, FLOAT [N, C, H, W], intensities 0…1; null when that view was not asked for
 * @param low     the low-resolution views, FLOAT [N, c, h, w], intensities 0…1; null when that view was not asked for
 * @param indices which images of the source these are
 * @param labels  their classes, {@link PairedImages#UNLABELLED} where unknown
 * @param poses   how each was moved
 */
public record PairedBatch(INDArray high, INDArray low, int[] indices, int[] labels, Pose[] poses) {

    /**
     * How many pairs these are.
     *
     * @return N
     */
    public int size() {
        return indices.length;
    }

    /** Reads the views that are wanted, in one crossing into native memory each. */
    static PairedBatch read(PairedImages images, int[] indices, Pose[] poses, boolean wantHigh, boolean wantLow) {
        if (poses.length != indices.length) {
            throw new IllegalArgumentException(
                    "poses: wanted one for each of " + indices.length + " images, got " + poses.length);
        }
        int highSize = images.shape(Resolution.HIGH).size();
        int lowSize = images.shape(Resolution.LOW).size();
        float[] high = wantHigh ? new float[Math.multiplyExact(indices.length, highSize)] : null;
        float[] low = wantLow ? new float[Math.multiplyExact(indices.length, lowSize)] : null;
        int[] labels = new int[indices.length];
        for (int row = 0; row < indices.length; row++) {
            int index = Objects.checkIndex(indices[row], images.size());
            try {
                images.read(index, poses[row], high, row * highSize, low, row * lowSize);
            } catch (RuntimeException e) {
                throw new IllegalStateException("image " + images.name(index) + ": " + e.getMessage(), e);
            }
            labels[row] = images.label(index);
        }
        return new PairedBatch(
                array(high, indices.length, images.shape(Resolution.HIGH)),
                array(low, indices.length, images.shape(Resolution.LOW)),
                indices.clone(),
                labels,
                poses.clone());
    }

    static INDArray array(float[] values, long... shape) {
        Backend.require();
        return Nd4j.create(values, shape, Nd4j.getStrides(shape, 'c'), 'c', DataType.FLOAT);
    }

    private static INDArray array(float[] values, int count, ImageShape shape) {
        return values == null ? null : array(values, count, shape.channels(), shape.height(), shape.width());
    }
}
