package io.github.horkd.report;

import java.util.List;

/**
 * A chart of lines or points. What cannot be drawn (not a number, infinite, not above 0 on a logarithmic axis) is left out of it; a series of one point is
 * a point; a chart without any says so.
 *
 * @param title  its heading
 * @param lead   what to look at; empty for nothing
 * @param x      the axis to the right
 * @param y      the axis upwards
 * @param series what is drawn, the first on top
 */
public record Chart(String title, String lead, Axis x, Axis y, List<Series> series) implements Part {

    public Chart {
        series = List.copyOf(series);
    }

    /** How values lie on an axis. */
    public enum Scale {
        /** Evenly. */
        LINEAR,
        /** By their logarithm. */
        LOG,
        /** Shares 0…1, shown in percent. */
        PERCENT,
        /** Shares above 0, by their logarithm, shown in percent. */
        LOG_PERCENT,
        /** Shares between 0 and 1 by the quantile of the normal distribution, shown in percent: the axes of a DET chart. */
        DEVIATE
    }

    /**
     * An axis.
     *
     * @param name  what it shows, with its unit
     * @param scale how
     */
    public record Axis(String name, Scale scale) {

        /**
         * An axis.
         *
         * @param name what it shows
         * @return a linear one
         */
        public static Axis of(String name) {
            return new Axis(name, Scale.LINEAR);
        }
    }

    /** How a series is drawn. */
    public enum Mark {
        /** A line, with points where they are few or where it has to be told from others. */
        LINE,
        /** A thin, pale line, for what is noisy. */
        FAINT,
        /** A dashed line: a rival, a baseline. */
        DASHED,
        /** Filled points. */
        POINTS,
        /** Hollow points. */
        RINGS
    }

    /**
     * A point.
     *
     * @param x to the right
     * @param y upwards
     */
    public record Point(double x, double y) {}

    /**
     * Points of one kind.
     *
     * @param name   for the legend; "" for none
     * @param colour 0, 1, 2 …: equal numbers have equal colours and shapes throughout a report; −1 for the naive use of a teacher
     * @param mark   how it is drawn
     * @param points in order
     */
    public record Series(String name, int colour, Mark mark, List<Point> points) {

        public Series {
            points = List.copyOf(points);
        }
    }
}
