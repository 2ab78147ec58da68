package io.github.horkd.knowledge;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.guide.EmbeddingRows;
import io.github.horkd.guide.FeatureMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a frozen guide answered about every image in each of its {@link KnownPoses}. A guide is slow and its answers do not change, so it is asked once and never in a training step. A {@link KnowledgeStore} makes it and keeps it, in memory or in a file; of a
 * file only the rows that are asked for come onto the heap. Safe to read from several threads.
 */
public final class Knowledge {

    private final KnowledgeRows rows;
    private final int images;
    private final KnownPoses poses;
    private final int embeddingWidth;
    private final int logitsWidth;
    private final List<FeatureMap> maps;

    Knowledge(KnowledgeRows rows, KnowledgeRequest request) {
        this(
                rows,
                request.images().size(),
                request.poses(),
                request.embeddingWidth(),
                request.logitsWidth(),
                request.maps());
    }

    private Knowledge(
            KnowledgeRows rows,
            int images,
            KnownPoses poses,
            int embeddingWidth,
            int logitsWidth,
            List<FeatureMap> maps) {
        this.rows = rows;
        this.images = images;
        this.poses = poses;
        this.embeddingWidth = embeddingWidth;
        this.logitsWidth = logitsWidth;
        this.maps = List.copyOf(maps);
    }

    /**
     * What is known of some of the images. Nobody is asked, nothing is copied.
     *
     * @param indices which images, as {@link PairedImages} counts them
     * @return the knowledge of the set that {@link PairedImages#subset} of the same indices makes, valid as long as this one
     * @throws IndexOutOfBoundsException when there is no such image
     */
    public Knowledge ofPart(int... indices) {
        int[] part = indices.clone();
        for (int index : part) {
            Objects.checkIndex(index, images);
        }
        KnowledgeRows all = rows;
        int whole = images;
        KnowledgeRows fewer = new KnowledgeRows() {
            @Override
            public void read(long row, int column, float[] to, int at, int count) {
                long pose = row / part.length;
                all.read(pose * whole + part[(int) (row % part.length)], column, to, at, count);
            }

            @Override
            public void close() {
                all.close();
            }
        };
        return new Knowledge(fewer, part.length, poses.ofPart(part), embeddingWidth, logitsWidth, maps);
    }

    /**
     * The poses in which the guide was asked about every image.
     *
     * @return K poses an image
     */
    public KnownPoses poses() {
        return poses;
    }

    /**
     * The guide's embeddings of some images.
     *
     * @param indices which images, B of them, as {@link PairedImages} counts them
     * @param poses   how each was moved, B of them: poses that {@link #poses()} gives, or any pose at all where those were not drawn
     * @return FLOAT [B, D]
     * @throws IllegalArgumentException  when the guide was not asked about a pose, or there is not one pose an image
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
     * @param poses   how each was moved, B of them: poses that {@link #poses()} gives, or any pose at all where those were not drawn
     * @return FLOAT [B, C]; empty when the guide has no logits
     * @throws IllegalArgumentException  when the guide was not asked about a pose, or there is not one pose an image
     * @throws IndexOutOfBoundsException when there is no such image
     * @throws IllegalStateException     when the store was closed
     */
    public Optional<INDArray> logits(int[] indices, Pose[] poses) {
        return logitsWidth == 0 ? Optional.empty() : Optional.of(rows(embeddingWidth, logitsWidth, indices, poses));
    }

    /**
     * One of the guide's feature maps of some images.
     *
     * @param name    of one of its {@linkplain io.github.horkd.guide.KnowledgeSource#maps maps}
     * @param indices which images, B of them, as {@link PairedImages} counts them
     * @param poses   how each was moved, B of them: poses that {@link #poses()} gives, or any pose at all where those were not drawn
     * @return FLOAT [B, channels, height, width]
     * @throws IllegalArgumentException  when there is no such map, the guide was not asked about a pose, or there is not one pose an image
     * @throws IndexOutOfBoundsException when there is no such image
     * @throws IllegalStateException     when the store was closed
     */
    public INDArray map(String name, int[] indices, Pose[] poses) {
        int column = embeddingWidth + logitsWidth;
        for (FeatureMap map : maps) {
            if (map.name().equals(name)) {
                return rows(column, map.size(), indices, poses)
                        .reshape(indices.length, map.channels(), map.height(), map.width());
            }
            column += map.size();
        }
        throw new IllegalArgumentException("maps: wanted one of " + maps + ", got '" + name + "'");
    }

    /**
     * The guide's embeddings of all images in all poses: first of every image in the first pose, then in the next.
     *
     * @return K · N rows, valid as long as this knowledge
     */
    public EmbeddingRows embeddingRows() {
        return new EmbeddingRows() {
            @Override
            public int count() {
                return Math.multiplyExact(images, poses.count());
            }

            @Override
            public int width() {
                return embeddingWidth;
            }

            @Override
            public void read(int row, float[] to) {
                rows.read(row, 0, to, 0, embeddingWidth);
            }
        };
    }

    private INDArray rows(int column, int width, int[] indices, Pose[] moved) {
        if (moved.length != indices.length) {
            throw new IllegalArgumentException(
                    "poses: wanted one for each of " + indices.length + " images, got " + moved.length);
        }
        float[] batch = new float[Math.multiplyExact(indices.length, width)];
        for (int i = 0; i < indices.length; i++) {
            rows.read(view(indices[i], moved[i]), column, batch, i * width, width);
        }
        return Nd4j.createFromArray(batch).reshape(indices.length, width);
    }

    private long view(int index, Pose pose) {
        Objects.checkIndex(index, images);
        return (long) images * poses.find(index, pose) + index;
    }

    void close() {
        rows.close();
    }
}
