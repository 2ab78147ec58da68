package io.github.horkd.report;

import java.util.List;

/**
 * A table of counts whose cells are the darker the larger their share of the row.
 *
 * @param caption what it shows
 * @param rowName what a row is, "shown"
 * @param columnName what a column is, "taken for"
 * @param rows    names of the rows
 * @param columns names of the columns
 * @param counts  a list of counts a row
 */
public record Heatmap(
        String caption,
        String rowName,
        String columnName,
        List<String> rows,
        List<String> columns,
        List<List<Integer>> counts)
        implements Part {

    public Heatmap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        counts = counts.stream().map(List::copyOf).toList();
        int width = columns.size();
        if (counts.size() != rows.size() || counts.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("counts: wanted " + rows.size() + " rows of " + width + ", got "
                    + counts.stream().map(List::size).toList());
        }
    }
}
