package io.github.horkd.examples;

import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.ExperimentRun;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunState;
import io.github.horkd.experiment.Seed;
import io.github.horkd.experiment.TypeRegistry;
import io.github.horkd.report.ExperimentReport;
import io.github.horkd.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The experiments that come with the examples, and how all of them are run. */
final class Experiments {

    /** What files of experiments may call by name here: the library's kinds, and those of the examples. */
    static final TypeRegistry KINDS = TypeRegistry.standard()
            .with("drawnPeople", new DrawnPeople(60, 30, 64, 12, Seed.ofRun()))
            .with("lastOfMany", LastOfMany.class)
            .with("closedRank", ClosedRank.class)
            .with("judgedFaces", JudgedFaces.class)
            .with("withoutEveryPerson", WithoutEveryPerson.class)
            .with("manyViews", ManyViews.USUAL)
            .with("foldPairs", FoldPairs.defaults())
            .with("ownSize", OwnSize.class)
            .with("nearestOfSizes", NearestOfSizes.class);

    private Experiments() {}

    /**
     * Reads an experiment.
     *
     * @param file   a file, or the name of one that comes with the examples: "orl"
     * @param values what stands for its {@code ${name}}s
     */
    static Experiment load(String file, Map<String, String> values) throws IOException {
        ConsoleProgress.insteadOfLines();
        if (Files.exists(Path.of(file))) {
            return Experiment.load(Path.of(file), values, KINDS);
        }
        String name = file + ".yaml";
        try (InputStream in = Experiments.class.getResourceAsStream("/experiments/" + name)) {
            if (in == null) {
                throw new IllegalArgumentException("experiment: wanted a file, or one of quickstart, own-teacher,"
                        + " orl, fashion-mnist, lfw, lfw-teacher, lfw-view2, cifar10, got " + file);
            }
            return Experiment.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), name, values, KINDS);
        }
    }

    /** What the command line says for the {@code ${name}}s of files. */
    static Map<String, String> values(Settings settings) {
        Map<String, String> values = new LinkedHashMap<>();
        settings.data().ifPresent(data -> values.put("data", data.toString()));
        settings.teacher().ifPresent(teacher -> values.put("teacher", teacher.toString()));
        // People are copied into reports only where somebody asks for it.
        values.put(
                "pictures",
                Boolean.toString(settings.pictures() || settings.data().isEmpty()));
        settings.protocol().or(settings::data).ifPresent(folder -> values.put("protocol", folder.toString()));
        return values;
    }

    /** Runs an experiment, or what is left of it, with a bar in the terminal and a report that grows; says where that is. */
    static RunDirectory run(ExperimentRun run, Path directory) {
        if (Files.exists(directory.resolve("manifest.json"))
                && RunDirectory.read(directory).manifest().state() == RunState.FINISHED) {
            System.out.println(
                    "was run before, only what is new is run; remove " + directory + " to run all of it again");
        }
        System.out.println("report, newer with every reload: "
                + directory.resolve(Report.HTML).toAbsolutePath());
        return run.listen(ConsoleProgress.here())
                .whenWritten(ExperimentReport.live())
                .run();
    }

    /** The last line: where everything is. */
    static void sayWhere(Path directory) {
        System.out.println("everything is in " + directory + "; the report: "
                + directory.resolve(Report.HTML).toAbsolutePath());
    }
}
