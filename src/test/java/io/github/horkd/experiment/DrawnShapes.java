package io.github.horkd.experiment;

import io.github.horkd.data.PairedImages;
import io.github.horkd.distill.Shapes;

/** A source of the tests' own: bars of four directions. */
public record DrawnShapes(int count, Seed seed) implements ImageSource {

    static final TypeRegistry KINDS = TypeRegistry.standard().with("drawnShapes", new DrawnShapes(64, Seed.fixed(1)));

    @Override
    public PairedImages open(SourceContext context) {
        return Shapes.drawn(count, seed.of(context.seed()));
    }
}
