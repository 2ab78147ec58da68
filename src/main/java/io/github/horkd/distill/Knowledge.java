package io.github.horkd.distill;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Guide;
import io.github.horkd.model.NamedGuide;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * What a frozen guide saw in every image, once per view: the image as it is and, where training flips images, its mirror image. A guide
 * is slow and its answers do not change, so it is asked here once and never in a training step.
 */
final class Knowledge {

    private static final int AT_ONCE = 128;

    private final float[][] embeddings;
    private final float[][] logits;

    private Knowledge(float[][] embeddings, float[][] logits) {
        this.embeddings = embeddings;
        this.logits = logits;
    }

    static int views(PairedImages images, boolean mirrored) {
        return images.size() * (mirrored ? 2 : 1);
    }

    /**
     * Asks the guide.
     *
     * @param mirrored whether the mirror images are wanted too
     * @param progress is told how many views have been seen
     */
    static Knowledge gather(Guide guide, PairedImages images, Resolution sees, boolean mirrored, IntConsumer progress) {
        int views = views(images, mirrored);
        float[][] embeddings = new float[views][];
        float[][] logits = guide.classCount() > 0 ? new float[views][] : null;
        for (int from = 0; from < views; ) {
            // A batch is of one kind: images as they are, or their mirror images.
            int count = Math.min(AT_ONCE, from < images.size() ? images.size() - from : views - from);
            Guide.Sight sight = see(guide, images, sees, from, count);
            copyRows(sight.embeddings(), embeddings, from, "embedding", images);
            if (logits != null) {
                copyRows(sight.logits().orElseThrow(), logits, from, "logits", images);
            }
            from += count;
            progress.accept(from);
        }
        return new Knowledge(embeddings, logits);
    }

    private static Guide.Sight see(Guide guide, PairedImages images, Resolution sees, int from, int count) {
        if (guide instanceof NamedGuide named) {
            List<String> names = IntStream.range(from, from + count).mapToObj(view -> images.name(view % images.size())).toList();
            return named.recall(names, from >= images.size());
        }
        return guide.look(read(images, sees, from, count));
    }

    private static INDArray read(PairedImages images, Resolution sees, int from, int count) {
        ImageShape shape = images.shape(sees);
        float[] pixels = new float[count * shape.size()];
        boolean high = sees == Resolution.HIGH;
        IntStream.range(0, count).parallel().forEach(i -> {
            int view = from + i;
            Pose pose = view < images.size() ? Pose.IDENTITY : Pose.MIRRORED;
            images.read(view % images.size(), pose, high ? pixels : null, i * shape.size(), high ? null : pixels, i * shape.size());
        });
        return Nd4j.createFromArray(pixels).reshape(count, shape.channels(), shape.height(), shape.width());
    }

    private static void copyRows(INDArray from, float[][] to, int at, String what, PairedImages images) {
        float[][] rows = from.toFloatMatrix();
        for (int i = 0; i < rows.length; i++) {
            for (float value : rows[i]) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException("guide: its " + what + " of " + images.name((at + i) % images.size())
                            + " is not finite; is the image what the guide expects?");
                }
            }
            to[at + i] = rows[i];
        }
    }

    /** Rows for a batch: [B, D]. */
    INDArray embeddings(int[] indices, Pose[] poses) {
        return rows(embeddings, indices, poses);
    }

    /** Rows for a batch: [B, C]; empty when the guide has no logits. */
    Optional<INDArray> logits(int[] indices, Pose[] poses) {
        return logits == null ? Optional.empty() : Optional.of(rows(logits, indices, poses));
    }

    private static INDArray rows(float[][] from, int[] indices, Pose[] poses) {
        int width = from[0].length;
        int images = from.length;
        float[] batch = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            int view = poses[i].mirrored() ? images / 2 + indices[i] : indices[i];
            System.arraycopy(from[view], 0, batch, i * width, width);
        }
        return Nd4j.createFromArray(batch).reshape(indices.length, width);
    }
}
