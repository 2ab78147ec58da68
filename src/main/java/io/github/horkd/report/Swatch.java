package io.github.horkd.report;

import io.github.horkd.report.Chart.Series;

/** How a series looks, for a legend: its line, and the shape by which it is told from others without colours. */
final class Swatch {

    /** In the order of {@link ChartLayers}' shapes, around (13, 6). */
    private static final String[] SHAPES = {
        "<circle cx=\"13\" cy=\"6\" r=\"3.6\"%s/>",
        "<path d=\"M9.8 2.8H16.2V9.2H9.8Z\"%s/>",
        "<path d=\"M13 1.6L17.2 9H8.8Z\"%s/>",
        "<path d=\"M13 1.4L17.6 6L13 10.6L8.4 6Z\"%s/>",
        "<path d=\"M13 10.4L8.8 3H17.2Z\"%s/>",
        "<path d=\"M9.6 2.6L16.4 9.4M16.4 2.6L9.6 9.4\"%s/>",
        "<path d=\"M13 1.6V10.4M8.6 6H17.4\"%s/>",
        "<path d=\"M13 1.6V10.4M8.6 6H17.4M9.9 2.9L16.1 9.1M16.1 2.9L9.9 9.1\"%s/>"
    };

    private Swatch() {}

    /**
     * Draws it.
     *
     * @param shaped whether a line has shapes on it
     */
    static String of(Series series, boolean shaped) {
        int colour = ChartLayers.colourOf(series.colour());
        String line = switch (series.mark()) {
            case LINE -> "<path d=\"M1 6H25\"/>";
            case FAINT -> "<path d=\"M1 6H25\" stroke-width=\"1\" opacity=\".6\"/>";
            case DASHED -> "<path d=\"M1 6H25\" stroke-dasharray=\"6 4\"/>";
            case POINTS, RINGS -> "";
        };
        boolean shape = switch (series.mark()) {
            case POINTS, RINGS -> true;
            case FAINT -> false;
            case LINE, DASHED -> shaped;
        };
        String fill = series.mark() == Chart.Mark.RINGS ? "" : " fill=\"currentColor\" stroke-width=\"1.4\"";
        return "<svg class=\"swatch\" viewBox=\"0 0 26 12\" aria-hidden=\"true\" style=\"color:var(--s" + colour
                + ")\">" + line + (shape ? SHAPES[colour - 1].formatted(fill) : "") + "</svg>";
    }
}
