package io.github.horkd.report;

import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Sections from what an experiment's directory holds. */
final class ExperimentSections {

    private final RunDirectory run;
    private final ShownRuns shown;

    ExperimentSections(RunDirectory run) {
        this.run = run;
        this.shown = ShownRuns.of(run);
    }

    List<Section> all() {
        List<Section> sections = new ArrayList<>();
        ExperimentTables tables = new ExperimentTables(shown);
        tables.results().ifPresent(sections::add);
        tables.ablation().ifPresent(sections::add);
        sections.addAll(new ExperimentLearning(run).sections());
        resolution().ifPresent(sections::add);
        if (!shown.curves().isEmpty()) {
            sections.add(CurveSections.verification(
                    shown.series(r -> corners(ShownRuns.across(r).roc()))));
            sections.add(CurveSections.identification(
                    shown.series(r -> CurveSections.ranks(ShownRuns.across(r).cmc()))));
            sections.add(CurveSections.openSet(
                    "", shown.series(r -> corners(ShownRuns.across(r).openSet()))));
            sections.add(new ExperimentSpace(shown).section());
        }
        Optional<RunResult> subject = shown.subject();
        subject.filter(r -> !r.answers().isEmpty())
                .map(ExperimentSpace::confusion)
                .ifPresent(sections::add);
        subject.flatMap(r -> new ExperimentPictures(r).section()).ifPresent(sections::add);
        sections.addAll(new ExperimentFacts(run).sections());
        return sections;
    }

    private Optional<Section> resolution() {
        List<RunResult> runs = shown.curves();
        List<Series> series = new ArrayList<>();
        TreeMap<Integer, Double> naive = new TreeMap<>();
        for (RunResult each : runs) {
            if (each.byResolution().isEmpty() || shown.naive(each)) {
                continue;
            }
            Map<Integer, Double> mean = run.finished(each.variant()).stream()
                    .flatMap(r -> r.byResolution().stream())
                    .collect(Collectors.groupingBy(
                            RunResult.AtResolution::side,
                            TreeMap::new,
                            Collectors.averagingDouble(RunResult.AtResolution::rankOne)));
            series.add(new Series(each.variant(), shown.colour(each), Mark.LINE, points(mean)));
            each.byResolution().stream()
                    .filter(r -> !Double.isNaN(r.naiveRankOne()))
                    .forEach(r -> naive.put(r.side(), r.naiveRankOne()));
        }
        if (series.isEmpty()) {
            return Optional.empty();
        }
        if (!naive.isEmpty()) {
            series.add(ResolutionSection.naive(points(naive)));
        }
        return Optional.of(ResolutionSection.of(
                "Rank-1 across resolutions, mean over seeds, by the side of the probe in pixels. Coarser probes are enlarged to what the network takes.",
                series));
    }

    private static List<Point> points(Map<Integer, Double> values) {
        return values.entrySet().stream()
                .map(e -> new Point(e.getKey(), e.getValue()))
                .toList();
    }

    private static List<Point> corners(List<RunResult.Corner> corners) {
        return corners.stream()
                .map(c -> new Point(c.falseAccept(), c.trueAccept()))
                .toList();
    }
}
