package io.github.horkd.examples;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.experiment.ImageSource;
import io.github.horkd.experiment.Seed;
import io.github.horkd.experiment.SourceContext;

/**
 * Drawn faces as the source of an experiment: {@code source: {type: drawnPeople, people: 60}}.
 *
 * @param people     how many people: the classes
 * @param pictures   of each
 * @param side       of a picture, in pixels
 * @param low        side of the low-resolution view
 * @param population another seed draws other people
 */
public record DrawnPeople(int people, int pictures, int side, int low, Seed population) implements ImageSource {

    @Override
    public PairedImages open(SourceContext context) {
        return new DrawnFaces(side, false, population.of(context.seed()))
                .pairs(people, pictures, Degradation.downscaleTo(low));
    }
}
