package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Identification;
import io.github.horkd.eval.IdentityMeans;
import io.github.horkd.experiment.Measure;
import io.github.horkd.experiment.Trial;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Held-out pictures of known people against the mean high-resolution embedding of their other ones.
 *
 * @param column   what it is called
 * @param probes   the set of held-out pictures
 * @param enrolled the set of their other pictures; those without label are left out
 */
public record ClosedRank(String column, String probes, String enrolled) implements Measure {

    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public double[] of(Trial trial) {
        int[] labels = trial.labels(enrolled);
        int[] known = IntStream.range(0, labels.length)
                .filter(i -> labels[i] != PairedImages.UNLABELLED)
                .toArray();
        IdentityMeans means = IdentityMeans.of(
                trial.gallery(enrolled).getRows(known),
                IntStream.of(known).map(i -> labels[i]).toArray());
        return new double[] {
            100
                    * Identification.of(trial.probes(probes), trial.labels(probes), means.embeddings(), means.labels())
                            .rank(1)
        };
    }
}
