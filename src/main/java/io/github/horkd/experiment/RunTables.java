package io.github.horkd.experiment;

import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures and metrics of all runs, for a spreadsheet. */
final class RunTables {

    private final RunDirectory read;

    RunTables(RunDirectory read) {
        this.read = read;
    }

    void write() {
        figures();
        metrics();
        validation();
    }

    private void figures() {
        StringBuilder text = new StringBuilder("variant,seed");
        read.manifest().columns().forEach(column -> text.append(',').append(CsvText.quoted(column)));
        for (RunResult run : read.runs()) {
            if (run.state() == RunState.FINISHED && !run.variant().equals(RunResult.SHARED)) {
                text.append('\n')
                        .append(CsvText.quoted(run.variant()))
                        .append(',')
                        .append(run.seed());
                read.manifest()
                        .columns()
                        .forEach(column ->
                                text.append(',').append(number(run.figures().getOrDefault(column, Double.NaN))));
            }
        }
        write("figures.csv", text.append('\n'));
    }

    private void metrics() {
        StringBuilder text = new StringBuilder(
                "variant,seed,stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,term,raw,weighted\n");
        List<Map<String, Object>> all = new ArrayList<>();
        for (RunResult run : read.runs()) {
            for (RunResult.Epoch epoch : run.epochs()) {
                for (TermValue term : epoch.terms()) {
                    text.append(CsvText.quoted(run.variant()))
                            .append(',')
                            .append(run.seed())
                            .append(',')
                            .append(epoch.stage())
                            .append(',')
                            .append(epoch.epoch())
                            .append(',')
                            .append(number(epoch.loss()))
                            .append(',')
                            .append(number(epoch.heldOutLoss()))
                            .append(',')
                            .append(number(epoch.learningRate()))
                            .append(',')
                            .append(number(epoch.pairsPerSecond()))
                            .append(',')
                            .append(CsvText.quoted(term.name()))
                            .append(',')
                            .append(number(term.raw()))
                            .append(',')
                            .append(number(term.weighted()))
                            .append('\n');
                }
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("variant", run.variant());
                line.put("seed", run.seed());
                line.putAll(Form.map(Form.plain().write(epoch), "epoch"));
                all.add(line);
            }
        }
        write("metrics.csv", text);
        TreeFile.write(read.path().resolve("metrics.json"), "the metrics", all);
    }

    private void validation() {
        StringBuilder text =
                new StringBuilder("variant,seed,stage,epoch,rank_1,auc,naive_rank_1,naive_auc,best_so_far\n");
        for (RunResult run : read.runs()) {
            for (RunResult.ValidationPoint point : run.validation()) {
                text.append(CsvText.quoted(run.variant()))
                        .append(',')
                        .append(run.seed())
                        .append(',')
                        .append(point.stage())
                        .append(',')
                        .append(point.epoch())
                        .append(',')
                        .append(number(point.rankOne()))
                        .append(',')
                        .append(number(point.auc()))
                        .append(',')
                        .append(number(point.naiveRankOne()))
                        .append(',')
                        .append(number(point.naiveAuc()))
                        .append(',')
                        .append(point.followed())
                        .append('\n');
            }
        }
        write("validation.csv", text);
    }

    private void write(String name, CharSequence text) {
        Path file = read.path().resolve(name);
        WholeFile.write(file, "a table", out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** Empty where there is none. */
    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
    }
}
