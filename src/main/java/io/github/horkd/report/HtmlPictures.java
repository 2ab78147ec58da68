package io.github.horkd.report;

import java.util.Base64;
import java.util.Locale;

/** Test pictures and answers; the pictures are in the page itself. */
final class HtmlPictures {

    private final StringBuilder page;

    HtmlPictures(StringBuilder page) {
        this.page = page;
    }

    void write(Pictures pictures, String id) {
        page.append("<p id=\"")
                .append(id)
                .append("\">")
                .append(Text.html(pictures.caption()))
                .append("</p>\n<ul class=\"faces\" aria-labelledby=\"")
                .append(id)
                .append("\">\n");
        for (Pictures.Row row : pictures.rows()) {
            page.append("<li>\n<div class=\"probe\">");
            figure(row.high(), row.name() + " at " + size(row.high()), size(row.high()));
            figure(row.low(), "the same at " + size(row.low()), size(row.low()));
            page.append("</div>\n<p class=\"who\">")
                    .append(Text.broken(row.name()))
                    .append("</p>\n<ol>\n");
            row.answers().forEach(this::answer);
            page.append("</ol>\n</li>\n");
        }
        page.append("</ul>\n");
    }

    private void answer(Pictures.Answer answer) {
        page.append("<li class=\"").append(answer.right() ? "right" : "wrong").append("\">");
        image(answer.nearest(), "the nearest picture of the gallery");
        page.append("<span><b>")
                .append(answer.right() ? "✓" : "✗")
                .append("<span class=\"hidden\">")
                .append(answer.right() ? " right: " : " wrong: ")
                .append("</span> ")
                .append(Text.broken(answer.name()))
                .append("</b><small>")
                .append(Text.broken(answer.recogniser()))
                .append(", cosine ")
                .append(Double.isNaN(answer.cosine()) ? "–" : String.format(Locale.ROOT, "%.2f", answer.cosine()))
                .append("</small></span></li>\n");
    }

    private void figure(Pictures.Picture picture, String alt, String caption) {
        page.append("<span>");
        image(picture, alt);
        page.append("<small aria-hidden=\"true\">").append(caption).append("</small></span>");
    }

    private void image(Pictures.Picture picture, String alt) {
        page.append("<img alt=\"")
                .append(Text.html(alt))
                .append("\" width=\"")
                .append(picture.width())
                .append("\" height=\"")
                .append(picture.height())
                .append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(picture.png()))
                .append("\">");
    }

    private static String size(Pictures.Picture picture) {
        return picture.width() + "×" + picture.height();
    }
}
