package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The ORL faces of 40 people, 56×46 against 10×8 or 6×5: images 1 to 5 of each person train, 6 to 10 test. The experiment is {@code experiments/orl.yaml}.
 * <pre>  mvn -q -f examples -Dexample=Orl -Ddata=orl_faces.zip -Dsetting=small-1</pre>
 * {@code -Ddata} is the archive or a folder {@code s01/01.png … s40/10.png}. Settings: {@code large-5} (10×8, all five labelled), {@code small-5} (6×5, all five labelled; the default) and
 * {@code small-1} (6×5, only the first labelled for the students). The same people in training and test, 200 probes, no validation part: a demonstration, not a
 * confirmation. A setting takes about five minutes on one core.
 */
public final class Orl {

    private static final Map<String, Map<String, String>> SETTINGS = Map.of(
            "large-5",
            Map.of("lowHeight", "10", "lowWidth", "8"),
            "small-5",
            Map.of(),
            "small-1",
            Map.of("labelled", "1"));

    private Orl() {}

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.ofThisRun();
        String setting = settings.setting().isEmpty() ? "small-5" : settings.setting();
        if (!SETTINGS.containsKey(setting)) {
            throw new IllegalArgumentException(
                    "setting: wanted one of " + List.copyOf(new TreeMap<>(SETTINGS).keySet()) + ", got " + setting);
        }
        settings.dataOrSay("the ORL faces, one directory a person");
        Map<String, String> values = Experiments.values(settings);
        values.putAll(SETTINGS.get(setting));
        Experiment experiment = Experiments.load("orl", values).withSeeds(settings.seeds(3));
        Path directory = settings.out().resolve("orl-" + setting);
        RunDirectory done = Experiments.run(experiment.in(directory, Experiments.KINDS), directory);
        System.out.println(done.table().markdown());
        Experiments.sayWhere(directory);
    }
}
