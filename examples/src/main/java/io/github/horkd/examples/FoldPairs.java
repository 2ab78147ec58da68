package io.github.horkd.examples;

import io.github.horkd.eval.Accuracy;
import io.github.horkd.eval.FoldAccuracy;
import io.github.horkd.eval.ImagePairs;
import io.github.horkd.eval.PairList;
import io.github.horkd.experiment.Measure;
import io.github.horkd.experiment.Seed;
import io.github.horkd.experiment.Trial;
import java.nio.file.Path;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LFW's View 2: the accuracy on the pairs of one fold, at the threshold that is best on the others.
 *
 * @param column  what it is called
 * @param set     whose pictures the pairs name
 * @param pairs   the file of folds of pairs
 * @param against what probes are matched with; across resolutions each pair counts both ways
 * @param fold    of the run
 */
public record FoldPairs(String column, String set, Path pairs, Against against, Seed fold) implements Measure {

    @Override
    public List<String> columns() {
        return List.of(column);
    }

    @Override
    public double[] of(Trial trial) {
        INDArray probes = trial.probes(set);
        ImagePairs named = PairList.read(pairs).in(trial.set(set));
        ImagePairs asked = against == Against.WITHIN ? named : named.bothWays();
        List<Double> accuracies = FoldAccuracy.of(
                        asked.cosines(against.gallery(trial, set), probes), asked.same(), asked.folds(), Accuracy.PLAIN)
                .accuracies();
        long own = fold.of(trial.seed());
        if (own < 0 || own >= accuracies.size()) {
            throw new IllegalArgumentException(
                    "fold: wanted 0 to " + (accuracies.size() - 1) + " as " + pairs + " has them, got " + own);
        }
        return new double[] {100 * accuracies.get((int) own)};
    }
}
