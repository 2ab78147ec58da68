package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.experiment.Selection;
import io.github.horkd.experiment.SourceContext;

/**
 * Leaves out every n-th person, beginning with the first: a short form's part of the people.
 *
 * @param nth 3 for two thirds of the people; 0 for all
 */
public record WithoutEveryPerson(int nth) implements Selection {

    @Override
    public PairedImages of(PairedImages images, SourceContext context) {
        return nth == 0 ? images : images.where(i -> images.label(i) % nth > 0);
    }
}
