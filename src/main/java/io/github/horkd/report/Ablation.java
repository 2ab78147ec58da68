package io.github.horkd.report;

import io.github.horkd.eval.Spread;
import io.github.horkd.eval.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Variants of a training held against the first of them, over seeds.
 * <pre>  Δ = mean − mean of the base        s_Δ = √( s² + s_base² )        beyond the spread: |Δ| &gt; s_Δ</pre>
 * s_Δ is the deviation of the difference of two single runs. A row with one seed, or a base with one, is not judged.
 *
 * @param columns names of the figures, with their unit
 * @param rows    the base first
 */
public record Ablation(List<String> columns, List<Row> rows) {

    /**
     * One variant.
     *
     * @param name   what it is called
     * @param values a list of figures for each seed, one figure a column
     */
    public record Row(String name, List<List<Double>> values) {

        public Row {
            values = values.stream().map(List::copyOf).toList();
        }
    }

    public Ablation {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (Row row : rows) {
            for (List<Double> seed : row.values()) {
                if (seed.size() != columns.size()) {
                    throw new IllegalArgumentException("row " + row.name() + ": wanted " + columns.size()
                            + " figures a seed, for " + columns + ", got " + seed.size());
                }
            }
        }
    }

    /**
     * As a section with one table. A cell has mean ± spread, below it the difference to the base, and an arrow where that is beyond the spread.
     *
     * @return the section
     */
    public Section section() {
        if (rows.isEmpty()) {
            return Section.of(Section.ABLATION, "Variants", "No run has finished yet.");
        }
        boolean judged = rows.stream().anyMatch(row -> row.values().size() > 1);
        List<String> header = new ArrayList<>(List.of("Variant", "Seeds"));
        header.addAll(columns);
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            List<String> line = new ArrayList<>(
                    List.of(row.name(), Integer.toString(row.values().size())));
            for (int c = 0; c < columns.size(); c++) {
                Spread base = spread(rows.get(0), c);
                Spread own = spread(row, c);
                String figure = own.count() == 0 ? "–" : own.print(1).replace("n/a", "–");
                boolean itself = row.equals(rows.get(0));
                line.add(
                        figure + "\n" + (itself ? "base" : difference(own, base) + (judged ? verdict(own, base) : "")));
            }
            cells.add(line);
        }
        return Section.of(
                Section.ABLATION,
                "Variants",
                judged
                        ? "Mean ± sample standard deviation over seeds, and below it the difference to "
                                + Text.quoted(rows.get(0).name())
                                + ". ↑ above and ↓ below: beyond the spread of two single runs. Without an arrow it may be chance; \"?\": a row of one seed, which cannot be told."
                        : "One seed, and below each figure the difference to "
                                + Text.quoted(rows.get(0).name())
                                + ". How far another seed would lie from it cannot be told.",
                new DataTable("Variants over seeds", new Table(header, cells)));
    }

    private static Spread spread(Row row, int column) {
        return Spread.of(
                row.values().stream().mapToDouble(seed -> seed.get(column)).toArray());
    }

    private static String difference(Spread own, Spread base) {
        double difference = own.mean() - base.mean();
        return Double.isNaN(difference)
                ? "–"
                : String.format(Locale.ROOT, "%+.1f", difference).replace('-', '−');
    }

    private static String verdict(Spread own, Spread base) {
        double difference = own.mean() - base.mean();
        double deviation = Math.hypot(own.deviation(), base.deviation());
        if (Double.isNaN(difference) || Double.isNaN(deviation)) {
            return " ?";
        }
        return Math.abs(difference) > deviation ? difference > 0 ? " ↑" : " ↓" : "";
    }
}
