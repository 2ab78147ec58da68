package io.github.horkd.report;

import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;

/** A figure on held-out pictures by epoch, with the line that it has to pass. */
final class ValidationChart {

    static final String TITLE = "Validation while learning";
    static final String LEAD =
            "Pictures that are not learned from, recognised every few epochs. As long as a learner is below the dashed line, the naive use of the teacher is better.";

    private ValidationChart() {}

    static Chart ofOne(String title, String axis, List<Point> own, List<Point> naive, int best) {
        return of(title, axis, List.of(new Series("the learner", 0, Mark.LINE, own)), naive, best);
    }

    /** With a series for each of several runs. */
    static Chart of(String title, String axis, List<Series> runs, List<Point> naive, int best) {
        List<Series> series = new ArrayList<>();
        List<Point> kept = runs.stream()
                .limit(1)
                .flatMap(run -> run.points().stream())
                .filter(p -> p.x() == best)
                .toList();
        if (!kept.isEmpty()) {
            series.add(new Series("the best epoch", runs.size(), Mark.RINGS, kept));
        }
        series.addAll(runs);
        if (naive.stream().anyMatch(p -> !Double.isNaN(p.y()))) {
            series.add(new Series("naive use of the teacher", ChartLayers.NAIVE, Mark.DASHED, naive));
        }
        return new Chart(title, "", Axis.of("epoch"), new Axis(axis, Scale.PERCENT), series);
    }
}
