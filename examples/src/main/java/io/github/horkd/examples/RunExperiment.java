package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import java.nio.file.Path;

/**
 * Runs an experiment that is written in a file, without a line of Java.
 * <pre>  mvn -q -f examples -Dexperiment=faces.yaml</pre>
 * The file may also be the name of one that comes with the examples: quickstart, orl, fashion-mnist, lfw, cifar10. {@code -Ddata}, {@code -Dteacher} and {@code -Dprotocol} stand for <code>${data}</code>,
 * <code>${teacher}</code> and <code>${protocol}</code> in it, {@code -Dseeds} for its seeds, {@code -Dsetting} for one of its variants. A run that was stopped goes on.
 */
public final class RunExperiment {

    private RunExperiment() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        Experiment written = Experiments.load(settings.experiment(), Experiments.values(settings));
        Experiment seeded = settings.seeds() == 0 ? written : written.withSeeds(settings.seeds(settings.seeds()));
        Experiment experiment = settings.setting().isEmpty() ? seeded : seeded.withVariants(settings.setting());
        Path directory = settings.out().resolve(experiment.name());
        RunDirectory done = Experiments.run(experiment.in(directory, Experiments.KINDS), directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
    }
}
