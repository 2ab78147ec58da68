package io.github.horkd.report;

import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Series as layers of Lets-Plot: lines and points in stand-in colours, each colour with a shape of its own. */
final class ChartLayers {

    /** The colour of the naive use of a teacher, in every chart. */
    static final int NAIVE = -1;

    /** How many colours the page has besides; series beyond share them. */
    private static final int COLOURS = 7;

    /** A shape a colour, so that nobody has to tell colours apart: circle, square, triangle, diamond, triangle down, cross, plus, asterisk. */
    private static final int[] SHAPES = {21, 22, 24, 23, 25, 4, 3, 8};

    private static final int[] RINGS = {21, 22, 24, 23, 25, 13, 10, 7};

    /** Up to so many points of a line are all marked, and of longer ones so many. */
    private static final int FEW = 12;

    private static final int MARKS = 6;

    private static final String SURFACE = "#0a0a0a";

    private ChartLayers() {}

    /** The first series on top. */
    static List<Object> of(List<Series> drawn) {
        List<Object> layers = new ArrayList<>();
        for (int i = drawn.size() - 1; i >= 0; i--) {
            add(layers, drawn.get(i), told(drawn.get(i), drawn));
        }
        return layers;
    }

    /** Whether a line has shapes on it: where its points are few, or where there are others of its kind that it has to be told from. */
    static boolean shaped(Series series, List<Series> all) {
        return told(series, all)
                || series.mark() == Mark.LINE && series.points().size() <= FEW;
    }

    private static boolean told(Series series, List<Series> all) {
        return all.stream().filter(s -> s.mark() == series.mark()).count() > 1;
    }

    private static void add(List<Object> layers, Series series, boolean told) {
        Mark mark = series.mark();
        boolean line = mark == Mark.LINE || mark == Mark.DASHED || mark == Mark.FAINT;
        if (line && series.points().size() > 1) {
            Map<String, Object> layer = layer("path", series);
            layer.put("size", mark == Mark.FAINT ? 0.4 : 1.0);
            layer.put("alpha", mark == Mark.FAINT ? 0.5 : 1.0);
            if (mark == Mark.DASHED) {
                layer.put("linetype", "dashed");
            }
            layers.add(layer);
        }
        List<Point> marked = marked(series, told);
        if (!marked.isEmpty()) {
            int number = colourOf(series.colour()) - 1;
            Map<String, Object> layer =
                    layer("point", new Series(series.name(), series.colour(), series.mark(), marked));
            layer.put("size", line ? 1.7 : 2.6);
            layer.put("shape", mark == Mark.RINGS ? RINGS[number] : SHAPES[number]);
            layer.put("fill", mark == Mark.RINGS ? SURFACE : colour(series.colour()));
            layer.put("stroke", mark == Mark.RINGS || number > 4 ? 1.4 : 0.8);
            layers.add(layer);
        }
    }

    /** All points of few; of a long line some, where it has to be told from others. */
    private static List<Point> marked(Series series, boolean told) {
        List<Point> points = series.points();
        return switch (series.mark()) {
            case POINTS, RINGS -> points;
            case FAINT -> List.of();
            case DASHED, LINE -> {
                if (points.size() <= FEW) {
                    yield series.mark() == Mark.DASHED && !told && points.size() > 1 ? List.of() : points;
                }
                double shift = 0.3 + 0.4 * (colourOf(series.colour()) - 1) / COLOURS;
                yield told
                        ? IntStream.range(0, MARKS)
                                .mapToObj(k -> points.get((int) ((k + shift) * points.size() / MARKS)))
                                .toList()
                        : List.of();
            }
        };
    }

    private static Map<String, Object> layer(String geometry, Series series) {
        return ChartSvg.map(
                "geom",
                geometry,
                "data",
                ChartSvg.map(
                        "x",
                                ChartSvg.numbers(
                                        series.points().stream().map(Point::x).toList()),
                        "y",
                                ChartSvg.numbers(
                                        series.points().stream().map(Point::y).toList())),
                "mapping",
                ChartSvg.map("x", "x", "y", "y"),
                "sampling",
                "none",
                "tooltips",
                "none",
                "color",
                colour(series.colour()));
    }

    /** The number of a colour of the page, from 1. */
    static int colourOf(int series) {
        return series == NAIVE ? COLOURS + 1 : Math.floorMod(series, COLOURS) + 1;
    }

    private static String colour(int series) {
        int k = colourOf(series);
        return "#0" + k + "0" + k + "0" + k;
    }
}
