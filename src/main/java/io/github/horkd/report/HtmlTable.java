package io.github.horkd.report;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Tables of a page: named, with headings that a screen reader finds, and scrolled by keyboard where they are wide. */
final class HtmlTable {

    /** What stands at the right of its column; words stand at the left. */
    private static final Pattern FIGURE = Pattern.compile("(?s)|–|[−+-]?[\\d∞].*");

    private final StringBuilder page;

    HtmlTable(StringBuilder page) {
        this.page = page;
    }

    void data(DataTable data, String id, boolean captionShown) {
        begin(data.caption(), id, captionShown ? "" : " class=\"hidden\"");
        page.append("<thead><tr>");
        List<String> header = data.table().header();
        List<List<String>> rows = data.table().rows();
        boolean[] words = new boolean[header.size()];
        for (int c = 0; c < header.size(); c++) {
            int column = c;
            words[c] = c > 0
                    && !rows.stream()
                            .allMatch(row -> FIGURE.matcher(row.get(column)).matches());
            page.append(
                    header.get(c).isEmpty()
                            ? "<td></td>"
                            : (words[c] ? "<th class=\"words\"" : "<th") + " scope=\"col\">"
                                    + Text.broken(header.get(c)) + "</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : rows) {
            page.append("<tr><th scope=\"row\">")
                    .append(Text.broken(row.get(0)))
                    .append("</th>");
            for (int c = 1; c < row.size(); c++) {
                String[] lines = row.get(c).split("\n", 2);
                page.append(words[c] ? "<td class=\"words\">" : "<td>").append(Text.html(lines[0]));
                if (lines.length > 1) {
                    page.append("<small>").append(Text.html(lines[1])).append("</small>");
                }
                page.append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    void heat(Heatmap heat, String id) {
        begin(heat.caption(), id, "");
        page.append("<thead><tr><th scope=\"col\">")
                .append(Text.html(heat.rowName()))
                .append(" \\ ")
                .append(Text.html(heat.columnName()))
                .append("</th>");
        heat.columns()
                .forEach(name -> page.append("<th scope=\"col\"><span>")
                        .append(Text.broken(Text.shortened(name)))
                        .append("</span></th>"));
        page.append("</tr></thead>\n<tbody class=\"heat\">\n");
        for (int r = 0; r < heat.rows().size(); r++) {
            List<Integer> counts = heat.counts().get(r);
            long sum = Math.max(1, counts.stream().mapToLong(Integer::longValue).sum());
            page.append("<tr><th scope=\"row\">")
                    .append(Text.broken(Text.shortened(heat.rows().get(r))))
                    .append("</th>");
            for (int c = 0; c < counts.size(); c++) {
                boolean own = heat.rows().get(r).equals(heat.columns().get(c));
                page.append(
                                counts.get(c) == 0 && !own
                                        ? "<td>"
                                        : String.format(
                                                Locale.ROOT,
                                                "<td class=\"%s\" style=\"--v:%.2f\">",
                                                own ? "right" : "wrong",
                                                (double) counts.get(c) / sum))
                        .append(counts.get(c) == 0 ? "<span class=\"none\">0</span>" : counts.get(c))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    private void begin(String caption, String id, String captionClass) {
        page.append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-labelledby=\"")
                .append(id)
                .append("\"><table>\n<caption id=\"")
                .append(id)
                .append("\"")
                .append(captionClass)
                .append(">")
                .append(Text.html(caption))
                .append("</caption>\n");
    }
}
