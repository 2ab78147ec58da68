package io.github.horkd.report;

import io.github.horkd.internal.file.WholeFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * A report: the same contents always give the same files.
 *
 * @param title    its heading
 * @param lead     a sentence or two below it; empty for none
 * @param status   how far the run is, "stage student, epoch 3 of 20"; empty once it is finished
 * @param sections shown in the order of {@link Section}'s constants, others after them as they come
 */
public record Report(String title, String lead, String status, List<Section> sections) {

    /** The page. */
    public static final String HTML = "report.html";
    /** The same for a terminal, a repository or a mail. */
    public static final String MARKDOWN = "report.md";

    public Report {
        sections = sections.stream()
                .sorted(Comparator.comparingInt(s -> {
                    int place = Section.ORDER.indexOf(s.anchor());
                    return place < 0 ? Section.ORDER.size() : place;
                }))
                .toList();
        if (sections.stream().map(Section::anchor).distinct().count() < sections.size()) {
            throw new IllegalArgumentException("sections: wanted anchors that differ, got "
                    + sections.stream().map(Section::anchor).toList());
        }
    }

    /**
     * A finished report.
     *
     * @param title    its heading
     * @param lead     a sentence or two below it
     * @param sections in any order
     * @return the report
     */
    public static Report of(String title, String lead, Section... sections) {
        return new Report(title, lead, "", List.of(sections));
    }

    /**
     * As one HTML page that needs nothing else: no network, no script, no further file.
     *
     * @return the page
     */
    public String html() {
        return HtmlPage.of(this);
    }

    /**
     * As GitHub Markdown: the text and the tables, with a line for every chart.
     *
     * @return the text
     */
    public String markdown() {
        return MarkdownPage.of(this);
    }

    /**
     * Writes {@value #HTML} and {@value #MARKDOWN}, each as a whole: whoever reads finds the old file or the new one.
     *
     * @param directory where to; made where it is missing
     * @return the page's path
     * @throws java.io.UncheckedIOException when they cannot be written
     */
    public Path write(Path directory) {
        Path page = directory.resolve(HTML);
        write(page, html());
        write(directory.resolve(MARKDOWN), markdown());
        return page;
    }

    private static void write(Path file, String text) {
        WholeFile.write(file, "the report", out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
