package io.github.horkd.report;

import io.github.horkd.experiment.Manifest;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.RunResult.MatchingCurves;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Of an experiment's directory the runs that curves show.
 *
 * @param run      the directory
 * @param manifest of the directory
 * @param curves   one run a variant: the first finished one that was matched across resolutions
 * @param subject  whom the report is about: of those that are no naive use the one with the largest area under the curve
 */
record ShownRuns(RunDirectory run, Manifest manifest, List<RunResult> curves, Optional<RunResult> subject) {

    /** The matching that a camera meets. */
    private static final String ACROSS = "HR-LR";

    static ShownRuns of(RunDirectory run) {
        Manifest manifest = run.manifest();
        List<RunResult> curves = manifest.variants().stream()
                .map(variant -> run.finished(variant).stream()
                        .filter(ShownRuns::matched)
                        .findFirst())
                .flatMap(Optional::stream)
                .toList();
        Optional<RunResult> subject = curves.stream()
                .filter(r -> !manifest.naive().contains(r.variant()))
                .max(Comparator.comparingDouble(r -> across(r).auc()));
        return new ShownRuns(run, manifest, curves, subject);
    }

    private static boolean matched(RunResult run) {
        return run.matching().stream().anyMatch(m -> m.name().equals(ACROSS));
    }

    /** The curves of a run that was matched across resolutions. */
    static MatchingCurves across(RunResult run) {
        return run.matching().stream()
                .filter(m -> m.name().equals(ACROSS))
                .findFirst()
                .orElseThrow();
    }

    boolean naive(RunResult run) {
        return manifest.naive().contains(run.variant());
    }

    /** The same in every chart. */
    int colour(RunResult run) {
        return naive(run) ? ChartLayers.NAIVE : curves.indexOf(run);
    }

    /** A line a shown run. */
    List<Series> series(Function<RunResult, List<Point>> points) {
        return IntStream.range(0, curves.size())
                .mapToObj(i -> new Series(
                        curves.get(i).variant(),
                        colour(curves.get(i)),
                        naive(curves.get(i)) ? Mark.DASHED : Mark.LINE,
                        points.apply(curves.get(i))))
                .toList();
    }
}
