package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.eval.UnitRows;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a network's embeddings of a whole set of images are made.
 *
 * @param guide      the network
 * @param mirrored   whether the embedding of the image and that of its mirror image are added (and the logits
 *                   likewise), as is usual on faces
 * @param upsampling how views smaller than the network's input are enlarged; empty: they are refused
 * @param batchSize  images at a time
 */
public record Embeddings(Guide guide, boolean mirrored, Optional<Interpolation> upsampling, int batchSize) {

    /**
     * Rejects batches below 1.
     *
     * @param guide      the network
     * @param mirrored   whether the mirror image is added
     * @param upsampling how smaller views are enlarged, empty to refuse them
     * @param batchSize  images at a time, at least 1
     */
    public Embeddings {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size: wanted 1 or more, got " + batchSize);
        }
    }

    /**
     * The network as it is: no mirror image, views of exactly its input's shape, 64 at a time.
     *
     * @param guide the network
     * @return the way
     */
    public static Embeddings by(Guide guide) {
        return new Embeddings(guide, false, Optional.empty(), 64);
    }

    /**
     * The same, adding what the network sees in the mirror image.
     *
     * @return the way
     */
    public Embeddings withMirror() {
        return new Embeddings(guide, true, upsampling, batchSize);
    }

    /**
     * The same, enlarging smaller views to the network's input first: the naive way to give low-resolution images to a
     * high-resolution network, and the rival a distilled student has to beat.
     *
     * @param interpolation how
     * @return the way
     */
    public Embeddings upsampled(Interpolation interpolation) {
        return new Embeddings(guide, mirrored, Optional.of(interpolation), batchSize);
    }

    /**
     * The same, with other batches.
     *
     * @param images images at a time, at least 1
     * @return the way
     */
    public Embeddings batchSize(int images) {
        return new Embeddings(guide, mirrored, upsampling, images);
    }

    /**
     * Embeds every image.
     *
     * @param images     the images
     * @param resolution which view of them
     * @return embeddings [N, D], row i belongs to image i
     * @throws IllegalArgumentException when the view does not fit the network, or an embedding is not finite; the image
     *                                  is named
     */
    public INDArray of(PairedImages images, Resolution resolution) {
        return look(images, resolution).embeddings();
    }

    /**
     * Embeds and classifies every image.
     *
     * @param images     the images
     * @param resolution which view of them
     * @return embeddings [N, D] and, where the network has any, logits [N, C]
     * @throws IllegalArgumentException when the view does not fit the network, or an embedding is not finite; the image
     *                                  is named
     */
    public Guide.Sight look(PairedImages images, Resolution resolution) {
        ImageShape view = images.shape(resolution);
        wantFit(view, resolution);
        int count = images.size();
        int classes = guide.classCount();
        int width = guide.embeddingWidth();
        float[] embeddings = new float[Math.multiplyExact(count, width)];
        float[] logits = new float[Math.multiplyExact(count, classes)];
        for (int start = 0; start < count; start += batchSize) {
            int size = Math.min(batchSize, count - start);
            see(images, resolution, Pose.IDENTITY, start, size, embeddings, logits);
            if (mirrored) {
                see(images, resolution, Pose.MIRRORED, start, size, embeddings, logits);
            }
        }
        for (int i = 0; i < embeddings.length; i++) {
            if (!Float.isFinite(embeddings[i])) {
                throw new IllegalArgumentException("embedding of " + images.name(i / width) + " (image " + i / width
                        + "): wanted finite values, got " + embeddings[i] + "; the network has diverged");
            }
        }
        return new Guide.Sight(
                array(embeddings, count, width),
                classes == 0 ? Optional.empty() : Optional.of(array(logits, count, classes)));
    }

    private static INDArray array(float[] values, int rows, int columns) {
        return rows == 0
                ? Nd4j.create(DataType.FLOAT, 0, columns)
                : Nd4j.create(values, new long[] {rows, columns}, 'c');
    }

    private void wantFit(ImageShape view, Resolution resolution) {
        ImageShape input = guide.input().shape();
        boolean smaller =
                view.channels() == input.channels() && view.height() <= input.height() && view.width() <= input.width();
        if (!view.equals(input) && !(smaller && upsampling.isPresent())) {
            throw new IllegalArgumentException(resolution + " view: wanted " + input + " as the network takes it, got "
                    + view + (smaller ? "; upsampled(...) enlarges it first" : ""));
        }
    }

    /** Adds what the network sees in one batch to the rows of that batch. */
    private void see(
            PairedImages images,
            Resolution resolution,
            Pose pose,
            int start,
            int size,
            float[] embeddings,
            float[] logits) {
        Guide.Sight sight = guide instanceof NamedGuide named
                ? named.recall(
                        IntStream.range(start, start + size)
                                .mapToObj(images::name)
                                .toList(),
                        pose.mirrored())
                : guide.look(read(images, resolution, pose, start, size));
        add(sight.embeddings(), "embeddings", size, guide.embeddingWidth(), embeddings, start);
        if (guide.classCount() > 0) {
            INDArray seen = sight.logits()
                    .orElseThrow(() -> new IllegalArgumentException("guide " + guide.identity()
                            + ": wanted logits of its " + guide.classCount() + " classes, got none"));
            add(seen, "logits", size, guide.classCount(), logits, start);
        }
    }

    private INDArray read(PairedImages images, Resolution resolution, Pose pose, int start, int size) {
        ImageShape view = images.shape(resolution);
        ImageShape input = guide.input().shape();
        float[] pixels = new float[size * view.size()];
        IntStream.range(0, size).parallel().forEach(i -> {
            if (resolution == Resolution.HIGH) {
                images.read(start + i, pose, pixels, i * view.size(), null, 0);
            } else {
                images.read(start + i, pose, null, 0, pixels, i * view.size());
            }
        });
        INDArray batch = Nd4j.create(pixels, new long[] {size, view.channels(), view.height(), view.width()}, 'c');
        return view.equals(input) ? batch : upsampling.orElseThrow().resize(batch, input.height(), input.width());
    }

    private void add(INDArray seen, String what, int rows, int columns, float[] all, int start) {
        if (seen.rank() != 2 || seen.size(0) != rows || seen.size(1) != columns) {
            throw new IllegalArgumentException("guide " + guide.identity() + ", " + what + ": wanted [" + rows + ", "
                    + columns + "], got " + Arrays.toString(seen.shape()));
        }
        float[] values = UnitRows.floats(seen);
        for (int i = 0; i < values.length; i++) {
            all[start * columns + i] += values[i];
        }
    }
}
