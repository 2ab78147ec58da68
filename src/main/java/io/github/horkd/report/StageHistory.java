package io.github.horkd.report;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.Table;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.model.Network;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** One stage: its loss by epoch and by step, how fast it was, and the network that came of it. */
final class StageHistory {

    /** Steps are kept as means of so many that no more than twice as many points remain. */
    private static final int STEP_POINTS = 150;

    private final String name;
    private final List<Point> loss = new ArrayList<>();
    private final List<Point> heldOut = new ArrayList<>();
    private final Map<String, List<Point>> terms = new LinkedHashMap<>();
    private final List<TrainingEvent.Validated> validations = new ArrayList<>();
    private final List<Double> speeds = new ArrayList<>();
    private final List<Point> steps = new ArrayList<>();
    private double bucketSum;
    private int bucketCount;
    private int planned;
    private int epochs;
    private int pairs;
    private int bestEpoch;
    private double took = Double.NaN;
    private boolean skipped;
    private Network network;

    StageHistory(String name) {
        this.name = name;
    }

    void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted started) {
            planned = started.steps();
            epochs = started.epochs();
            pairs = started.pairs();
            network = started.learner();
        } else if (event instanceof TrainingEvent.StepFinished step) {
            step(step);
        } else if (event instanceof TrainingEvent.EpochFinished epoch) {
            loss.add(new Point(epoch.epoch(), epoch.loss()));
            epoch.heldOutLoss().ifPresent(value -> heldOut.add(new Point(epoch.epoch(), value)));
            for (TermValue term : epoch.terms()) {
                terms.computeIfAbsent(term.name(), t -> new ArrayList<>())
                        .add(new Point(epoch.epoch(), term.weighted()));
            }
            speeds.add(epoch.pairsPerSecond());
        } else if (event instanceof TrainingEvent.Validated validated) {
            validations.add(validated);
        } else if (event instanceof TrainingEvent.StageFinished finished) {
            network = finished.network();
            bestEpoch = finished.bestEpoch();
            took = finished.took().toMillis() / 1e3;
        } else if (event instanceof TrainingEvent.StageSkipped loaded) {
            network = loaded.network();
            skipped = true;
        }
    }

    private void step(TrainingEvent.StepFinished step) {
        int size = Math.max(1, planned / STEP_POINTS);
        bucketSum += step.loss();
        if (++bucketCount == size) {
            double epoch = planned == 0 ? step.epoch() : (double) step.step() * Math.max(1, epochs) / planned;
            steps.add(new Point(epoch, bucketSum / bucketCount));
            bucketSum = 0;
            bucketCount = 0;
        }
    }

    List<Chart> charts() {
        if (loss.isEmpty() && steps.isEmpty()) {
            return List.of();
        }
        List<Chart> charts = new ArrayList<>();
        List<Series> losses = new ArrayList<>();
        losses.add(new Series("loss", 0, Mark.LINE, loss));
        if (!heldOut.isEmpty()) {
            losses.add(new Series("held-out loss", 1, Mark.DASHED, heldOut));
        }
        loss.stream()
                .filter(p -> p.x() == bestEpoch)
                .findFirst()
                .filter(p -> bestEpoch < loss.size())
                .ifPresent(p -> losses.add(0, new Series("the epoch that was kept", 2, Mark.RINGS, List.of(p))));
        losses.add(new Series("steps", 0, Mark.FAINT, steps));
        charts.add(
                new Chart(name + ": loss", skippedLead(), Axis.of("epoch"), new Axis("loss", scale(losses)), losses));
        if (terms.size() > 1) {
            List<Series> each = new ArrayList<>();
            terms.forEach((term, points) -> each.add(new Series(term, each.size(), Mark.LINE, points)));
            charts.add(new Chart(
                    name + ": terms, weighted", "", Axis.of("epoch"), new Axis("weighted value", scale(each)), each));
        }
        return charts;
    }

    /** Held-out people, and the naive use of the guide beside it; none where nobody was held out. */
    List<Chart> validationCharts() {
        return validations.isEmpty()
                ? List.of()
                : List.of(
                        ValidationChart.ofOne(
                                name + ": rank-1",
                                "rank-1, %",
                                points(TrainingEvent.Validated::rankOne),
                                points(TrainingEvent.Validated::naiveRankOne),
                                best()),
                        ValidationChart.ofOne(
                                name + ": AUC",
                                "area under the curve, %",
                                points(TrainingEvent.Validated::auc),
                                points(TrainingEvent.Validated::naiveAuc),
                                best()));
    }

    private List<Point> points(ToDoubleFunction<TrainingEvent.Validated> figure) {
        return validations.stream()
                .map(v -> new Point(v.epoch(), figure.applyAsDouble(v)))
                .toList();
    }

    /** The epoch that was the best by what the stage follows; −1 where it follows none. */
    private int best() {
        return validations.stream()
                .filter(TrainingEvent.Validated::best)
                .mapToInt(TrainingEvent.Validated::epoch)
                .max()
                .orElse(-1);
    }

    private String skippedLead() {
        return skipped ? "Finished by an earlier run; the network was loaded." : "";
    }

    /** By the logarithm where values are above 0 and differ much. */
    static Scale scale(List<Series> series) {
        double[] values = series.stream()
                .flatMap(s -> s.points().stream())
                .mapToDouble(Point::y)
                .filter(Double::isFinite)
                .toArray();
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (double value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return least > 0 && most > 8 * least ? Scale.LOG : Scale.LINEAR;
    }

    Table timesRow(Table times) {
        if (planned == 0 && !skipped) {
            return times;
        }
        double[] sorted =
                speeds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return times.row(
                name,
                pairs == 0 ? "–" : Text.count(pairs),
                skipped ? "–" : loss.size() + " of " + epochs,
                skipped ? "–" : Text.count(planned),
                sorted.length == 0 ? "–" : Text.count(Math.round(sorted[sorted.length / 2])),
                skipped ? "earlier run" : Text.duration(took),
                bestEpoch == 0 ? "–" : bestEpoch);
    }

    Table sizesRow(Table sizes) {
        return network == null
                ? sizes
                : sizes.row(
                        name,
                        Text.count(network.parameterCount()),
                        network.input().shape().toString().replace('x', '×'),
                        network.embeddingWidth());
    }
}
