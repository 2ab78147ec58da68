package io.github.horkd.report;

import io.github.horkd.eval.Table;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The figures behind a chart: a row a place on the x axis, a column a series, thinned evenly where there are many. */
final class ChartTable {

    private static final int MOST = 20;

    private ChartTable() {}

    static DataTable of(Chart chart) {
        List<Series> shown = chart.series().stream()
                .filter(s -> !s.points().isEmpty() && s.mark() != Chart.Mark.FAINT)
                .toList();
        boolean oneX = shown.stream()
                        .map(s -> s.points().stream().map(Point::x).toList())
                        .distinct()
                        .count()
                == 1;
        boolean fewX = shown.stream()
                        .flatMap(s -> s.points().stream().map(Point::x))
                        .distinct()
                        .count()
                <= MOST;
        boolean function = shown.stream()
                .allMatch(s -> s.points().stream().map(Point::x).distinct().count()
                        == s.points().size());
        boolean thinned = shown.stream().anyMatch(s -> s.points().size() > MOST);
        Table table = (oneX || fewX) && function ? wide(chart, shown) : tall(chart, shown);
        return new DataTable(chart.title() + (thinned ? ", some of the points" : ""), table);
    }

    private static Table wide(Chart chart, List<Series> shown) {
        Map<Double, String[]> rows = new TreeMap<>();
        for (int c = 0; c < shown.size(); c++) {
            for (Point point : thinned(shown.get(c).points())) {
                String[] row = rows.computeIfAbsent(point.x(), x -> new String[shown.size()]);
                row[c] = number(chart.y().scale(), point.y());
            }
        }
        List<String> header = new ArrayList<>(List.of(chart.x().name()));
        shown.forEach(
                s -> header.add(Text.shortened(s.name().isEmpty() ? chart.y().name() : s.name())));
        Table table = Table.of(header.toArray(String[]::new));
        for (Map.Entry<Double, String[]> row : rows.entrySet()) {
            List<Object> cells = new ArrayList<>(List.of(number(chart.x().scale(), row.getKey())));
            for (String cell : row.getValue()) {
                cells.add(cell == null ? "" : cell);
            }
            table = table.row(cells.toArray());
        }
        return table;
    }

    private static Table tall(Chart chart, List<Series> shown) {
        Table table = Table.of("", chart.x().name(), chart.y().name());
        for (Series series : shown) {
            for (Point point : thinned(series.points())) {
                table = table.row(
                        Text.shortened(series.name()),
                        number(chart.x().scale(), point.x()),
                        number(chart.y().scale(), point.y()));
            }
        }
        return table;
    }

    private static List<Point> thinned(List<Point> points) {
        return points.size() <= MOST
                ? points
                : IntStream.range(0, MOST)
                        .mapToObj(i -> points.get((int) Math.round(i * (points.size() - 1.0) / (MOST - 1))))
                        .toList();
    }

    private static String number(Scale scale, double value) {
        return switch (scale) {
            case LINEAR, LOG -> Text.number(value);
            case PERCENT -> Double.isFinite(value) ? Text.percent(value) + " %" : Text.number(value);
            case LOG_PERCENT, DEVIATE -> Double.isNaN(value) ? "–" : Text.number(100 * value) + " %";
        };
    }
}
