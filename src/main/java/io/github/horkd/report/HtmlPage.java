package io.github.horkd.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A report as one page of HTML, without script and without anything from elsewhere. */
final class HtmlPage {

    private final StringBuilder page = new StringBuilder(1 << 16);

    private HtmlPage() {}

    static String of(Report report) {
        return new HtmlPage().written(report);
    }

    private String written(Report report) {
        String title = Text.html(report.title());
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append(
                        "<meta name=\"color-scheme\" content=\"light dark\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
                .append("style-src 'unsafe-inline'; img-src data:\">\n<title>")
                .append(title)
                .append("</title>\n<style>\n")
                .append(style())
                .append(
                        "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">To the report</a>\n<header>\n<h1>")
                .append(title)
                .append("</h1>\n");
        if (!report.lead().isEmpty()) {
            page.append("<p class=\"lead\">").append(Text.html(report.lead())).append("</p>\n");
        }
        if (!report.status().isEmpty()) {
            page.append("<p class=\"status\" role=\"status\"><strong>Still running.</strong> ")
                    .append(Text.html(report.status()))
                    .append(". Reload the page to see more.</p>\n");
        }
        page.append("</header>\n<nav aria-label=\"Sections\">\n<ul>\n");
        for (Section section : report.sections()) {
            page.append("<li><a href=\"#")
                    .append(section.anchor())
                    .append("\">")
                    .append(Text.html(section.title().split(":", 2)[0]))
                    .append("</a></li>\n");
        }
        page.append("</ul>\n</nav>\n<main id=\"content\" tabindex=\"-1\">\n");
        if (report.sections().isEmpty()) {
            page.append("<p>Nothing to show yet.</p>\n");
        }
        sections(report.sections());
        page.append("</main>\n<footer><p>Written by horkd. Charts by Lets-Plot.</p></footer>\n</body>\n</html>\n");
        return page.toString();
    }

    /** Two sections of one chart each, one after the other, share a row of a wide page. */
    private void sections(List<Section> sections) {
        for (int i = 0; i < sections.size(); i++) {
            boolean half = i + 1 < sections.size() && oneChart(sections.get(i)) && oneChart(sections.get(i + 1));
            section(sections.get(i), half);
            if (half) {
                section(sections.get(++i), true);
            }
        }
    }

    private static boolean oneChart(Section section) {
        return section.parts().size() == 1 && section.parts().get(0) instanceof Chart;
    }

    private void section(Section section, boolean half) {
        String heading = section.anchor() + "-heading";
        boolean alone = !half && oneChart(section);
        page.append(
                        half
                                ? "<section class=\"half\" id=\""
                                : alone ? "<section class=\"alone\" id=\"" : "<section id=\"")
                .append(section.anchor())
                .append("\" aria-labelledby=\"")
                .append(heading)
                .append("\">\n<h2 id=\"")
                .append(heading)
                .append("\"><a href=\"#")
                .append(section.anchor())
                .append("\">")
                .append(Text.html(section.title()))
                .append("</a></h2>\n");
        if (!section.lead().isEmpty()) {
            page.append("<p>").append(Text.html(section.lead())).append("</p>\n");
        }
        boolean charts = false;
        int number = 0;
        for (Part part : section.parts()) {
            boolean chart = part instanceof Chart;
            if (chart != charts) {
                page.append(chart ? "<div class=\"charts\">\n" : "</div>\n");
                charts = chart;
            }
            part(part, section.anchor() + "-" + ++number, alone);
        }
        page.append(charts ? "</div>\n</section>\n" : "</section>\n");
    }

    private void part(Part part, String id, boolean alone) {
        if (part instanceof Chart chart) {
            chart(chart, id, alone);
        } else if (part instanceof DataTable table) {
            new HtmlTable(page).data(table, id, true);
        } else if (part instanceof Heatmap table) {
            new HtmlTable(page).heat(table, id);
        } else if (part instanceof Pictures pictures) {
            new HtmlPictures(page).write(pictures, id);
        } else if (part instanceof KeyFigures figures) {
            keyFigures(figures);
        }
    }

    private void keyFigures(KeyFigures figures) {
        page.append("<dl class=\"key\">\n");
        for (KeyFigures.KeyFigure figure : figures.figures()) {
            page.append("<div><dt>")
                    .append(Text.html(figure.name()))
                    .append("</dt><dd>")
                    .append(Text.html(figure.value()));
            if (!figure.note().isEmpty()) {
                page.append("<small>").append(Text.html(figure.note())).append("</small>");
            }
            page.append("</dd></div>\n");
        }
        page.append("</dl>\n");
    }

    /** The figures of a chart that stands alone are shown beside it; those of others when asked for. */
    private void chart(Chart chart, String id, boolean alone) {
        page.append("<figure aria-labelledby=\"")
                .append(id)
                .append("\">\n<h3 id=\"")
                .append(id)
                .append("\">")
                .append(Text.html(chart.title()))
                .append("</h3>\n");
        String described = chart.lead().isEmpty() ? "" : " aria-describedby=\"" + id + "-lead\"";
        page.append(ChartSvg.of(chart, "role=\"img\" aria-labelledby=\"" + id + "\"" + described)
                .orElse("<p class=\"empty\">" + (drawable(chart) ? "No chart: see the table." : "Nothing to draw yet.")
                        + "</p>"));
        page.append("\n<figcaption>\n");
        legend(chart);
        if (!chart.lead().isEmpty()) {
            page.append("<p id=\"")
                    .append(id)
                    .append("-lead\">")
                    .append(Text.html(chart.lead()))
                    .append("</p>\n");
        }
        DataTable figures = ChartTable.of(chart);
        if (!figures.table().rows().isEmpty()) {
            page.append(alone ? "<details open>" : "<details>")
                    .append("<summary>Figures <span class=\"hidden\">of ")
                    .append(Text.html(chart.title()))
                    .append("</span></summary>\n");
            new HtmlTable(page).data(figures, id + "-table", false);
            page.append("</details>\n");
        }
        page.append("</figcaption>\n</figure>\n");
    }

    private static boolean drawable(Chart chart) {
        return chart.series().stream().anyMatch(s -> !s.points().isEmpty());
    }

    /** None where the axis says it all. */
    private void legend(Chart chart) {
        List<Chart.Series> named =
                chart.series().stream().filter(s -> !s.name().isEmpty()).toList();
        boolean said = chart.series().size() == 1
                && named.stream().allMatch(s -> s.name().equals(chart.y().name()));
        if (named.isEmpty() || said) {
            return;
        }
        page.append("<ul class=\"legend\">\n");
        for (Chart.Series each : named) {
            page.append("<li>")
                    .append(Swatch.of(each, ChartLayers.shaped(each, named)))
                    .append(Text.html(Text.shortened(each.name())))
                    .append("</li>\n");
        }
        page.append("</ul>\n");
    }

    private static String style() {
        try (InputStream in = HtmlPage.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
