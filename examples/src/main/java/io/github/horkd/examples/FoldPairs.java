package io.github.horkd.examples;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.FoldAccuracy;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.eval.PeopleList;
import io.github.horkd.experiment.Measure;
import io.github.horkd.experiment.Seed;
import io.github.horkd.experiment.Trial;
import io.github.horkd.guide.LocalScaling;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LFW's View 2: the accuracy on the pairs of one fold, at the threshold that is best on the others.
 *
 * @param column  what it is called
 * @param set     whose pictures the pairs name
 * @param pairs   the file of folds of pairs
 * @param against what probes are matched with; across resolutions each pair counts both ways
 * @param fold    of the run
 * @param cohort  the file of folds of people: cosines are {@linkplain LocalScaling locally scaled} by the pictures of the people of the other folds; empty for plain cosines
 */
public record FoldPairs(String column, String set, Path pairs, Against against, Seed fold, Path cohort)
        implements Measure {

    private static final Path NONE = Path.of("");

    /** What a file need not say. */
    static FoldPairs defaults() {
        return new FoldPairs("", "", NONE, Against.WITHIN, Seed.ofRun(), NONE);
    }

    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public double[] of(Trial trial) {
        INDArray probes = trial.probes(set);
        INDArray gallery = against.gallery(trial, set);
        ImagePairs named = PairList.read(pairs).in(trial.set(set));
        ImagePairs asked = against == Against.WITHIN ? named : named.bothWays();
        long own = fold.of(trial.seed());
        float[] scores = cohort.equals(NONE)
                ? asked.cosines(gallery, probes)
                : asked.scores(gallery, probes, scaling(gallery, probes, trial.set(set), own));
        List<Double> accuracies = FoldAccuracy.of(scores, asked.same(), asked.folds(), Accuracy.PLAIN)
                .accuracies();
        if (own < 0 || own >= accuracies.size()) {
            throw new IllegalArgumentException(
                    "fold: wanted 0 to " + (accuracies.size() - 1) + " as " + pairs + " has them, got " + own);
        }
        return new double[] {100 * accuracies.get((int) own)};
    }

    private LocalScaling scaling(INDArray gallery, INDArray probes, PairedImages images, long own) {
        Set<String> others = PeopleList.read(cohort).people().stream()
                .filter(person -> person.fold() != own)
                .map(PeopleList.Person::name)
                .collect(Collectors.toSet());
        int[] rows = IntStream.range(0, images.size())
                .filter(i -> others.contains(images.classes().get(images.label(i))))
                .toArray();
        return LocalScaling.of(gallery.getRows(rows), probes.getRows(rows));
    }
}
