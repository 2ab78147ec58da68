package io.github.horkd.distill;

import io.github.horkd.internal.file.BoundedFile;
import io.github.horkd.internal.file.WholeFile;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** Epochs as comma-separated values. Rows of an earlier run stay until their very epochs are run again. */
final class EpochTable implements TrainingListener {

    private static final String HEADING =
            "stage,epoch,loss,held_out_loss,learning_rate,pairs_per_second,seconds_left,term,raw,weighted";
    /** More than a table of epochs has: 100,000 epochs of ten terms. */
    private static final long LARGEST = 128 << 20;

    private final Path file;
    private final List<Row> rows = new ArrayList<>();
    /** The stage that began and may yet turn out to go on. */
    private String begun;

    private record Row(String stage, int epoch, String line) {}

    EpochTable(Path file) {
        this.file = file.toAbsolutePath();
        if (Files.exists(this.file)) {
            read();
        } else {
            write();
        }
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted started) {
            begun = started.stage();
        } else if (event instanceof TrainingEvent.StageResumed resumed) {
            begun = null;
            drop(row -> row.stage().equals(resumed.stage()) && row.epoch() >= resumed.epoch());
        } else if (event instanceof TrainingEvent.EpochFinished epoch) {
            if (epoch.stage().equals(begun)) {
                drop(row -> row.stage().equals(begun));
                begun = null;
            }
            epoch.terms().forEach(term -> rows.add(new Row(epoch.stage(), epoch.epoch(), line(epoch, term))));
            write();
        }
    }

    private void drop(Predicate<Row> which) {
        rows.removeIf(which);
    }

    private static String line(TrainingEvent.EpochFinished epoch, TermValue term) {
        String heldOut = epoch.heldOutLoss().isPresent()
                ? String.format(Locale.ROOT, "%.6g", epoch.heldOutLoss().getAsDouble())
                : "";
        return String.format(
                Locale.ROOT,
                "%s,%d,%.6g,%s,%.6g,%.1f,%.1f,%s,%.6g,%.6g",
                epoch.stage(),
                epoch.epoch(),
                epoch.loss(),
                heldOut,
                epoch.learningRate(),
                epoch.pairsPerSecond(),
                epoch.timeLeft().toMillis() / 1000.0,
                '"' + term.name().replace("\"", "\"\"") + '"',
                term.raw(),
                term.weighted());
    }

    private void read() {
        try {
            List<String> lines = BoundedFile.text(file, LARGEST).lines().toList();
            if (lines.isEmpty() || !lines.get(0).equals(HEADING)) {
                throw new IOException("its first line is another");
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] cells = line.split(",", 3);
                if (cells.length < 3) {
                    throw new IOException("its line " + (rows.size() + 2) + " is \"" + line + "\"");
                }
                rows.add(new Row(cells[0], Integer.parseInt(cells[1]), line));
            }
        } catch (IOException | NumberFormatException e) {
            throw new UncheckedIOException(
                    file + ": there is a file that is no table of epochs (" + e.getMessage()
                            + "); remove it, or name another",
                    e instanceof IOException io ? io : new IOException(e));
        }
    }

    private void write() {
        StringBuilder text = new StringBuilder(HEADING).append('\n');
        rows.forEach(row -> text.append(row.line()).append('\n'));
        WholeFile.write(
                file, "the table of epochs", out -> out.write(text.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
