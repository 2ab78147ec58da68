package io.github.horkd.report;

import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunState;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The report of an experiment's directory, finished or under way.
 * <pre>  experiment.in(directory).whenWritten(ExperimentReport.live()).run();        // beside the run's own files, newer after every epoch
 *  ExperimentReport.of(RunDirectory.read(directory)).write(directory);         // later
 * </pre>
 */
public final class ExperimentReport {

    private static final double SECONDS_BETWEEN = 5;
    private static final double SHARE_OF_TIME = 0.02;

    private ExperimentReport() {}

    /**
     * Makes the report.
     *
     * @param run the directory, read
     * @return the report as far as the experiment is
     */
    public static Report of(RunDirectory run) {
        return new Report(
                run.manifest().name(), run.manifest().about(), status(run), new ExperimentSections(run).all());
    }

    private static String status(RunDirectory run) {
        long done = run.manifest().variants().stream()
                .mapToLong(variant -> run.finished(variant).size())
                .sum();
        return switch (run.manifest().state()) {
            case FINISHED -> "";
            case FAILED -> "It was ended by a problem: " + run.manifest().problem();
            case PLANNED -> "It has not begun";
            case RUNNING ->
                done + " of the runs are done"
                        + run.runs().stream()
                                .filter(r -> r.state() == RunState.RUNNING
                                        && !r.epochs().isEmpty())
                                .findFirst()
                                .map(r -> r.epochs().get(r.epochs().size() - 1))
                                .map(e -> "; stage " + e.stage() + ", epoch " + e.epoch() + " of " + e.epochs())
                                .orElse("");
        };
    }

    /**
     * For an experiment's {@code whenWritten}: keeps {@value Report#HTML} and {@value Report#MARKDOWN} in its directory new. Not more often than every few
     * seconds nor for more than a fiftieth of the time, but always when the experiment ends.
     *
     * @return whom to tell, for one run
     */
    public static Consumer<Path> live() {
        return new Consumer<>() {
            private long written;
            private double cost;

            @Override
            public synchronized void accept(Path directory) {
                double since = (System.nanoTime() - written) / 1e9;
                boolean due = written == 0 || since > Math.max(SECONDS_BETWEEN, cost / SHARE_OF_TIME);
                if (due || RunDirectory.state(directory) != RunState.RUNNING) {
                    long began = System.nanoTime();
                    of(RunDirectory.read(directory)).write(directory);
                    written = System.nanoTime();
                    cost = (written - began) / 1e9;
                }
            }
        };
    }
}
