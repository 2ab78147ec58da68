package io.github.horkd.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Steps one after the other; kept flat, so that grouping does not change which seed a step gets. */
record DegradationChain(List<Degradation> steps) implements Degradation {

    static DegradationChain of(List<Degradation> parts) {
        List<Degradation> steps = new ArrayList<>();
        for (Degradation part : parts) {
            if (part instanceof DegradationChain chain) {
                steps.addAll(chain.steps);
            } else {
                steps.add(part);
            }
        }
        return new DegradationChain(List.copyOf(steps));
    }

    @Override
    public ImageShape shape(ImageShape image) {
        for (Degradation step : steps) {
            image = step.shape(image);
        }
        return image;
    }

    @Override
    public Pixels apply(Pixels image, long seed) {
        for (int i = 0; i < steps.size(); i++) {
            image = steps.get(i).apply(image, Seeds.mix(seed, i));
        }
        return image;
    }

    @Override
    public String toString() {
        return steps.isEmpty()
                ? "none"
                : steps.stream().map(Degradation::toString).collect(Collectors.joining(", "));
    }
}
