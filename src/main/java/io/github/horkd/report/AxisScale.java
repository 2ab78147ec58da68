package io.github.horkd.report;

import io.github.horkd.eval.DetPoint;
import io.github.horkd.report.Chart.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Where values lie on an axis, and which of them are written beside it. */
final class AxisScale {

    private static final double[] DEVIATES = {0.0001, 0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999};

    /** How much of the axis below a chart a letter takes, and what is free between two labels; with less, the library that draws turns them. */
    private static final double LETTER = 0.0176;

    private static final double BETWEEN = 0.06;

    private static final int FEW = 7;

    private AxisScale() {}

    /** The place of a value, NaN for one that has none. */
    static double place(Scale scale, double value) {
        double place = switch (scale) {
            case LINEAR -> value;
            case PERCENT -> 100 * value;
            case LOG, LOG_PERCENT -> value > 0 ? Math.log10(value) : Double.NaN;
            case DEVIATE -> new DetPoint(0, value, 0).falseAcceptDeviate();
        };
        return Double.isFinite(place) ? place : Double.NaN;
    }

    /** Places that are written; empty where the chart may choose. */
    static List<Double> breaks(Scale scale, double from, double to) {
        List<Double> breaks = new ArrayList<>();
        if (scale == Scale.DEVIATE) {
            for (double share : DEVIATES) {
                add(breaks, place(scale, share), from, to);
            }
        } else if (scale == Scale.LOG || scale == Scale.LOG_PERCENT) {
            double decades = to - from;
            double[] steps = decades <= 1
                    ? new double[] {1, 1.5, 2, 3, 4, 5, 6, 8}
                    : decades <= 2 ? new double[] {1, 2, 5} : decades <= 3 ? new double[] {1, 3} : new double[] {1};
            for (int d = (int) Math.floor(from); d <= Math.ceil(to); d++) {
                for (double step : steps) {
                    add(breaks, Math.log10(step) + d, from, to);
                }
            }
        }
        return breaks;
    }

    /**
     * Places to write below a chart that follow from what is drawn: the values themselves where a logarithmic axis has few of them, whole numbers where all are
     * whole.
     *
     * @param places where points are, ascending, each once
     */
    static Optional<List<Double>> own(Scale scale, List<Double> places) {
        if (scale == Scale.LOG && places.size() <= FEW) {
            return Optional.of(places);
        }
        if (scale != Scale.LINEAR || places.isEmpty() || places.stream().anyMatch(p -> p != Math.rint(p))) {
            return Optional.empty();
        }
        double from = places.get(0);
        double to = places.get(places.size() - 1);
        double step = 1;
        for (int i = 0; (to - from) / step > FEW; i++) {
            step *= i % 3 == 1 ? 2.5 : 2;
        }
        List<Double> whole = new ArrayList<>();
        for (double each = Math.ceil(from / step) * step; each <= to; each += step) {
            whole.add(each);
        }
        return Optional.of(whole);
    }

    /** Of those, what stands side by side without being turned: each as far from the one before as a label is wide. */
    static List<Double> apart(Scale scale, List<Double> breaks, double from, double to) {
        List<Double> kept = new ArrayList<>();
        for (double each : breaks) {
            double before = kept.isEmpty() ? Double.NEGATIVE_INFINITY : kept.get(kept.size() - 1);
            double letters = kept.isEmpty() ? 0 : (label(scale, each) + label(scale, before)).length() / 2.0;
            if (each - before > (to - from) * (LETTER * letters + BETWEEN)) {
                kept.add(each);
            }
        }
        return kept;
    }

    /** What is written at a place. */
    static String label(Scale scale, double place) {
        return switch (scale) {
            case LINEAR, PERCENT -> Text.number(place);
            case LOG -> plain(Math.pow(10, place));
            case LOG_PERCENT -> plain(100 * Math.pow(10, place)) + " %";
            case DEVIATE -> {
                for (double share : DEVIATES) {
                    if (Math.abs(place(scale, share) - place) < 1e-6) {
                        yield plain(100 * share) + " %";
                    }
                }
                yield "";
            }
        };
    }

    private static void add(List<Double> breaks, double place, double from, double to) {
        double slack = 0.02 * (to - from);
        if (place >= from - slack && place <= to + slack) {
            breaks.add(place);
        }
    }

    /** Two digits at most, without an exponent where that is short. */
    private static String plain(double value) {
        double rounded = Double.parseDouble(String.format(Locale.ROOT, "%.2g", value));
        String text = rounded >= 1e-4 && rounded < 1e6
                ? new java.math.BigDecimal(Double.toString(rounded))
                        .stripTrailingZeros()
                        .toPlainString()
                : String.format(Locale.ROOT, "%.0e", value);
        return text;
    }
}
