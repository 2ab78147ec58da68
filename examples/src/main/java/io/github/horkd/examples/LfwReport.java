package io.github.horkd.examples;

import io.github.horkd.eval.Table;
import io.github.horkd.model.Network;
import io.github.horkd.report.Chart;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import io.github.horkd.report.DataTable;
import io.github.horkd.report.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Sections of the face benchmark's report that are made of what earlier runs left: figures at other sizes, and the students that were kept. */
final class LfwReport {

    /** The figures of {@link LfwFaces#COLUMNS}, each with all that it is. */
    static final List<String> COLUMNS = List.of(
            "LR-LR accuracy",
            "LR-LR AUC",
            "LR-LR TAR",
            "HR-LR accuracy",
            "HR-LR AUC",
            "HR-LR TAR",
            "all pairs HR-LR AUC",
            "all pairs HR-LR TAR");

    private LfwReport() {}

    /**
     * AUC across resolutions by the side of the probes, a student a side.
     *
     * @param sizes where {@code -Dsetting=sizes} left its figures
     * @param rows  the figures at the usual side
     * @param naive the row of the naive use, without the pixels
     * @return empty where there are no figures
     */
    static Optional<Section> sizes(Path sizes, Trials rows, int usual, String naive, long seed) throws IOException {
        if (!Files.exists(sizes)) {
            return Optional.empty();
        }
        Trials others = new Trials(sizes, LfwFaces.COLUMNS);
        List<Point> students = new ArrayList<>();
        List<Point> enlarged = new ArrayList<>();
        for (int side = 4; side <= 64; side++) {
            Trials from = side == usual ? rows : others;
            String prefix = side == usual ? "" : side + " pixels, ";
            point(from, prefix + LfwRow.CONTRASTIVE, seed, side).ifPresent(students::add);
            point(from, prefix + naive, 0, side).ifPresent(enlarged::add);
        }
        return students.isEmpty()
                ? Optional.empty()
                : Optional.of(Section.of(
                        Section.RESOLUTION,
                        "Accuracy against resolution",
                        "The area under the ROC curve (AUC) of high-resolution pictures against probes, by the side of the probe in pixels. A student was trained for each side.",
                        new Chart(
                                "AUC by resolution",
                                "",
                                new Axis("side of the probe, pixels", Scale.LOG),
                                new Axis("HR-LR AUC, %", Scale.PERCENT),
                                List.of(
                                        new Series(LfwRow.CONTRASTIVE, 0, Mark.LINE, students),
                                        new Series(naive, -1, Mark.DASHED, enlarged)))));
    }

    private static Optional<Point> point(Trials from, String row, long seed, int side) {
        return from.figures(row, seed).map(figures -> new Point(side, figures[LfwFaces.ACROSS_AUC] / 100));
    }

    /** Where a row's student of one seed is kept. */
    static Path kept(Path students, String row, long seed) {
        return students.resolve(row.replaceAll("[^a-zA-Z0-9]+", "-") + "-" + seed + ".zip");
    }

    /** How large the students are that were kept, of one seed. */
    static Section networks(Path students, long seed) throws IOException {
        Table table = Table.of("Row", "Input", "Parameters", "On disk");
        for (String row : LfwRow.TABLE.keySet()) {
            Path kept = kept(students, row, seed);
            if (Files.exists(kept)) {
                Network network = Network.load(kept);
                table = table.row(
                        row,
                        network.input().shape().toString().replace('x', '×'),
                        String.format(Locale.ROOT, "%,d", network.parameterCount()),
                        String.format(Locale.ROOT, "%,d KB", Files.size(kept) / 1024));
            }
        }
        return Section.of(
                Section.SIZES,
                "Sizes",
                "The teacher has 5.6 million parameters and sees 150×150 pixels. It is not needed to recognise with a student, but for the gallery.",
                new DataTable("Students that were kept", table));
    }
}
