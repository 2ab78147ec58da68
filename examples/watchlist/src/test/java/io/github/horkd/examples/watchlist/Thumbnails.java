package io.github.horkd.examples.watchlist;

import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.guide.Guide;
import io.github.horkd.guide.Input;
import io.github.horkd.guide.Scaling;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A recogniser that needs no training: the picture at 6×6 pixels, standardised. The same picture, sharp or small, has nearly the same
 * embedding, so it plays teacher and student alike.
 */
record Thumbnails(String identity, int side, Runnable before) implements Guide {

    Thumbnails(String identity, int side) {
        this(identity, side, () -> {});
    }

    static Recognisers recognisers() {
        return recognisers(() -> {});
    }

    /** Recognisers that do something first whenever they are asked. */
    static Recognisers recognisers(Runnable before) {
        return Recognisers.at(0.9, new Thumbnails("sharp", 48, before), new Thumbnails("small", 12, before));
    }

    @Override
    public Input input() {
        return new Input(ImageShape.gray(side), Scaling.STANDARDISED);
    }

    @Override
    public int embeddingWidth() {
        return 36;
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public Output output(INDArray images) {
        before.run();
        INDArray shrunk = images;
        // Halving by bilinear sampling is the mean of 2×2; 48 comes to 6 in three steps, 12 in one.
        for (int size = side / 2; size >= 6; size /= 2) {
            shrunk = Interpolation.BILINEAR.resize(shrunk, size, size);
        }
        return Output.of(input().scaling().apply(shrunk).reshape(images.size(0), 36));
    }
}
