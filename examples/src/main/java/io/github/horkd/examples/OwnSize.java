package io.github.horkd.examples;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.Interpolation;
import io.github.horkd.data.Pixels;
import io.github.horkd.experiment.DegradationStep;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gives each picture a size of its own, as faces at many distances have, and brings it to one side for a network. The size is drawn from the picture's own values, so that it is the
 * same for whoever looks at that picture.
 *
 * @param lowest  the smallest size, in pixels
 * @param highest the largest
 * @param side    rows and columns of the result
 * @param how     a smaller picture is enlarged; a larger one is averaged down
 */
public record OwnSize(int lowest, int highest, int side, Interpolation how) implements Degradation, DegradationStep {

    @Override
    public Degradation degradation() {
        return this;
    }

    /** How large a picture is seen: evenly from the lowest to the highest size. */
    int of(Pixels image) {
        return lowest + Math.floorMod(Arrays.hashCode(image.values()) * 0x9E3779B9 >>> 8, highest - lowest + 1);
    }

    @Override
    public ImageShape shape(ImageShape image) {
        return new ImageShape(image.channels(), side, side);
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        int size = of(image);
        Pixels small = Degradation.downscaleTo(size).apply(image, seed);
        if (size >= side) {
            return Degradation.downscaleTo(side).apply(small, seed);
        }
        INDArray pixels =
                Nd4j.create(small.values(), new long[] {1, image.shape().channels(), size, size}, 'c');
        float[] enlarged = how.resize(pixels, side, side).data().asFloat();
        for (int i = 0; i < enlarged.length; i++) {
            enlarged[i] = Math.min(Math.max(enlarged[i], 0), 1);
        }
        return new Pixels(shape(image.shape()), enlarged);
    }
}
