package io.github.horkd.guide;

import io.github.horkd.data.Fit;
import io.github.horkd.data.ImageFile;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A frozen network: images in, embeddings out and, when it was trained to classify, logits. A new kind of teacher implements the five methods without a
 * default, and joins the contract test by one line.
 */
public interface Guide extends KnowledgeSource {

    /**
     * What it takes.
     *
     * @return shape and scaling of its input
     */
    Input input();

    /**
     * The outputs for a batch of images. Scaling is the guide's own work.
     *
     * @param images intensities 0…1, [N, channels, height, width] as {@link #input()} says; left as they are
     * @return embeddings [N, D], where there are classes logits [N, C], and the {@linkplain #maps maps}, detached from every workspace
     */
    Output output(INDArray images);

    /**
     * The same guide, which gives feature maps besides: outputs of layers inside, as a loss between maps wants them.
     *
     * @param names of layers, vertices or tensors, as the kind of guide calls them; they take the place of those asked for before
     * @return a guide of the same answers with these {@linkplain #maps maps}
     * @throws IllegalArgumentException when it has no such map, or none to be had by name
     */
    default Guide withMaps(String... names) {
        throw new IllegalArgumentException("maps: wanted " + List.of(names) + " of guide " + identity()
                + ", which gives none by name; a Network and an OnnxGuide do");
    }

    /**
     * The embedding of one picture of any size, which is cut around its centre where it does not have the proportions of {@link #input()}.
     *
     * @param picture read by {@link ImageFile#load} or made of an image of the JDK
     * @return D values, as {@link #output} gives them
     */
    default float[] embed(ImageFile picture) {
        INDArray images = ImageFile.batch(List.of(picture), input().shape(), Fit.CENTRE_CROP);
        return ArrayCopy.floats(output(images).embeddings());
    }

    @Override
    default boolean seesPixels() {
        return true;
    }

    @Override
    default void require(PairedImages images, Resolution view) {
        ImageShape wanted = input().shape();
        ImageShape got = images.shape(view);
        if (!got.equals(wanted)) {
            throw new IllegalArgumentException(view + " view: wanted " + wanted + " as the network takes it, got " + got
                    + (Upsampled.fits(got, wanted)
                            ? "; upsampled(...) enlarges it first"
                            : "; open the images at that size, or ask about the other view"));
        }
    }

    @Override
    default Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        return BatchPixels.outsideWorkspaces(() -> output(BatchPixels.read(images, view, indices, poses)));
    }

    @Override
    default Guide forInference() {
        return this;
    }

    @Override
    default KnowledgeSource upsampled(Interpolation how) {
        return new Upsampled(this, how);
    }

    @Override
    default Guide toMatch(KnowledgeSource learner) {
        Optional<EmbeddingSpace> space = SourceInSpace.toMatch(this, learner);
        return space.isEmpty() ? this : in(space.get());
    }

    @Override
    default Guide in(EmbeddingSpace space) {
        return new GuideInSpace(this, space);
    }
}
