package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.guide.Inquiry;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a frozen guide saw in every image, once per view: the image as it is and, where that was asked for, its mirror image. A guide is slow and its
 * answers do not change, so it is asked once and never in a training step. A {@link KnowledgeStore} makes it and keeps it, in memory or in a file; of a
 * file only the rows that are asked for come onto the heap. Safe to read from several threads.
 */
public final class Knowledge {

    private final KnowledgeRows rows;
    private final int images;
    private final boolean mirrored;
    private final int embeddingWidth;
    private final int logitsWidth;

    Knowledge(KnowledgeRows rows, Inquiry inquiry) {
        this.rows = rows;
        this.images = inquiry.images().size();
        this.mirrored = inquiry.mirrored();
        this.embeddingWidth = inquiry.embeddingWidth();
        this.logitsWidth = inquiry.logitsWidth();
    }

    /**
     * The guide's embeddings of some images.
     *
     * @param indices which images, B of them, as {@link PairedImages} counts them
     * @param poses   how each was moved, B of them; of a pose only counts whether it mirrors
     * @return FLOAT [B, D]
     * @throws IllegalArgumentException  when a pose mirrors and mirror images were not asked about, or there is not one pose an image
     * @throws IndexOutOfBoundsException when there is no such image
     * @throws IllegalStateException     when the store was closed
     */
    public INDArray embeddings(int[] indices, Pose[] poses) {
        return rows(0, embeddingWidth, indices, poses);
    }

    /**
     * The guide's logits of some images.
     *
     * @param indices which images, B of them, as {@link PairedImages} counts them
     * @param poses   how each was moved, B of them; of a pose only counts whether it mirrors
     * @return FLOAT [B, C]; empty when the guide has no logits
     * @throws IllegalArgumentException  when a pose mirrors and mirror images were not asked about, or there is not one pose an image
     * @throws IndexOutOfBoundsException when there is no such image
     * @throws IllegalStateException     when the store was closed
     */
    public Optional<INDArray> logits(int[] indices, Pose[] poses) {
        return logitsWidth == 0 ? Optional.empty() : Optional.of(rows(embeddingWidth, logitsWidth, indices, poses));
    }

    private INDArray rows(int column, int width, int[] indices, Pose[] poses) {
        if (poses.length != indices.length) {
            throw new IllegalArgumentException(
                    "poses: wanted one for each of " + indices.length + " images, got " + poses.length);
        }
        float[] batch = new float[Math.multiplyExact(indices.length, width)];
        for (int i = 0; i < indices.length; i++) {
            rows.read(view(indices[i], poses[i]), column, batch, i * width, width);
        }
        return Nd4j.createFromArray(batch).reshape(indices.length, width);
    }

    private long view(int index, Pose pose) {
        Objects.checkIndex(index, images);
        if (pose.mirrored() && !mirrored) {
            throw new IllegalArgumentException("knowledge: image " + index
                    + " is wanted mirrored, but the guide was not asked about mirror images");
        }
        return pose.mirrored() ? (long) images + index : index;
    }

    void close() {
        rows.close();
    }
}
