package io.github.horkd.distill;

import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/** Epochs as comma-separated values. */
final class EpochTable implements TrainingListener {

    private final Path file;
    private final StringBuilder rows = new StringBuilder(
            "stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,seconds_left,term,raw,weighted\n");

    EpochTable(Path file) {
        this.file = file.toAbsolutePath();
        write();
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.EpochFinished epoch) {
            for (TermValue term : epoch.terms()) {
                rows.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%.6g,%s,%.6g,%.1f,%.1f,%s,%.6g,%.6g\n",
                        epoch.stage(),
                        epoch.epoch(),
                        epoch.loss(),
                        epoch.heldOutLoss().isPresent()
                                ? String.format(
                                        Locale.ROOT, "%.6g", epoch.heldOutLoss().getAsDouble())
                                : "",
                        epoch.learningRate(),
                        epoch.pairsPerSecond(),
                        epoch.timeLeft().toMillis() / 1000.0,
                        quoted(term.name()),
                        term.raw(),
                        term.weighted()));
            }
            write();
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    private void write() {
        WholeFile.write(
                file,
                "the table of epochs",
                beside -> beside.write(rows.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
