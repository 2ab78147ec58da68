package io.github.horkd.report;

import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.rows.UnitRows;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the embedding space is like: its spectrum, the cosines within and between classes, and a map of some of them. */
final class SpaceSection {

    private static final int BINS = 50;
    private static final int MAPPED_PEOPLE = 6;
    private static final int MAPPED_PICTURES = 12;

    private SpaceSection() {}

    static Section of(List<Judged> all, List<String> names) {
        List<Part> charts = new ArrayList<>();
        Judged first = all.get(0);
        charts.add(histogram(first));
        all.stream().skip(1).filter(j -> j.by().rival()).findFirst().ifPresent(j -> charts.add(histogram(j)));
        charts.add(spectrum(ResultSections.series(all, j -> spectrum(UnitRows.of("probes", j.by().probes())))));
        charts.add(map(
                first.by().name(),
                names,
                new Rows(UnitRows.of("probes", first.by().probes()), first.testLabels()),
                new Rows(UnitRows.of("sharp", first.by().sharp()), first.testLabels())));
        return of(charts);
    }

    static Section of(List<Part> charts) {
        return new Section(
                Section.SPACE,
                "Embedding space",
                "Cosines of pictures of the same class and of other classes should overlap little. A spectrum that falls at once means that few directions carry "
                        + "everything. In the map the filled marks of a class should lie around its hollow ones.",
                charts);
    }

    private static Chart histogram(Judged judged) {
        long[][] counts = new long[2][BINS];
        UnitRows.of("probes", judged.by().probes())
                .compare(UnitRows.of("sharp", judged.by().sharp()), (i, row, at) -> {
                    int own = judged.testLabels()[i];
                    for (int j = 0; own != PairedImages.UNLABELLED && j < judged.testLabels().length; j++) {
                        int other = judged.testLabels()[j];
                        if (j != i && other != PairedImages.UNLABELLED) {
                            int bin = (int) Math.floor((row[at + j] + 1) / 2 * BINS);
                            counts[own == other ? 0 : 1][Math.max(0, Math.min(BINS - 1, bin))]++;
                        }
                    }
                });
        return histogram(judged.by().name(), shares(counts[0]), shares(counts[1]));
    }

    static Chart histogram(String recogniser, List<Point> same, List<Point> other) {
        return new Chart(
                "Cosines: " + recogniser,
                "",
                Axis.of("cosine of a probe and a high-resolution picture"),
                new Axis("share of the pairs, %", Scale.PERCENT),
                List.of(
                        new Series("same class", 2, Mark.LINE, same),
                        new Series("other classes", 1, Mark.DASHED, other)));
    }

    private static List<Point> shares(long[] counts) {
        long sum = Math.max(1, java.util.Arrays.stream(counts).sum());
        return shares(java.util.Arrays.stream(counts)
                .mapToObj(count -> (double) count / sum)
                .toList());
    }

    /** Bins from −1 to 1, without the empty ones at the ends. */
    static List<Point> shares(List<Double> bins) {
        int from = 0;
        int to = bins.size() - 1;
        while (from <= to && !(bins.get(from) > 0)) {
            from++;
        }
        while (to > from && !(bins.get(to) > 0)) {
            to--;
        }
        return IntStream.rangeClosed(Math.max(0, from - 1), Math.min(bins.size() - 1, to + 1))
                .filter(b -> bins.get(b) >= 0)
                .mapToObj(b -> new Point((b + 0.5) * 2 / bins.size() - 1, bins.get(b)))
                .toList();
    }

    static Chart spectrum(List<Series> series) {
        return new Chart(
                "Spectrum of the probes",
                "",
                new Axis("principal axis", Scale.LOG),
                new Axis("share of the variance", Scale.LOG_PERCENT),
                series);
    }

    /** The share of the variance on each principal axis. */
    static List<Point> spectrum(UnitRows rows) {
        double[] values = PrincipalAxes.of(rows).values();
        double sum = java.util.Arrays.stream(values).map(v -> Math.max(0, v)).sum();
        return IntStream.range(0, values.length)
                .filter(k -> values[k] > sum * 1e-6)
                .mapToObj(k -> new Point(k + 1, values[k] / sum))
                .toList();
    }

    /** Embeddings, and whom each is of. */
    record Rows(UnitRows rows, int[] labels) {

        Map<Integer, List<Integer>> byPerson() {
            Map<Integer, List<Integer>> people = new TreeMap<>();
            for (int i = 0; i < labels.length; i++) {
                if (labels[i] != PairedImages.UNLABELLED) {
                    people.computeIfAbsent(labels[i], l -> new ArrayList<>()).add(i);
                }
            }
            return people;
        }
    }

    /** The people with the most probes, on the two principal axes of their own high-resolution pictures. */
    static Chart map(String recogniser, List<String> names, Rows small, Rows sharp) {
        Map<Integer, List<Integer>> probes = small.byPerson();
        Map<Integer, List<Integer>> rings = sharp.byPerson();
        List<Integer> people = probes.keySet().stream()
                .filter(rings::containsKey)
                .sorted(Comparator.comparingInt((Integer l) -> -probes.get(l).size()))
                .limit(MAPPED_PEOPLE)
                .toList();
        PrincipalAxes axes = PrincipalAxes.of(
                sharp.rows(),
                people.stream()
                        .flatMap(l -> rings.get(l).stream().limit(MAPPED_PICTURES))
                        .mapToInt(Integer::intValue)
                        .toArray());
        List<Series> series = new ArrayList<>();
        for (int p = 0; p < people.size(); p++) {
            series.add(new Series(
                    names.get(people.get(p)), p, Mark.POINTS, places(axes, small.rows(), probes.get(people.get(p)))));
        }
        for (int p = 0; p < people.size(); p++) {
            series.add(new Series("", p, Mark.RINGS, places(axes, sharp.rows(), rings.get(people.get(p)))));
        }
        return new Chart(
                "Map of " + people.size() + " classes",
                "Filled: probes by " + Text.quoted(recogniser) + ". Hollow: pictures at high resolution. Two of "
                        + small.rows().width() + " dimensions.",
                Axis.of("first principal axis"),
                Axis.of("second principal axis"),
                series);
    }

    private static List<Point> places(PrincipalAxes axes, UnitRows rows, List<Integer> which) {
        return which.stream()
                .limit(MAPPED_PICTURES)
                .map(i -> axes.place(rows, i))
                .toList();
    }
}
