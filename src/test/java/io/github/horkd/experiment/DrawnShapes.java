package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Shapes;

/** A source of the tests' own: bars of four directions. */
public record DrawnShapes(int count, Seed seed) implements ImageSource {

    static final Kinds KINDS = Kinds.standard().with("drawnShapes", new DrawnShapes(64, Seed.fixed(1)));

    @Override
    public PairedImages open(Opening opening) {
        return Shapes.drawn(count, seed.of(opening.seed()));
    }
}
