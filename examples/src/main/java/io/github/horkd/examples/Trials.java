package io.github.horkd.examples;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Runs the rows of an experiment over seeds and keeps every single figure in a file, one line a run, so that an interrupted experiment goes on where it
 * stopped and a table can be checked against what it was made of. The table gives mean ± sample standard deviation over seeds.
 */
final class Trials {

    /** One run: figures for the columns of the table, in percent. */
    @FunctionalInterface
    interface Run {
        double[] with(long seed);
    }

    private final Path file;
    private final List<String> columns;
    private final Map<String, Map<Long, double[]>> results = new LinkedHashMap<>();

    Trials(Path file, String... columns) throws IOException {
        this.file = file;
        this.columns = List.of(columns);
        Files.createDirectories(file.toAbsolutePath().getParent());
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                String[] cells = line.split(";");
                keep(
                        cells[0],
                        Long.parseLong(cells[1]),
                        IntStream.range(2, cells.length)
                                .mapToDouble(i -> Double.parseDouble(cells[i]))
                                .toArray());
            }
        }
    }

    /** Runs a row, less the seeds that are in the file already. */
    void row(String name, long[] seeds, Run run) throws IOException {
        for (long seed : seeds) {
            if (results.containsKey(name) && results.get(name).containsKey(seed)) {
                continue;
            }
            long began = System.nanoTime();
            double[] figures = run.with(seed);
            StringBuilder line = new StringBuilder(name + ";" + seed);
            for (double figure : figures) {
                line.append(String.format(Locale.ROOT, ";%.4f", figure));
            }
            Files.writeString(
                    file, line + System.lineSeparator(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            keep(name, seed, figures);
            System.out.printf(Locale.ROOT, "%s, %.0f s%n", line, (System.nanoTime() - began) / 1e9);
        }
    }

    /** The figures of a run, this one's or an earlier one's. */
    Optional<double[]> figures(String row, long seed) {
        return Optional.ofNullable(results.getOrDefault(row, Map.of()).get(seed));
    }

    /** The table: mean ± sample standard deviation. */
    Table table() {
        List<String> header = new ArrayList<>(List.of("", "seeds"));
        header.addAll(columns);
        Table table = Table.of(header.toArray(String[]::new));
        for (var row : results.entrySet()) {
            List<Object> cells =
                    new ArrayList<>(List.of(row.getKey(), row.getValue().size()));
            for (int c = 0; c < columns.size(); c++) {
                int column = c;
                cells.add(Spread.of(row.getValue().values().stream()
                        .mapToDouble(f -> f[column])
                        .toArray()));
            }
            table = table.row(cells.toArray());
        }
        return table;
    }

    private void keep(String row, long seed, double[] figures) {
        results.computeIfAbsent(row, r -> new LinkedHashMap<>()).put(seed, figures);
    }
}
