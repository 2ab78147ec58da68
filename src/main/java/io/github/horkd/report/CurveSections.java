package io.github.horkd.report;

import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.List;
import java.util.stream.IntStream;

/** The curves that recognisers are judged by, wherever their points come from. */
final class CurveSections {

    private static final int RANKS = 20;

    private CurveSections() {}

    /** From ROC curves, points of false and true accepts. */
    static Section verification(List<Series> roc) {
        List<Series> det = roc.stream()
                .map(s -> new Series(
                        s.name(),
                        s.colour(),
                        s.mark(),
                        s.points().stream()
                                .map(p -> new Point(p.x(), 1 - p.y()))
                                .toList()))
                .toList();
        return Section.of(
                Section.VERIFICATION,
                "Verification: are these two the same?",
                "Pairs of a probe and another test picture at high resolution; each class counts the same. The ROC curve nearer to the upper left corner is better; "
                        + "in the DET chart, the lower one.",
                new Chart(
                        "ROC",
                        "",
                        new Axis("false accepts (FAR)", Scale.LOG_PERCENT),
                        new Axis("true accepts (TAR), %", Scale.PERCENT),
                        roc),
                new Chart(
                        "DET",
                        "",
                        new Axis("false accepts (FAR)", Scale.DEVIATE),
                        new Axis("false rejects (FRR)", Scale.DEVIATE),
                        det));
    }

    static Section identification(List<Series> cmc) {
        return Section.of(
                Section.IDENTIFICATION,
                "Identification: which one is it?",
                "The share of probes whose own class is among the first k classes of the gallery.",
                new Chart(
                        "Cumulative match curve (CMC)",
                        "",
                        Axis.of("k, classes"),
                        new Axis("found among the first k, %", Scale.PERCENT),
                        cmc));
    }

    static List<Point> ranks(List<Double> cmc) {
        return IntStream.range(0, Math.min(RANKS, cmc.size()))
                .mapToObj(k -> new Point(k + 1, cmc.get(k)))
                .toList();
    }

    /** From points of FPIR and DIR. */
    static Section openSet(String counts, List<Series> detections) {
        return Section.of(
                Section.OPEN_SET,
                "Open set: is it one we know?",
                "Half of the classes are taken out of the gallery; their probes are strangers. " + counts
                        + (counts.isEmpty() ? "" : " ")
                        + "DIR: known probes that are found and believed. FPIR: strangers that are taken for a class of the gallery.",
                new Chart(
                        "DIR at FPIR",
                        "",
                        new Axis("strangers taken for a known class (FPIR)", Scale.LOG_PERCENT),
                        new Axis("found and believed (DIR), %", Scale.PERCENT),
                        detections));
    }
}
