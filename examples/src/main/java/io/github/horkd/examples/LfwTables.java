package io.github.horkd.examples;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.Experiment;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.Training;
import io.github.horkd.experiment.Variant;
import io.github.horkd.report.Chart;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import io.github.horkd.report.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the face benchmark's figures say beside an experiment's own table. */
final class LfwTables {

    private static final String BASE = "first order, whitened (the base)";
    private static final String DECIDED_BY = "all pairs HR-LR TAR";

    private LfwTables() {}

    /**
     * What rows gain over the base, seed by seed: those that differ from it in what is learned alone, the same student, as many steps, the same pictures. A row pays when, over five seeds or more, its
     * mean gain is above twice the standard error of the mean.
     */
    static Table gains(RunDirectory done, Experiment experiment) {
        Table table = Table.of("over " + BASE, "seeds", "gain", "standard error", "pays");
        Training base =
                experiment.withVariants(BASE).variants().get(0).trainings().get(0);
        Map<Long, Double> before = figures(done, BASE);
        for (Variant variant : experiment.variants()) {
            Map<Long, Double> after = figures(done, variant.name());
            double[] gains = after.keySet().stream()
                    .filter(before::containsKey)
                    .mapToDouble(seed -> after.get(seed) - before.get(seed))
                    .toArray();
            if (variant.name().equals(BASE) || gains.length < 2 || !sameStudent(variant, base)) {
                continue;
            }
            Spread spread = Spread.of(gains);
            double error = spread.deviation() / Math.sqrt(gains.length);
            String pays = gains.length < 5 ? "not decided" : spread.mean() > 2 * error ? "yes" : "no";
            table = table.row(
                    variant.name(),
                    gains.length,
                    String.format(Locale.ROOT, "%+.2f", spread.mean()),
                    String.format(Locale.ROOT, "%.2f", error),
                    pays);
        }
        return table;
    }

    private static boolean sameStudent(Variant variant, Training base) {
        return variant.trainings().size() == 1
                && variant.trainings().get(0).backbone().equals(base.backbone())
                && variant.trainings().get(0).schedule().equals(base.schedule())
                && variant.trainings().get(0).preparation().equals(base.preparation());
    }

    private static Map<Long, Double> figures(RunDirectory done, String variant) {
        return done.finished(variant).stream()
                .collect(Collectors.toMap(
                        RunResult::seed, run -> run.figures().get(DECIDED_BY), (a, b) -> b, TreeMap::new));
    }

    /** The table as protocols of folds want it: mean ± standard error of the mean. */
    static Table folds(RunDirectory done) {
        List<String> header = new ArrayList<>(List.of("", "folds"));
        header.addAll(done.manifest().columns());
        Table table = Table.of(header.toArray(String[]::new));
        for (String variant : done.manifest().variants()) {
            List<RunResult> runs = done.finished(variant);
            List<Object> cells = new ArrayList<>(List.of(variant, runs.size()));
            for (String column : done.manifest().columns()) {
                Spread spread = Spread.of(runs.stream()
                        .mapToDouble(run -> run.figures().get(column))
                        .toArray());
                cells.add(new Spread(spread.mean(), spread.deviation() / Math.sqrt(spread.count()), spread.count()));
            }
            table = runs.isEmpty() ? table : table.row(cells.toArray());
        }
        return table;
    }

    /** AUC across resolutions by the side of the probes, a student a side. */
    static Section sizes(SortedMap<Integer, RunDirectory> bySide) {
        return Section.of(
                Section.RESOLUTION,
                "Accuracy against resolution",
                "The area under the ROC curve (AUC) of high-resolution pictures against probes, by the side of the probe in pixels. A student was trained for each side.",
                new Chart(
                        "AUC by resolution",
                        "",
                        new Axis("side of the probe, pixels", Scale.LOG),
                        new Axis(LfwPublicTeacher.ACROSS + ", %", Scale.PERCENT),
                        List.of(
                                new Series(
                                        LfwPublicTeacher.CONTRASTIVE,
                                        0,
                                        Mark.LINE,
                                        points(bySide, LfwPublicTeacher.CONTRASTIVE)),
                                new Series(
                                        LfwPublicTeacher.NAIVE,
                                        -1,
                                        Mark.DASHED,
                                        points(bySide, LfwPublicTeacher.NAIVE)))));
    }

    private static List<Point> points(SortedMap<Integer, RunDirectory> bySide, String variant) {
        List<Point> points = new ArrayList<>();
        bySide.forEach((side, done) -> done.finished(variant).stream()
                .findFirst()
                .ifPresent(run -> points.add(new Point(side, run.figures().get(LfwPublicTeacher.ACROSS) / 100))));
        return points;
    }
}
