package io.github.horkd.report;

import io.github.horkd.data.PairedImages;
import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.EmbeddingTable;
import io.github.horkd.experiment.Manifest;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import io.github.horkd.experiment.RunResult.MatchingCurves;
import io.github.horkd.internal.rows.UnitRows;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sections from what an experiment's directory holds. */
final class ExperimentSections {

    /** The matching that a camera meets. */
    private static final String ACROSS = "HR-LR";

    private static final int KEY_FIGURES = 4;

    private final RunDirectory run;
    private final Manifest manifest;
    /** One run a variant for curves: the first finished one that was matched across resolutions. */
    private final List<RunResult> shown;
    /** Whom the report is about. */
    private final Optional<RunResult> subject;

    ExperimentSections(RunDirectory run) {
        this.run = run;
        this.manifest = run.manifest();
        this.shown = manifest.variants().stream()
                .map(variant -> run.finished(variant).stream()
                        .filter(r -> across(r).isPresent())
                        .findFirst())
                .flatMap(Optional::stream)
                .toList();
        this.subject = shown.stream()
                .filter(r -> !naive(r))
                .max(Comparator.comparingDouble(r -> across(r).orElseThrow().auc()));
    }

    private static Optional<MatchingCurves> across(RunResult run) {
        return run.matching().stream().filter(m -> m.name().equals(ACROSS)).findFirst();
    }

    private boolean naive(RunResult run) {
        return manifest.naive().contains(run.variant());
    }

    List<Section> all() {
        List<Section> sections = new ArrayList<>();
        results().ifPresent(sections::add);
        ablation().ifPresent(sections::add);
        sections.addAll(new ExperimentLearning(run).sections());
        resolution().ifPresent(sections::add);
        if (!shown.isEmpty()) {
            sections.add(CurveSections.verification(
                    series(r -> corners(across(r).orElseThrow().roc()))));
            sections.add(CurveSections.identification(
                    series(r -> CurveSections.ranks(across(r).orElseThrow().cmc()))));
            sections.add(CurveSections.openSet(
                    "", series(r -> corners(across(r).orElseThrow().openSet()))));
            sections.add(space());
        }
        subject.filter(r -> !r.answers().isEmpty()).map(this::confusion).ifPresent(sections::add);
        subject.flatMap(r -> new ExperimentPictures(r).section()).ifPresent(sections::add);
        sections.addAll(new ExperimentFacts(run).sections());
        return sections;
    }

    private Optional<Section> results() {
        Table table = Table.of(Stream.concat(Stream.of("", "Seeds"), manifest.columns().stream())
                .toArray(String[]::new));
        for (String variant : manifest.variants()) {
            List<RunResult> done = run.finished(variant);
            if (!done.isEmpty()) {
                List<Object> cells = new ArrayList<>(List.of(variant, done.size()));
                manifest.columns().forEach(column -> cells.add(print(spread(done, column))));
                table = table.row(cells.toArray());
            }
        }
        if (table.rows().isEmpty()) {
            return Optional.empty();
        }
        DataTable all = new DataTable("Every variant, mean ± sample standard deviation over seeds", table);
        String lead = "Figures in percent. \"–\": not measured, or too few pictures to tell.";
        if (subject.isEmpty()) {
            return Optional.of(Section.of(Section.RESULTS, "Results", lead, all));
        }
        String best = subject.get().variant();
        return Optional.of(Section.of(
                Section.RESULTS,
                "Results",
                "In large: " + best
                        + ", of all variants the one with the largest area under the curve across resolutions. " + lead,
                new KeyFigures(manifest.columns().stream()
                        .limit(KEY_FIGURES)
                        .map(column -> new KeyFigures.KeyFigure(
                                column, print(spread(run.finished(best), column)), naiveNote(column)))
                        .toList()),
                all));
    }

    private String naiveNote(String column) {
        return manifest.naive().stream()
                .map(variant -> spread(run.finished(variant), column))
                .filter(s -> !Double.isNaN(s.mean()))
                .max(Comparator.comparingDouble(Spread::mean))
                .map(s -> "naive: " + print(s))
                .orElse("");
    }

    private static Spread spread(List<RunResult> runs, String column) {
        return Spread.of(runs.stream()
                .mapToDouble(r -> r.figures().getOrDefault(column, Double.NaN))
                .toArray());
    }

    private static String print(Spread spread) {
        return Double.isNaN(spread.mean()) ? "–" : spread.print(1);
    }

    /** Against the first variant that is no naive use and was matched across resolutions. */
    private Optional<Section> ablation() {
        List<String> names = new ArrayList<>(manifest.variants().stream()
                .filter(v -> !run.finished(v).isEmpty())
                .toList());
        Optional<String> base =
                shown.stream().filter(r -> !naive(r)).map(RunResult::variant).findFirst();
        if (names.size() < 3 || base.isEmpty() || manifest.columns().isEmpty()) {
            return Optional.empty();
        }
        names.remove(base.get());
        names.add(0, base.get());
        return Optional.of(new Ablation(
                        manifest.columns(),
                        names.stream()
                                .map(name -> new Ablation.Row(
                                        name,
                                        run.finished(name).stream()
                                                .map(r -> manifest.columns().stream()
                                                        .map(c -> r.figures().getOrDefault(c, Double.NaN))
                                                        .toList())
                                                .toList()))
                                .toList())
                .section());
    }

    private Optional<Section> resolution() {
        List<Series> series = new ArrayList<>();
        TreeMap<Integer, Double> naive = new TreeMap<>();
        for (int i = 0; i < shown.size(); i++) {
            RunResult each = shown.get(i);
            if (each.byResolution().isEmpty() || naive(each)) {
                continue;
            }
            Map<Integer, Double> mean = run.finished(each.variant()).stream()
                    .flatMap(r -> r.byResolution().stream())
                    .collect(Collectors.groupingBy(
                            RunResult.AtResolution::side,
                            TreeMap::new,
                            Collectors.averagingDouble(RunResult.AtResolution::rankOne)));
            series.add(new Series(each.variant(), i, Mark.LINE, points(mean)));
            each.byResolution().stream()
                    .filter(r -> !Double.isNaN(r.naiveRankOne()))
                    .forEach(r -> naive.put(r.side(), r.naiveRankOne()));
        }
        if (series.isEmpty()) {
            return Optional.empty();
        }
        if (!naive.isEmpty()) {
            series.add(new Series("naive: the teacher on enlarged probes", shown.size(), Mark.DASHED, points(naive)));
        }
        return Optional.of(Section.of(
                Section.RESOLUTION,
                "Accuracy against resolution",
                "Rank-1 across resolutions, mean over seeds, by the side of the probe in pixels; coarser probes are enlarged to what the network takes.",
                new Chart(
                        "Rank-1 by resolution",
                        "",
                        new Axis("side of the probe, pixels", Scale.LOG),
                        new Axis("rank-1, %", Scale.PERCENT),
                        series)));
    }

    private static List<Point> points(Map<Integer, Double> values) {
        return values.entrySet().stream()
                .map(e -> new Point(e.getKey(), e.getValue()))
                .toList();
    }

    private Section space() {
        List<Part> charts = new ArrayList<>();
        Stream.concat(subject.stream(), shown.stream().filter(this::naive).limit(1))
                .forEach(r -> charts.add(SpaceSection.histogram(
                        r.variant(),
                        SpaceSection.shares(across(r).orElseThrow().scores().same()),
                        SpaceSection.shares(across(r).orElseThrow().scores().other()))));
        subject.ifPresent(r -> {
            try {
                charts.addAll(embeddings(r));
            } catch (UncheckedIOException e) {
                charts.add(new DataTable(
                        "The embeddings were not kept", Table.of("File", "Why").row(r.directory(), e.getMessage())));
            }
        });
        return SpaceSection.of(charts);
    }

    private List<Part> embeddings(RunResult of) {
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
                        List.of(new Series(of.variant(), 0, Mark.LINE, SpaceSection.spectrum(small.rows())))),
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

    private Section confusion(RunResult of) {
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

    private static List<Point> corners(List<RunResult.Corner> corners) {
        return corners.stream()
                .map(c -> new Point(c.falseAccept(), c.trueAccept()))
                .toList();
    }

    private List<Series> series(Function<RunResult, List<Point>> points) {
        return IntStream.range(0, shown.size())
                .mapToObj(i -> new Series(
                        shown.get(i).variant(),
                        i,
                        naive(shown.get(i)) ? Mark.DASHED : Mark.LINE,
                        points.apply(shown.get(i))))
                .toList();
    }
}
