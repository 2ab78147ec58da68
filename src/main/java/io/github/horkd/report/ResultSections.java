package io.github.horkd.report;

import io.github.horkd.eval.Interval;
import io.github.horkd.eval.Table;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What recognisers achieve, as figures and as curves. */
final class ResultSections {

    private static final int CURVE_POINTS = 160;

    private ResultSections() {}

    static Section results(List<Judged> all) {
        Judged first = all.get(0);
        Table table = Table.of(
                "Recogniser",
                "Rank-1 %",
                "95 % interval",
                "Rank-5 %",
                "AUC %",
                "EER %",
                "TAR % at FAR 1 %",
                "TAR % at FAR 0.1 %",
                "DIR % at FPIR 10 %",
                "DIR % at FPIR 1 %");
        for (Judged each : all) {
            Interval interval = each.identification().interval(1);
            table = table.row(
                    each.by().name(),
                    Text.percent(each.identification().rank(1)),
                    Double.isNaN(interval.low()) ? "–" : interval,
                    Text.percent(each.identification().rank(5)),
                    Text.percent(each.verification().auc()),
                    Text.percent(each.verification().equalErrorRate()),
                    Text.percent(each.verification().trueAcceptAt(1e-2)),
                    Text.percent(each.verification().trueAcceptAt(1e-3)),
                    Text.percent(each.openSet().detectionAt(1e-1)),
                    Text.percent(each.openSet().detectionAt(1e-2)));
        }
        return Section.of(
                Section.RESULTS,
                "Results",
                Text.count(first.identification().probes())
                        + " probes, each held against the high-resolution pictures of "
                        + Text.count(first.identification().identities())
                        + " classes. \"–\": these probes are too few to tell.",
                new KeyFigures(List.of(
                        key("Rank-1", all, j -> j.identification().rank(1)),
                        key("AUC", all, j -> j.verification().auc()),
                        key("TAR at FAR 1 %", all, j -> j.verification().trueAcceptAt(1e-2)),
                        key("DIR at FPIR 10 %", all, j -> j.openSet().detectionAt(1e-1)))),
                new DataTable("Every recogniser", table));
    }

    private static KeyFigures.KeyFigure key(String name, List<Judged> all, ToDoubleFunction<Judged> figure) {
        double own = figure.applyAsDouble(all.get(0));
        String rivals = all.stream()
                .skip(1)
                .filter(j -> j.by().rival())
                .limit(1)
                .map(j -> "naive: " + percent(figure.applyAsDouble(j)))
                .collect(Collectors.joining());
        return new KeyFigures.KeyFigure(name, percent(own), rivals);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "–" : Text.percent(share) + " %";
    }

    static Section verification(List<Judged> all) {
        return CurveSections.verification(series(
                all,
                j -> j.verification().roc(CURVE_POINTS).stream()
                        .map(p -> new Point(p.falseAccept(), p.trueAccept()))
                        .toList()));
    }

    static Section identification(List<Judged> all) {
        return CurveSections.identification(
                series(all, j -> CurveSections.ranks(j.identification().cmc())));
    }

    static Section openSet(List<Judged> all) {
        Judged first = all.get(0);
        int strangers = first.openSet().strangerProbes();
        return CurveSections.openSet(
                Text.count(strangers) + " probes are of a class that is not in the gallery, and "
                        + Text.count(first.openSet().knownProbes()) + " of one that is.",
                series(all, j -> detections(j, strangers)));
    }

    private static List<Point> detections(Judged judged, int strangers) {
        List<Point> points = new ArrayList<>();
        double from = Math.log10(1.0 / Math.max(1, strangers));
        for (int i = 0; i <= 60; i++) {
            double rate = i == 60 ? 1 : Math.pow(10, from * (60 - i) / 60);
            points.add(new Point(rate, judged.openSet().detectionAt(rate)));
        }
        return points;
    }

    static List<Series> series(List<Judged> all, Function<Judged, List<Point>> points) {
        return IntStream.range(0, all.size())
                .mapToObj(i -> new Series(
                        all.get(i).by().name(),
                        all.get(i).by().rival() ? ChartLayers.NAIVE : i,
                        all.get(i).by().rival() ? Mark.DASHED : Mark.LINE,
                        points.apply(all.get(i))))
                .toList();
    }
}
