package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import java.util.Objects;

/**
 * What a network takes: the shape of one image, and how its intensities are scaled.
 *
 * @param shape   channels, height, width
 * @param scaling from intensities 0…1 to the network's own values
 */
public record Input(ImageShape shape, Scaling scaling) {

    public Input {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(scaling, "scaling");
        scaling.requireChannels(shape.channels());
    }
}
