package io.github.horkd.report;

import io.github.horkd.eval.Table;
import java.util.ArrayList;
import java.util.List;

/** A report as Markdown. Pictures are told in words. */
final class MarkdownPage {

    private MarkdownPage() {}

    static String of(Report report) {
        StringBuilder text =
                new StringBuilder("# ").append(Text.markdown(report.title())).append("\n\n");
        paragraph(text, report.lead());
        if (!report.status().isEmpty()) {
            text.append("**Still running.** ")
                    .append(Text.markdown(report.status()))
                    .append(".\n\n");
        }
        for (Section section : report.sections()) {
            text.append("## ").append(Text.markdown(section.title())).append("\n\n");
            paragraph(text, section.lead());
            section.parts().forEach(part -> part(text, part));
        }
        return text.toString();
    }

    private static void part(StringBuilder text, Part part) {
        if (part instanceof KeyFigures figures) {
            for (KeyFigures.KeyFigure each : figures.figures()) {
                text.append("- ")
                        .append(Text.markdown(each.name()))
                        .append(": **")
                        .append(Text.markdown(each.value()))
                        .append("**");
                text.append(each.note().isEmpty() ? "" : " (" + Text.markdown(each.note()) + ")")
                        .append('\n');
            }
            text.append('\n');
        } else if (part instanceof Chart chart) {
            DataTable table = ChartTable.of(chart);
            if (table.table().rows().isEmpty()) {
                text.append(Text.markdown(chart.title())).append(": nothing to draw yet.\n\n");
            } else {
                table(text, table);
            }
        } else if (part instanceof DataTable table) {
            table(text, table);
        } else if (part instanceof Heatmap heat) {
            table(text, plain(heat));
        } else if (part instanceof Pictures pictures) {
            pictures(text, pictures);
        }
    }

    private static DataTable plain(Heatmap heat) {
        List<String> header = new ArrayList<>(List.of(heat.rowName() + " \\ " + heat.columnName()));
        header.addAll(heat.columns());
        Table table = Table.of(header.toArray(String[]::new));
        for (int r = 0; r < heat.rows().size(); r++) {
            List<Object> cells = new ArrayList<>(List.of(heat.rows().get(r)));
            cells.addAll(heat.counts().get(r));
            table = table.row(cells.toArray());
        }
        return new DataTable(heat.caption(), table);
    }

    private static void table(StringBuilder text, DataTable data) {
        paragraph(text, data.caption());
        row(text, data.table().header());
        text.append("|").append(" --- |".repeat(data.table().header().size())).append('\n');
        data.table().rows().forEach(row -> row(text, row));
        text.append('\n');
    }

    private static void row(StringBuilder text, List<String> cells) {
        cells.forEach(cell -> text.append("| ")
                .append(Text.markdown(cell.replace("\n", ", ")))
                .append(' '));
        text.append("|\n");
    }

    private static void pictures(StringBuilder text, Pictures pictures) {
        paragraph(text, pictures.caption());
        for (Pictures.Row row : pictures.rows()) {
            text.append("- ").append(Text.markdown(row.name())).append(':');
            for (Pictures.Answer answer : row.answers()) {
                text.append(' ')
                        .append(Text.markdown(answer.recogniser()))
                        .append(answer.right() ? " is right" : " says " + Text.markdown(answer.name()))
                        .append(';');
            }
            text.setLength(text.length() - (row.answers().isEmpty() ? 0 : 1));
            text.append('\n');
        }
        text.append('\n');
    }

    private static void paragraph(StringBuilder text, String words) {
        if (!words.isEmpty()) {
            text.append(Text.markdown(words)).append("\n\n");
        }
    }
}
