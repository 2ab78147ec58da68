package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.experiment.Selection;
import io.github.horkd.experiment.SourceContext;
import java.util.stream.IntStream;

/**
 * The last picture of everybody with many, or all pictures but these: then only people with many are labelled.
 *
 * @param atLeast how many are many
 * @param taken   the last pictures, or all the others
 */
public record LastOfMany(int atLeast, boolean taken) implements Selection {

    @Override
    public PairedImages of(PairedImages images, SourceContext context) {
        int[] count = new int[images.classes().size()];
        int[] last = new int[count.length];
        IntStream.range(0, images.size()).forEach(i -> {
            count[images.label(i)]++;
            last[images.label(i)] = i;
        });
        int[] chosen = IntStream.range(0, images.size())
                .filter(i -> taken == (count[images.label(i)] >= atLeast && last[images.label(i)] == i))
                .toArray();
        return taken
                ? images.subset(chosen)
                : images.subset(chosen)
                        .withoutLabels(i -> count[images.label(chosen[i])] < atLeast)
                        .withoutUnusedClasses();
    }
}
