package io.github.horkd.guide;

import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A frozen network that others learn from: images in, embeddings out and, when it was trained to classify, logits.
 * A new kind of teacher implements this interface and nothing else. Implementations may be used from one thread at a time.
 */
public interface Guide {

    /**
     * What it takes.
     *
     * @return shape and scaling of its input
     */
    Input input();

    /**
     * The width of its embeddings.
     *
     * @return D, at least 1
     */
    int embeddingWidth();

    /**
     * How many classes its logits tell apart.
     *
     * @return a count, or 0 when it has no logits
     */
    int classCount();

    /**
     * What identifies this guide: a short text that changes when its answers change. Knowledge kept in a file carries it.
     *
     * @return for example a digest of its parameters
     */
    String identity();

    /**
     * What the guide sees in a batch of images.
     *
     * @param images intensities 0…1, [N, channels, height, width] as {@link #input()} says; scaling is the guide's own work
     * @return embeddings and, where there are any, logits, detached from every workspace
     */
    Sight look(INDArray images);

    /**
     * What a guide sees in N images.
     *
     * @param embeddings [N, D]
     * @param logits     [N, C], empty when {@link #classCount()} is 0
     */
    record Sight(INDArray embeddings, Optional<INDArray> logits) {}
}
