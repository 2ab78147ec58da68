package io.github.horkd.experiment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Files of experiments, for tests that damage or replace them. */
public final class ExperimentFiles {

    private static final Path SHAPES =
            Path.of(System.getProperty("basedir", ""), "src/test/resources/io/github/horkd/experiment/shapes.yaml");

    private ExperimentFiles() {}

    /** The experiment of the tests, over one seed. */
    public static Experiment shapes() {
        return load(SHAPES).withSeeds(1);
    }

    /** The least of it that is run: a teacher, used as it is, without pictures. */
    public static Experiment least() {
        Experiment all = shapes().withVariants("naive");
        return new Experiment(
                all.name(),
                all.about(),
                all.data(),
                all.teachers(),
                all.networks(),
                all.variants(),
                all.seeds(),
                all.evaluation(),
                false);
    }

    /** Reads an experiment with the tests' own kinds. */
    public static Experiment load(Path file) {
        return Experiment.load(file, Map.of(), DrawnShapes.KINDS);
    }

    /** Writes an experiment with them. */
    public static void save(Experiment experiment, Path file) {
        experiment.save(file, DrawnShapes.KINDS);
    }

    /** Where an experiment is run. */
    public static ExperimentRun in(Experiment experiment, Path directory) {
        return experiment.in(directory, DrawnShapes.KINDS);
    }

    /** A directory that was never run: a manifest and a run with a few epochs. */
    public static void write(Path directory, int epochs) {
        RunDirectory.write(
                directory.resolve(RunDirectory.MANIFEST),
                "the manifest",
                new Manifest(
                        "shapes",
                        "",
                        RunState.RUNNING,
                        "",
                        "0123",
                        "2026-01-01T00:00:00Z",
                        "2026-01-01T00:00:00Z",
                        epochs,
                        List.of(1L),
                        List.of("one"),
                        List.of(),
                        List.of("rank-1"),
                        Map.of("java", "17"),
                        Map.of(),
                        Map.of(),
                        List.of(new Manifest.DataSet("test", 1, "4567", 3, 3, 2, "1x8x8", "1x4x4", "")),
                        Map.of("pairs.txt", "89ab")));
        Path run = directory.resolve(RunDirectory.RUNS).resolve("one");
        RunDirectory.write(
                run.resolve(RunDirectory.HISTORY),
                "the history of a run",
                new RunDirectory.History(
                        Collections.nCopies(
                                epochs, new RunResult.Epoch("student", 1, 3, 0.5, Double.NaN, 0.01, 100, List.of())),
                        List.of()));
        RunDirectory.write(
                run.resolve(RunDirectory.RUN),
                "the state of a run",
                new RunDirectory.Summary("one", 1, RunState.RUNNING, epochs, Map.of("rank-1", 0.5), List.of()));
        table(run, 2 + epochs);
    }

    /** Embeddings of two pictures. */
    public static void table(Path run, int width) {
        new EmbeddingTable(List.of("a", "b"), List.of("Ada", ""), Collections.nCopies(2, new float[width]))
                .write(run, "probes");
    }

    /** Reads such a table by its {@code .npy}. */
    public static EmbeddingTable table(Path npy) {
        return EmbeddingTable.read(npy.getParent(), "probes");
    }
}
