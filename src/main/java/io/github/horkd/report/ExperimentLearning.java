package io.github.horkd.report;

import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Losses and validations of an experiment: a chart a variant and stage, a line a seed. */
final class ExperimentLearning {

    /** Where more was trained, the page says where the rest is. */
    private static final int MOST_CHARTS = 24;

    private final RunDirectory run;

    ExperimentLearning(RunDirectory run) {
        this.run = run;
    }

    List<Section> sections() {
        List<Part> losses = new ArrayList<>();
        List<Part> validations = new ArrayList<>();
        byVariant().forEach((variant, runs) -> {
            runs.stream()
                    .flatMap(r -> r.epochs().stream())
                    .map(RunResult.Epoch::stage)
                    .distinct()
                    .forEach(stage -> losses.addAll(losses(variant, stage, runs)));
            runs.stream()
                    .flatMap(r -> r.validation().stream())
                    .map(RunResult.ValidationPoint::stage)
                    .distinct()
                    .forEach(stage -> validations.addAll(validations(variant, stage, runs)));
        });
        List<Section> sections = new ArrayList<>();
        if (!losses.isEmpty()) {
            sections.add(new Section(
                    Section.LEARNING,
                    "Learning curves",
                    "The loss of each stage by epoch, a line a seed, and the weighted terms that it is the sum of, for the first seed. A low loss alone does not say "
                            + "that pictures are recognised: see the results." + rest(losses),
                    losses.subList(0, Math.min(MOST_CHARTS, losses.size()))));
        }
        if (!validations.isEmpty()) {
            sections.add(new Section(
                    Section.VALIDATION,
                    ValidationChart.TITLE,
                    ValidationChart.LEAD + rest(validations),
                    validations.subList(0, Math.min(MOST_CHARTS, validations.size()))));
        }
        return sections;
    }

    private static String rest(List<Part> charts) {
        return charts.size() <= MOST_CHARTS
                ? ""
                : " " + (charts.size() - MOST_CHARTS)
                        + " more charts are left out; their figures are in metrics.csv and validation.csv.";
    }

    private Map<String, List<RunResult>> byVariant() {
        Map<String, List<RunResult>> variants = new LinkedHashMap<>();
        run.runs()
                .forEach(r -> variants.computeIfAbsent(r.variant(), v -> new ArrayList<>())
                        .add(r));
        return variants;
    }

    /** A variant that trains one network has its name, as the network has it. */
    private static String title(String variant, String stage, List<RunResult> runs) {
        if (variant.equals(RunResult.SHARED)) {
            return stage;
        }
        boolean alone = runs.stream()
                .flatMap(run -> run.epochs().stream())
                .allMatch(epoch -> epoch.stage().equals(stage));
        return alone ? variant : variant + " – " + stage;
    }

    private List<Part> losses(String variant, String stage, List<RunResult> runs) {
        List<Series> totals = new ArrayList<>();
        Map<String, List<Point>> terms = new LinkedHashMap<>();
        for (RunResult each : runs) {
            List<Point> loss = new ArrayList<>();
            List<Point> heldOut = new ArrayList<>();
            for (RunResult.Epoch epoch : each.epochs()) {
                if (!epoch.stage().equals(stage)) {
                    continue;
                }
                loss.add(new Point(epoch.epoch(), epoch.loss()));
                heldOut.add(new Point(epoch.epoch(), epoch.heldOutLoss()));
                for (TermValue term : epoch.terms()) {
                    if (totals.isEmpty()) {
                        terms.computeIfAbsent(term.name(), t -> new ArrayList<>())
                                .add(new Point(epoch.epoch(), term.weighted()));
                    }
                }
            }
            if (!loss.isEmpty()) {
                String seed = runs.size() == 1 ? "" : ", seed " + each.seed();
                int colour = totals.size() / 2;
                totals.add(new Series("loss" + seed, colour, Mark.LINE, loss));
                if (heldOut.stream().anyMatch(p -> !Double.isNaN(p.y()))) {
                    totals.add(new Series("held-out loss" + seed, colour, Mark.DASHED, heldOut));
                }
            }
        }
        List<Part> charts = new ArrayList<>();
        charts.add(new Chart(
                title(variant, stage, runs) + ": loss",
                "",
                Axis.of("epoch"),
                new Axis("loss", StageHistory.scale(totals)),
                recoloured(totals)));
        if (terms.size() > 1) {
            List<Series> each = new ArrayList<>();
            terms.forEach((term, points) -> each.add(new Series(term, each.size(), Mark.LINE, points)));
            charts.add(new Chart(
                    title(variant, stage, runs) + ": terms, weighted",
                    "",
                    Axis.of("epoch"),
                    new Axis("weighted value", StageHistory.scale(each)),
                    each));
        }
        return charts;
    }

    /** A seed's loss and held-out loss share a colour. */
    private static List<Series> recoloured(List<Series> totals) {
        List<Series> coloured = new ArrayList<>();
        int colour = -1;
        for (Series each : totals) {
            colour += each.mark() == Mark.LINE ? 1 : 0;
            coloured.add(new Series(each.name(), colour, each.mark(), each.points()));
        }
        return coloured;
    }

    private List<Part> validations(String variant, String stage, List<RunResult> runs) {
        return List.of(
                validation(
                        title(variant, stage, runs) + ": rank-1",
                        "rank-1, %",
                        stage,
                        runs,
                        RunResult.ValidationPoint::rankOne,
                        RunResult.ValidationPoint::naiveRankOne),
                validation(
                        title(variant, stage, runs) + ": AUC",
                        "area under the curve, %",
                        stage,
                        runs,
                        RunResult.ValidationPoint::auc,
                        RunResult.ValidationPoint::naiveAuc));
    }

    private static Chart validation(
            String title,
            String axis,
            String stage,
            List<RunResult> runs,
            ToDoubleFunction<RunResult.ValidationPoint> own,
            ToDoubleFunction<RunResult.ValidationPoint> naive) {
        List<Series> series = new ArrayList<>();
        int best = -1;
        List<Point> rival = List.of();
        for (RunResult each : runs) {
            List<RunResult.ValidationPoint> points = each.validation().stream()
                    .filter(v -> v.stage().equals(stage))
                    .toList();
            if (points.isEmpty()) {
                continue;
            }
            if (series.isEmpty()) {
                best = points.stream()
                        .filter(RunResult.ValidationPoint::followed)
                        .mapToInt(RunResult.ValidationPoint::epoch)
                        .max()
                        .orElse(-1);
            }
            series.add(new Series(
                    runs.size() == 1 ? "the learner" : "seed " + each.seed(),
                    series.size(),
                    Mark.LINE,
                    points.stream()
                            .map(v -> new Point(v.epoch(), own.applyAsDouble(v)))
                            .toList()));
            rival = points.stream()
                    .map(v -> new Point(v.epoch(), naive.applyAsDouble(v)))
                    .toList();
        }
        return ValidationChart.of(title, axis, series, rival, best);
    }
}
