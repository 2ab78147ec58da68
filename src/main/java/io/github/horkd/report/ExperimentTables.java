package io.github.horkd.report;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import io.github.horkd.experiment.Manifest;
import io.github.horkd.experiment.RunDirectory;
import io.github.horkd.experiment.RunResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The figures of all variants over their seeds: the results, and what each variant differs by. */
final class ExperimentTables {

    private static final int KEY_FIGURES = 4;

    private final ShownRuns shown;
    private final RunDirectory run;
    private final Manifest manifest;

    ExperimentTables(ShownRuns shown) {
        this.shown = shown;
        this.run = shown.run();
        this.manifest = shown.manifest();
    }

    Optional<Section> results() {
        Table table = Table.of(Stream.concat(Stream.of("Variant", "Seeds"), manifest.columns().stream())
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
        if (shown.subject().isEmpty()) {
            return Optional.of(Section.of(Section.RESULTS, "Results", lead, all));
        }
        String best = shown.subject().get().variant();
        return Optional.of(Section.of(
                Section.RESULTS,
                "Results",
                "The large figures are of " + Text.quoted(best)
                        + ", the variant with the largest area under the ROC curve (AUC) across resolutions. " + lead,
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
    Optional<Section> ablation() {
        List<String> names = new ArrayList<>(manifest.variants().stream()
                .filter(v -> !run.finished(v).isEmpty())
                .toList());
        Optional<String> base = shown.curves().stream()
                .filter(r -> !shown.naive(r))
                .map(RunResult::variant)
                .findFirst();
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
}
