package io.github.horkd.report;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.EmbeddingTable;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.internal.rows.UnitRows;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Series;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How faces lie in the space of the run that the report is about, and whom it takes for whom. */
final class ExperimentSpace {

    private final ShownRuns shown;

    ExperimentSpace(ShownRuns shown) {
        this.shown = shown;
    }

    Section section() {
        List<Part> charts = new ArrayList<>();
        Stream.concat(
                        shown.subject().stream(),
                        shown.curves().stream().filter(shown::naive).limit(1))
                .forEach(r -> charts.add(SpaceSection.histogram(
                        r.variant(),
                        SpaceSection.shares(ShownRuns.across(r).scores().same()),
                        SpaceSection.shares(ShownRuns.across(r).scores().other()))));
        shown.subject().ifPresent(r -> {
            try {
                charts.addAll(embeddings(r, shown.colour(r)));
            } catch (UncheckedIOException e) {
                charts.add(new DataTable(
                        "The embeddings were not kept", Table.of("File", "Why").row(r.directory(), e.getMessage())));
            }
        });
        return SpaceSection.of(charts);
    }

    private static List<Part> embeddings(RunResult of, int colour) {
        EmbeddingTable probes = of.probes();
        EmbeddingTable gallery = of.gallery();
        List<String> people = Stream.concat(probes.people().stream(), gallery.people().stream())
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        if (probes.rows().isEmpty() || gallery.rows().isEmpty() || people.isEmpty()) {
            return List.of();
        }
        SpaceSection.Rows small = rows("probes", probes, people);
        return List.of(
                SpaceSection.spectrum(
                        List.of(new Series(of.variant(), colour, Mark.LINE, SpaceSection.spectrum(small.rows())))),
                SpaceSection.map(of.variant(), people, small, rows("gallery", gallery, people)));
    }

    private static SpaceSection.Rows rows(String name, EmbeddingTable table, List<String> people) {
        int width = table.rows().get(0).length;
        float[] values = new float[Math.multiplyExact(width, table.rows().size())];
        for (int i = 0; i < table.rows().size(); i++) {
            System.arraycopy(table.rows().get(i), 0, values, i * width, width);
        }
        Map<String, Integer> numbers = numbers(people);
        return new SpaceSection.Rows(
                UnitRows.in(name, values, width),
                table.people().stream()
                        .mapToInt(p -> numbers.getOrDefault(p, PairedImages.UNLABELLED))
                        .toArray());
    }

    private static Map<String, Integer> numbers(List<String> people) {
        return IntStream.range(0, people.size()).boxed().collect(Collectors.toMap(people::get, i -> i));
    }

    static Section confusion(RunResult of) {
        List<String> people = of.answers().stream()
                .flatMap(a -> Stream.concat(
                        Stream.of(a.person()), a.nearest().stream().limit(1).map(RunResult.Neighbour::person)))
                .distinct()
                .sorted()
                .toList();
        Map<String, Integer> numbers = numbers(people);
        return ConfusionSection.of(
                of.variant(),
                of.answers().stream().mapToInt(a -> numbers.get(a.person())).toArray(),
                of.answers().stream()
                        .mapToInt(a -> a.nearest().isEmpty()
                                ? PairedImages.UNLABELLED
                                : numbers.get(a.nearest().get(0).person()))
                        .toArray(),
                people);
    }
}
