package io.github.horkd.experiment;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What an experiment leaves on disk, read back; while it runs, what is there so far. The page "Experiments" shows the layout.
 *
 * @param path     the directory
 * @param manifest what it says about itself
 * @param runs     in the order of the variants, each by its seeds; the networks that variants share come first
 */
public record RunDirectory(Path path, Manifest manifest, List<RunResult> runs) {

    static final String MANIFEST = "manifest.json";
    static final String EXPERIMENT = "experiment.json";
    static final String RUNS = "runs";
    static final String RUN = "run.json";
    static final String HISTORY = "history.json";
    static final String EVALUATION = "evaluation.json";

    /** Manifests of before files were noted have none. */
    private static final Form FORM = new Form(TypeRegistry.none(), List.of(), Map.of(Manifest.class, said -> {
        said.putIfAbsent("files", Map.of());
        return said;
    }));

    /** {@code run.json}. */
    record Summary(
            String variant,
            long seed,
            RunState state,
            double seconds,
            Map<String, Double> figures,
            List<RunResult.TrainedNetwork> networks) {}

    /** {@code history.json}. */
    record History(List<RunResult.Epoch> epochs, List<RunResult.ValidationPoint> validation) {
        static final History EMPTY = new History(List.of(), List.of());
    }

    /** {@code evaluation.json}. */
    record EvaluationDetails(
            List<RunResult.MatchingCurves> matching,
            List<RunResult.AtResolution> byResolution,
            List<RunResult.Answer> answers) {
        static final EvaluationDetails NOTHING = new EvaluationDetails(List.of(), List.of(), List.of());
    }

    /** Copies the list. */
    public RunDirectory {
        runs = List.copyOf(runs);
    }

    /**
     * Reads a run directory.
     *
     * @param path the directory of an experiment
     * @return what is there
     * @throws UncheckedIOException     when there is no manifest, or a file cannot be read
     * @throws IllegalArgumentException when a file is damaged or of another version
     */
    public static RunDirectory read(Path path) {
        Path file = path.resolve(MANIFEST);
        if (!Files.exists(file)) {
            throw new UncheckedIOException(
                    path + ": wanted the directory of an experiment, there is no " + MANIFEST + " in it",
                    new IOException("no such file"));
        }
        Manifest manifest = read(Manifest.class, file);
        List<RunResult> runs = new ArrayList<>();
        if (Files.isDirectory(path.resolve(RUNS))) {
            try (Stream<Path> directories = Files.list(path.resolve(RUNS))) {
                directories
                        .filter(directory -> Files.exists(directory.resolve(RUN)))
                        .map(RunDirectory::run)
                        .forEach(runs::add);
            } catch (IOException e) {
                throw new UncheckedIOException(path.resolve(RUNS) + ": could not be read (" + e + ")", e);
            }
        }
        runs.sort(Comparator.<RunResult>comparingInt(run -> manifest.variants().indexOf(run.variant()))
                .thenComparingLong(RunResult::seed));
        return new RunDirectory(path, manifest, runs);
    }

    /**
     * How far an experiment is, without reading its runs.
     *
     * @param path the directory of an experiment
     * @return the manifest's state
     * @throws UncheckedIOException     when there is no manifest
     * @throws IllegalArgumentException when it is damaged or of another version
     */
    public static RunState state(Path path) {
        return read(Manifest.class, path.resolve(MANIFEST)).state();
    }

    private static RunResult run(Path directory) {
        Summary summary = read(Summary.class, directory.resolve(RUN));
        History history = orElse(History.class, directory.resolve(HISTORY), History.EMPTY);
        EvaluationDetails details =
                orElse(EvaluationDetails.class, directory.resolve(EVALUATION), EvaluationDetails.NOTHING);
        return new RunResult(
                directory,
                summary.variant(),
                summary.seed(),
                summary.state(),
                summary.seconds(),
                summary.figures(),
                summary.networks(),
                history.epochs(),
                history.validation(),
                details.matching(),
                details.byResolution(),
                details.answers());
    }

    static <T> T orElse(Class<T> type, Path file, T otherwise) {
        return Files.exists(file) ? read(type, file) : otherwise;
    }

    static <T> T read(Class<T> type, Path file) {
        return FORM.read(type, TreeFile.read(file), file.toString());
    }

    static void write(Path file, String what, Record value) {
        TreeFile.write(file, what, FORM.write(value));
    }

    /**
     * The finished runs of one variant.
     *
     * @param variant its name
     * @return by seed
     */
    public List<RunResult> finished(String variant) {
        return runs.stream()
                .filter(run -> run.variant().equals(variant) && run.state() == RunState.FINISHED)
                .toList();
    }

    /**
     * The figures of all variants: mean ± sample standard deviation over seeds.
     *
     * @return a row a variant, in percent
     */
    public Table table() {
        List<String> header = new ArrayList<>(List.of("", "seeds"));
        header.addAll(manifest.columns());
        Table table = Table.of(header.toArray(String[]::new));
        for (String variant : manifest.variants()) {
            List<RunResult> done = finished(variant);
            List<Object> cells = new ArrayList<>(List.of(variant, done.size()));
            for (String column : manifest.columns()) {
                cells.add(Spread.of(done.stream()
                        .mapToDouble(run -> run.figures().getOrDefault(column, Double.NaN))
                        .toArray()));
            }
            if (!done.isEmpty()) {
                table = table.row(cells.toArray());
            }
        }
        return table;
    }
}
