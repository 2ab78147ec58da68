package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.ExperimentRun;
import io.github.horkd.experiment.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs an experiment that is written in a file, without a line of Java.
 * <pre>  mvn -q -f examples -Dexperiment=faces.yaml</pre>
 * The file may also be the name of one that comes with the examples: quickstart, own-teacher, orl, fashion-mnist, lfw, lfw-teacher, lfw-view2, cifar10. {@code -Ddata}, {@code -Dteacher}, {@code -Dprotocol}, {@code -Dscaling},
 * {@code -Dside} and {@code -Dsteps} stand for <code>${data}</code>, <code>${teacher}</code> and so on in it, {@code -Dseeds} for its seeds, {@code -Dsetting} for some of its variants, with semicolons between. A run that was stopped goes on.
 */
public final class RunExperiment {

    private static final List<String> FURTHER = List.of("scaling", "side", "steps");

    private RunExperiment() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        Map<String, String> values = Experiments.values(settings);
        FURTHER.forEach(name -> Settings.given(name).ifPresent(value -> values.put(name, value)));
        Experiment written = Experiments.load(settings.experiment(), values);
        Experiment experiment = settings.seeds() == 0 ? written : written.withSeeds(settings.seeds(settings.seeds()));
        Path directory = settings.out().resolve(experiment.name());
        ExperimentRun run = experiment.in(directory, Experiments.KINDS);
        if (!settings.setting().isEmpty()) {
            run.only(settings.setting().split(";"));
        }
        RunDirectory done = Experiments.run(run, directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
    }
}
