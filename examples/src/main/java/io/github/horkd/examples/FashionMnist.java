package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Fashion-MNIST, 28×28 against 7×7: every way to train the same small student, over several seeds. The experiment is {@code experiments/fashion-mnist.yaml}.
 * <pre>  mvn -q -f examples -Dexample=FashionMnist -Ddata=DIR -Dsetting=B</pre>
 * DIR holds the four IDX files (Debian: package dataset-fashion-mnist). The first 10,000 training images train, the 10,000 test images test. Setting A labels all of them; in
 * setting B the students get the labels of the first 2,000 only. {@code -Dseeds=3}, and {@code -Dout=DIR} for where figures and networks are kept, are optional.
 * One run of a student takes about a minute on one core; the whole of a setting about an hour.
 */
public final class FashionMnist {

    /** What only makes sense where labels are scarce. */
    private static final Set<String> SCARCE = Set.of(
            "distance alone",
            "angle alone",
            "two stages, HR assistant",
            "two stages, LR assistant",
            "hybrid + soft logits, teacher saw the same 2,000");

    private FashionMnist() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        settings.dataOrSay("the four IDX files of Fashion-MNIST");
        boolean scarce = !settings.setting().equals("A");
        Map<String, String> values = Experiments.values(settings);
        values.put("labels", scarce ? "2000" : "10000");
        values.put("rivalSeed", Long.toString(settings.seed()));
        Experiment all = Experiments.load("fashion-mnist", values).withSeeds(settings.seeds(3));
        Experiment experiment = scarce
                ? all
                : all.withVariants(all.variants().stream()
                        .filter(variant -> !SCARCE.contains(variant.name()))
                        .toList());
        Path directory = settings.out().resolve(scarce ? "fashion-b" : "fashion-a");
        RunDirectory done = Experiments.run(experiment.in(directory, Experiments.KINDS), directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
    }
}
