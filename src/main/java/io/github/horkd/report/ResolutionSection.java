package io.github.horkd.report;

import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.List;

/** Rank-1 against the side of the probe. */
final class ResolutionSection {

    private ResolutionSection() {}

    static Section of(String lead, List<Series> series) {
        return Section.of(
                Section.RESOLUTION,
                "Accuracy against resolution",
                lead,
                new Chart(
                        "Rank-1 by resolution",
                        "",
                        new Axis("side of the probe, pixels", Scale.LOG),
                        new Axis("rank-1, %", Scale.PERCENT),
                        series));
    }

    /** The line to be beaten. */
    static Series naive(List<Point> points) {
        return new Series("naive: the teacher on enlarged probes", ChartLayers.NAIVE, Mark.DASHED, points);
    }
}
