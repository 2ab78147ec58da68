package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Pose;
import io.github.horkd.data.Resolution;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A guide that is given smaller views, enlarged to its input: the naive use of a high-resolution network at low resolution. */
record Upsampled(Guide guide, Interpolation how) implements KnowledgeSource {

    static boolean fits(ImageShape view, ImageShape input) {
        return view.channels() == input.channels() && view.height() <= input.height() && view.width() <= input.width();
    }

    @Override
    public String identity() {
        return guide.identity() + " upsampled " + how;
    }

    @Override
    public int embeddingWidth() {
        return guide.embeddingWidth();
    }

    @Override
    public List<String> classes() {
        return guide.classes();
    }

    @Override
    public List<FeatureMap> maps() {
        return guide.maps();
    }

    @Override
    public Optional<EmbeddingSpace> embeddingSpace() {
        return guide.embeddingSpace();
    }

    @Override
    public boolean seesPixels() {
        return true;
    }

    @Override
    public void require(PairedImages images, Resolution view) {
        ImageShape wanted = guide.input().shape();
        if (!fits(images.shape(view), wanted)) {
            throw new IllegalArgumentException(view + " view: wanted at most " + wanted
                    + " as the network takes it, got " + images.shape(view) + "; it is enlarged, never made smaller");
        }
    }

    @Override
    public Output outputs(PairedImages images, Resolution view, int[] indices, Pose[] poses) {
        ImageShape wanted = guide.input().shape();
        return BatchPixels.outsideWorkspaces(() -> {
            INDArray pixels = BatchPixels.read(images, view, indices, poses);
            return guide.output(
                    images.shape(view).equals(wanted) ? pixels : how.resize(pixels, wanted.height(), wanted.width()));
        });
    }

    @Override
    public KnowledgeSource forInference() {
        return new Upsampled(guide.forInference(), how);
    }

    @Override
    public KnowledgeSource upsampled(Interpolation other) {
        return new Upsampled(guide, other);
    }
}
