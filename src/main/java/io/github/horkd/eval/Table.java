package io.github.horkd.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A small table of results. It prints as aligned text, the first column to the left and the others to the right, and as
 * GitHub markdown.
 *
 * @param header the names of the columns
 * @param rows   the cells, as many in each row as the header has
 */
public record Table(List<String> header, List<List<String>> rows) {

    public Table {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException(
                        "row " + row + ": wanted " + header.size() + " cells for " + header + ", got " + row.size());
            }
        }
    }

    /**
     * A table without rows yet.
     *
     * @param header the names of the columns
     * @return the table
     */
    public static Table of(String... header) {
        return new Table(List.of(header), List.of());
    }

    /**
     * This table with one more row.
     *
     * @param cells printed by their {@code toString}
     * @return a new table
     */
    public Table row(Object... cells) {
        List<List<String>> more = new ArrayList<>(rows);
        more.add(Arrays.stream(cells).map(String::valueOf).toList());
        return new Table(header, more);
    }

    /**
     * As a GitHub markdown table.
     *
     * @return lines, each ended by a line feed
     */
    public String markdown() {
        String rule = header.stream().map(name -> "---").collect(Collectors.joining(" | ", "| ", " |\n"));
        return line(header) + rule + rows.stream().map(Table::line).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    @Override
    public String toString() {
        int[] widths = IntStream.range(0, header.size())
                .map(column -> Stream.concat(Stream.of(header), rows.stream())
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return Stream.concat(Stream.of(header), rows.stream())
                .map(row -> aligned(row, widths))
                .collect(Collectors.joining("\n"));
    }

    private static String aligned(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String gap = " ".repeat(widths[column] - row.get(column).length());
            line.append(column == 0 ? "" : "  ");
            line.append(column == 0 ? row.get(column) + gap : gap + row.get(column));
        }
        return line.toString().stripTrailing();
    }
}
