package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import java.nio.file.Path;
import java.util.Map;

/**
 * CIFAR-10, 32×32 colour against 8×8, 10,000 training pictures of which a tenth is labelled for the students. The experiment is {@code experiments/cifar10.yaml}.
 * <pre>  mvn -q -f examples -Dexample=Cifar10 -Ddata=cifar10.tar.gz</pre>
 * {@code -Ddata} is an archive or a folder with {@code cifar10/train/<class>/<nnnn>.jpg} and {@code cifar10/test/…}. {@code -Dsetting=all} labels all of them, {@code -Dsetting=short} is a
 * teacher of 6 epochs and students of 800 steps, {@code -Dquick=true} a trial. The teacher takes about ten minutes on one core, a student one; the short form a third of it.
 */
public final class Cifar10 {

    private Cifar10() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        settings.dataOrSay("the pictures of CIFAR-10 as JPEG files");
        Map<String, String> values = Experiments.values(settings);
        boolean all = settings.setting().equals("all");
        if (all) {
            values.put("nth", "1");
        }
        boolean brief = settings.setting().equals("short");
        if (brief) {
            values.putAll(Map.of("teacherEpochs", "6", "steps", "800"));
        }
        if (settings.quick()) {
            values.putAll(Map.of("teacherEpochs", "2", "steps", "200"));
        }
        Experiment experiment = Experiments.load("cifar10", values).withSeeds(settings.seeds(settings.quick() ? 1 : 3));
        Path directory = settings.out()
                .resolve("cifar10" + (all ? "-all" : brief ? "-short" : "") + (settings.quick() ? "-quick" : ""));
        RunDirectory done = Experiments.run(experiment.in(directory, Experiments.KINDS), directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
    }
}
