package io.github.horkd.report;

import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jetbrains.letsPlot.core.util.PlotSvgExportCommon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Charts as SVG for the inside of a page. Lets-Plot draws them in stand-in colours, which become the page's own ({@code var(--s1)} …), so that one drawing is
 * right in light, in dark and on paper. Its style sheet and its random names are taken away: the same chart is the same text.
 */
final class ChartSvg {

    private static final Logger LOG = LoggerFactory.getLogger(ChartSvg.class);
    private static final int WIDTH = 460;
    private static final int HEIGHT = 300;
    private static final List<Replacement> CLEANING = List.of(
            new Replacement("(?s)<style.*?</style>", ""),
            new Replacement("(?s)<g id=\"[^\"]*\">\\s*</g>", ""),
            new Replacement(" id=\"[^\"]*\"", ""),
            new Replacement("<path>\\s*</path>", ""),
            new Replacement("(?s)<defs>.*?</defs>| clip-(path|bounds-jfx)=\"[^\"]*\"", ""),
            new Replacement("-?\\d+(\\.\\d+)?E-\\d+", "0"),
            // In a tag only: what is written beside an axis keeps its digits.
            new Replacement("(\\d\\.\\d\\d)\\d+(?=[^<>]*>)", "$1"),
            new Replacement(" (stroke|fill)-opacity=\"1\\.0\"", ""),
            new Replacement("rgb\\((\\d),\\1,\\1\\)", "var(--s$1)"),
            new Replacement("#0(\\d)0\\10\\1", "var(--s$1)"),
            new Replacement("rgb\\(10,10,10\\)|#0a0a0a", "var(--surface)"),
            new Replacement("rgb\\(233,233,233\\)", "var(--grid)"),
            new Replacement("rgb\\(71,71,71\\)", "var(--line)"),
            new Replacement(">\\s+", ">"),
            new Replacement("\\s+<", "<"),
            new Replacement("</(line|circle|rect)>", ""),
            new Replacement("<(line|circle|rect)([^>]*?) ?/?>", "<$1$2/>"));

    private record Replacement(Pattern what, String by) {
        Replacement(String what, String by) {
            this(Pattern.compile(what), by);
        }
    }

    /** Null until it was looked for. */
    private static Boolean available;

    private ChartSvg() {}

    /**
     * Draws a chart.
     *
     * @param attributes of the {@code svg} element: what it is called, for those who do not see it
     * @return empty where there is nothing to draw, or the library that draws is not there
     */
    static Optional<String> of(Chart chart, String attributes) {
        List<Series> drawn = chart.series().stream()
                .map(s -> placed(chart, s))
                .filter(s -> s.points().size() > (s.mark() == Mark.FAINT ? 1 : 0))
                .toList();
        if (drawn.isEmpty() || !available()) {
            return Optional.empty();
        }
        String svg = PlotSvgExportCommon.INSTANCE.buildSvgImageFromRawSpecs(
                spec(chart, drawn),
                null,
                (width, height, pixels) -> {
                    throw new UnsupportedOperationException("a chart has no raster image");
                },
                true);
        String inner = svg.substring(svg.indexOf('>', svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
        for (Replacement each : CLEANING) {
            inner = each.what().matcher(inner).replaceAll(each.by());
        }
        return Optional.of("<svg class=\"plot\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" " + attributes + ">"
                + inner.strip() + "</svg>");
    }

    /** What has a place on both axes, at that place. */
    private static Series placed(Chart chart, Series series) {
        List<Point> points = series.points().stream()
                .map(p -> new Point(
                        AxisScale.place(chart.x().scale(), p.x()),
                        AxisScale.place(chart.y().scale(), p.y())))
                .filter(p -> !Double.isNaN(p.x()) && !Double.isNaN(p.y()))
                .toList();
        return new Series(series.name(), series.colour(), series.mark(), points);
    }

    static synchronized boolean available() {
        if (available == null) {
            try {
                Class.forName("org.jetbrains.letsPlot.core.util.PlotSvgExportCommon");
                available = true;
            } catch (ClassNotFoundException | LinkageError e) {
                available = false;
                LOG.warn(
                        "the report has tables and no charts, since {} is missing: add io.github.horkd:horkd-experiment (type pom)",
                        e.getMessage());
            }
        }
        return available;
    }

    private static Map<String, Object> spec(Chart chart, List<Series> drawn) {
        return map(
                "kind", "plot",
                "data", map(),
                "mapping", map(),
                "layers", ChartLayers.of(drawn),
                "scales", list(scale("x", chart.x(), drawn), scale("y", chart.y(), drawn)),
                "ggsize", map("width", WIDTH, "height", HEIGHT),
                "theme",
                        map(
                                "name", "minimal",
                                "legend_position", "none",
                                "plot_background", "blank",
                                "panel_grid_minor", "blank",
                                "axis_title", map("name", "text", "size", 13, "blank", false),
                                "axis_text", map("name", "text", "size", 12, "blank", false)));
    }

    private static Map<String, Object> scale(String which, Chart.Axis axis, List<Series> drawn) {
        Map<String, Object> scale = map("aesthetic", which, "name", axis.name());
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (Series series : drawn) {
            for (Point point : series.points()) {
                double value = which.equals("x") ? point.x() : point.y();
                from = Math.min(from, value);
                to = Math.max(to, value);
            }
        }
        if (axis.scale() == Scale.PERCENT && which.equals("y")) {
            to = Math.min(100, Math.max(to, from + 1));
        }
        List<Double> breaks = AxisScale.breaks(axis.scale(), from, to);
        if (which.equals("x")) {
            List<Double> places = drawn.stream()
                    .flatMap(s -> s.points().stream().map(Point::x))
                    .distinct()
                    .sorted()
                    .toList();
            breaks = AxisScale.apart(
                    axis.scale(), AxisScale.own(axis.scale(), places).orElse(breaks), from, to);
        }
        if (breaks.size() > 1) {
            scale.put("breaks", numbers(breaks));
            List<Object> labels = new ArrayList<>();
            breaks.forEach(b -> labels.add(AxisScale.label(axis.scale(), b)));
            scale.put("labels", labels);
        } else if (axis.scale() != Scale.LINEAR && axis.scale() != Scale.PERCENT) {
            double middle = (from + to) / 2;
            scale.put("breaks", list(middle));
            scale.put("labels", list(AxisScale.label(Scale.LOG, middle)));
        }
        return scale;
    }

    static List<Object> numbers(List<Double> values) {
        return new ArrayList<>(values);
    }

    private static List<Object> list(Object... values) {
        return new ArrayList<>(List.of(values));
    }

    /** Maps and lists that Lets-Plot may change. */
    static Map<String, Object> map(Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
