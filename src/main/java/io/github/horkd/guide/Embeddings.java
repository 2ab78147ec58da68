package io.github.horkd.guide;

import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How a source is asked about images: the one place where that is written. Answers come in batches, with their shapes and values checked, and what is
 * wrong is told by the name of the image.
 *
 * <pre>  Embeddings.by(teacher).withMirror().of(test, Resolution.HIGH)                        // as is usual on faces
 *  Embeddings.by(teacher).upsampled(Interpolation.BICUBIC).of(test, Resolution.LOW)     // the naive use of a teacher</pre>
 *
 * @param source    who is asked
 * @param mirrored  whether the answers about the image and about its mirror image are added
 * @param batchSize images at a time, at least 1
 */
public record Embeddings(KnowledgeSource source, boolean mirrored, int batchSize) {

    private static final int BATCH = 64;

    public Embeddings {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch size: wanted 1 or more, got " + batchSize);
        }
    }

    /**
     * The source as it is: no mirror image, views of exactly its input's shape, {@value #BATCH} at a time.
     *
     * @param source who is asked
     * @return the way
     */
    public static Embeddings by(KnowledgeSource source) {
        return new Embeddings(source, false, BATCH);
    }

    /**
     * The same, adding the answers about the mirror images.
     *
     * @return the way
     */
    public Embeddings withMirror() {
        return new Embeddings(source, true, batchSize);
    }

    /**
     * The same, enlarging smaller views to the network's input first: the naive way to give low-resolution images to a
     * high-resolution network, and the rival a distilled student has to beat.
     *
     * @param interpolation how
     * @return the way
     */
    public Embeddings upsampled(Interpolation interpolation) {
        return new Embeddings(source.upsampled(interpolation), mirrored, batchSize);
    }

    /**
     * The same, in a space that was fitted on the source's embeddings, where those of its learners lie. Mirror images are added there.
     *
     * @param space of the source's width
     * @return the way
     */
    public Embeddings in(EmbeddingSpace space) {
        return new Embeddings(source.in(space), mirrored, batchSize);
    }

    /**
     * The same, in the space in which a learner's embeddings lie ({@link KnowledgeSource#toMatch}).
     *
     * @param learner whose embeddings will be held against these
     * @return the way
     */
    public Embeddings toMatch(KnowledgeSource learner) {
        return new Embeddings(source.toMatch(learner), mirrored, batchSize);
    }

    /**
     * The same, with other batches.
     *
     * @param images images at a time, at least 1
     * @return the way
     */
    public Embeddings batchSize(int images) {
        return new Embeddings(source, mirrored, images);
    }

    /**
     * Embeds every image.
     *
     * @param images the images
     * @param view   which view of them
     * @return embeddings [N, D], row i belongs to image i
     * @throws IllegalArgumentException when the view does not fit the network, or an answer is not finite; the image is named
     */
    public INDArray of(PairedImages images, Resolution view) {
        return outputs(images, view).embeddings();
    }

    /**
     * Embeds and classifies every image.
     *
     * @param images the images
     * @param view   which view of them
     * @return embeddings [N, D] and, where the source has any, logits [N, C]
     * @throws IllegalArgumentException when the view does not fit the network, or an answer is not finite; the image is named
     */
    public KnowledgeSource.Output outputs(PairedImages images, Resolution view) {
        source.require(images, view);
        int count = images.size();
        int width = source.embeddingWidth();
        int classes = source.classes().size();
        float[] embeddings = new float[Math.multiplyExact(count, width)];
        float[] logits = new float[Math.multiplyExact(count, classes)];
        for (int start = 0; start < count; start += batchSize) {
            int[] indices =
                    IntStream.range(start, Math.min(count, start + batchSize)).toArray();
            add(rows(images, view, indices, all(indices.length, Pose.IDENTITY)), start, embeddings, logits, width);
            if (mirrored) {
                add(rows(images, view, indices, all(indices.length, Pose.MIRRORED)), start, embeddings, logits, width);
            }
        }
        INDArray seen = array(embeddings, count, width);
        return classes == 0
                ? KnowledgeSource.Output.of(seen)
                : KnowledgeSource.Output.of(seen, array(logits, count, classes));
    }

    /**
     * Asks once about some images, however many.
     *
     * @param images  a set of images
     * @param view    which view of them
     * @param indices which images, B of them
     * @param poses   how each is moved, B of them
     * @return [B, D + C], row after row: each image's embedding and then its logits
     * @throws IllegalArgumentException when an answer has another shape than the source said, or is not finite; the image is named
     */
    public float[] rows(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        return rows(images, view, indices, poses, List.of());
    }

    /**
     * Asks once about some images, however many, for feature maps too.
     *
     * @param images  a set of images
     * @param view    which view of them
     * @param indices which images, B of them
     * @param poses   how each is moved, B of them
     * @return [B, D + C + M], row after row: each image's embedding, its logits and its {@linkplain KnowledgeSource#maps maps}
     * @throws IllegalArgumentException when an answer has another shape than the source said, or is not finite; the image is named
     */
    public float[] rowsWithMaps(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        return rows(images, view, indices, poses, source.maps());
    }

    private float[] rows(PairedImages images, Resolution view, int[] indices, Pose[] poses, List<FeatureMap> maps) {
        KnowledgeSource.Output output = source.outputs(images, view, indices, poses);
        int width = source.embeddingWidth();
        int classes = source.classes().size();
        int column = Math.addExact(width, classes);
        int all = maps.stream().mapToInt(FeatureMap::size).reduce(column, Math::addExact);
        float[] rows = new float[Math.multiplyExact(indices.length, all)];
        copy(output.embeddings(), "embedding", width, rows, 0, images, indices);
        if (classes > 0) {
            INDArray logits = output.logits()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "guide " + source.identity() + ": wanted logits of its " + classes + " classes, got none"));
            copy(logits, "logits", classes, rows, width, images, indices);
        }
        for (FeatureMap map : maps) {
            copy(
                    flat(output.maps().get(map.name()), map),
                    "map " + map.name(),
                    map.size(),
                    rows,
                    column,
                    images,
                    indices);
            column += map.size();
        }
        return rows;
    }

    private INDArray flat(INDArray given, FeatureMap map) {
        if (given == null
                || given.rank() != 4
                || given.size(1) != map.channels()
                || given.size(2) != map.height()
                || given.size(3) != map.width()) {
            throw new IllegalArgumentException("guide " + source.identity() + ": wanted its map " + map + ", got "
                    + (given == null ? "none of that name" : Arrays.toString(given.shape())));
        }
        return given.dup('c').reshape('c', given.size(0), map.size());
    }

    private void copy(
            INDArray given, String what, int width, float[] rows, int column, PairedImages images, int[] indices) {
        int count = indices.length;
        if (given.rank() != 2 || given.size(0) != count || given.size(1) != width) {
            throw new IllegalArgumentException("guide " + source.identity() + ": wanted its " + what + " of " + count
                    + " images as [" + count + ", " + width + "], got " + Arrays.toString(given.shape()));
        }
        float[] values = ArrayCopy.floats(given);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                int image = indices[i / width];
                throw new IllegalArgumentException("guide " + source.identity() + ": its " + what + " of "
                        + images.name(image) + " (image " + image + ") is not finite, it holds " + values[i]
                        + "; has the network diverged, or is the image not what it expects?");
            }
        }
        int whole = rows.length / Math.max(1, count);
        for (int i = 0; i < count; i++) {
            System.arraycopy(values, i * width, rows, i * whole + column, width);
        }
    }

    private static Pose[] all(int count, Pose pose) {
        Pose[] poses = new Pose[count];
        Arrays.fill(poses, pose);
        return poses;
    }

    /** Adds rows of embedding and logits to those of the images from {@code start} on. */
    private static void add(float[] rows, int start, float[] embeddings, float[] logits, int width) {
        int classes = embeddings.length == 0 ? 0 : (int) ((long) logits.length * width / embeddings.length);
        int whole = width + classes;
        for (int i = 0; i < rows.length / whole; i++) {
            for (int d = 0; d < width; d++) {
                embeddings[(start + i) * width + d] += rows[i * whole + d];
            }
            for (int c = 0; c < classes; c++) {
                logits[(start + i) * classes + c] += rows[i * whole + width + c];
            }
        }
    }

    private static INDArray array(float[] values, int rows, int columns) {
        return rows == 0
                ? Nd4j.create(DataType.FLOAT, 0, columns)
                : Nd4j.create(values, new long[] {rows, columns}, 'c');
    }
}
