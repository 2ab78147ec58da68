package io.github.horkd.report;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.Table;
import io.github.horkd.loss.HybridOrderLoss.TermValue;
import io.github.horkd.report.Chart.Axis;
import io.github.horkd.report.Chart.Mark;
import io.github.horkd.report.Chart.Point;
import io.github.horkd.report.Chart.Scale;
import io.github.horkd.report.Chart.Series;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Pages are whole, safe and read by everybody, whatever is put into them. */
class ReportTest {

    private static final String HOSTILE =
            "<script>alert(1)</script> \"><img src=x onerror='x'> ]]> & | ` [a](http://evil.example) \u202egnp.exe \u0007\u0000";

    private final Samples gallery = new Samples(people(16), 4);
    private final Samples test = new Samples(people(16), 6);
    private final ComparedEmbeddings student = Samples.recogniser("student", false, gallery, test, 0.8);
    private final ComparedEmbeddings naive = Samples.recogniser("naive: teacher enlarged", true, gallery, test, 2.0);

    private static List<String> people(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> i == 3 ? HOSTILE : "Person " + i)
                .toList();
    }

    private Report whole() {
        Comparison comparison = Comparison.of(gallery, test);
        LiveReport live = LiveReport.in(Path.of("never-written"), "Everything " + HOSTILE);
        List<Section> sections = new ArrayList<>(comparison.sections(List.of(student, naive)));
        sections.add(comparison.pictures(List.of(student, naive), 3));
        sections.addAll(trained().sections());
        sections.add(new Ablation(
                        List.of("AUC"),
                        List.of(
                                new Ablation.Row("base", List.of(List.of(90.0), List.of(91.0))),
                                new Ablation.Row(HOSTILE, List.of(List.of(95.0), List.of(96.0)))))
                .section());
        return new Report(live.report().title(), "Lead " + HOSTILE, "epoch 1 " + HOSTILE, sections);
    }

    private static TrainingHistory trained() {
        TrainingHistory history = new TrainingHistory();
        for (int epoch = 1; epoch <= 3; epoch++) {
            history.on(epoch(HOSTILE, epoch, 1.0 / epoch));
        }
        return history;
    }

    private static TrainingEvent.EpochFinished epoch(String stage, int epoch, double loss) {
        return new TrainingEvent.EpochFinished(
                stage,
                epoch,
                3,
                loss,
                List.of(
                        new TermValue("teacher: " + HOSTILE, loss, loss / 2, 0),
                        new TermValue("labels", loss, loss / 2, 0)),
                OptionalDouble.of(loss * 1.1),
                1e-3,
                100,
                Duration.ofSeconds(5));
    }

    @Test
    void everyTagIsClosedAndEveryNameEscaped() throws Exception {
        String page = whole().html();
        // As XML: tags that HTML lets stand open are closed here, and what is not escaped ends the parser.
        String xml = page.replace("<!DOCTYPE html>\n", "").replaceAll("<(meta|img|wbr)([^>]*)>", "<$1$2/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        assertFalse(page.contains("<script"), "a name became a script");
        assertFalse(page.contains("onerror='"), "a name became an attribute");
        assertFalse(
                page.contains("\u202e") || page.contains("\u0000") || page.contains("\u0007"), "steering characters");
    }

    @Test
    void nothingComesFromElsewhere() {
        String page = whole().html();
        Matcher links = Pattern.compile("(?:src|href|action|data|xlink:href)=\"([^\"]*)\"")
                .matcher(page);
        while (links.find()) {
            assertTrue(
                    links.group(1).startsWith("#") || links.group(1).startsWith("data:image/png;base64,"),
                    links.group(1));
        }
        assertFalse(Pattern.compile("url\\(|@import").matcher(page).find(), "the style names another file");
        assertTrue(page.contains("default-src 'none'"), "the page forbids what it does not need");
    }

    @Test
    void linksAndLabelsFindTheirPlaces() {
        String page = whole().html();
        Set<String> ids = new HashSet<>();
        Matcher named = Pattern.compile(" id=\"([^\"]*)\"").matcher(page);
        while (named.find()) {
            assertTrue(ids.add(named.group(1)), "twice: " + named.group(1));
        }
        Matcher used = Pattern.compile("(?:href=\"#|aria-(?:labelledby|describedby)=\")([^\"]*)\"")
                .matcher(page);
        while (used.find()) {
            assertTrue(ids.contains(used.group(1)), "no such place: " + used.group(1));
        }
        for (String anchor :
                List.of("results", "learning", "verification", "space", "confusion", "pictures", "ablation")) {
            assertTrue(ids.contains(anchor), anchor);
        }
    }

    @Test
    void everyoneCanReadIt() {
        String page = whole().html();
        assertTrue(page.contains("<html lang=\"en\">"));
        for (String landmark : List.of("<header>", "<nav aria-label=", "<main ", "<footer>", "class=\"skip\"")) {
            assertTrue(page.contains(landmark), landmark);
        }
        int charts = count(page, "<svg class=\"plot\"");
        assertTrue(charts >= 8, charts + " charts");
        assertEquals(charts, count(page, "role=\"img\" aria-labelledby="));
        assertEquals(charts, count(page, "<summary>"), "a table behind every chart");
        assertEquals(count(page, "<img "), count(page, "<img alt=\""));
        assertEquals(count(page, "<table>"), count(page, "<caption"));
        assertTrue(page.contains("prefers-color-scheme: dark") && page.contains("@media print"));
        assertFalse(page.contains("rgb("), "a colour of a chart that the page's scheme does not know");
    }

    @Test
    void theSameContentsAreTheSamePage() {
        assertEquals(whole().html(), whole().html());
        assertEquals(whole().markdown(), whole().markdown());
    }

    @Test
    void markdownKeepsCellsInTheirColumns() {
        String text = whole().markdown();
        assertFalse(text.contains("<script>"));
        int width = 0;
        for (String line : text.split("\n")) {
            int cells = count(line.replace("\\\\", "").replace("\\|", ""), "|");
            if (line.startsWith("|")) {
                assertTrue(width == 0 || width == cells, line);
            }
            width = line.startsWith("|") ? cells : 0;
        }
    }

    @ParameterizedTest
    @EnumSource(Scale.class)
    void whatCannotBeDrawnIsLeftOut(Scale scale) {
        List<Point> odd = List.of(
                new Point(1, Double.NaN),
                new Point(Double.NaN, 1),
                new Point(0, 0),
                new Point(Double.POSITIVE_INFINITY, 0.5),
                new Point(0.5, Double.NEGATIVE_INFINITY),
                new Point(-1, -1));
        for (Mark mark : Mark.values()) {
            for (List<Point> points : List.of(odd, List.<Point>of(), List.of(new Point(0.5, 0.5)), odd.subList(0, 1))) {
                Chart chart = new Chart(
                        "t", "", new Axis("x", scale), new Axis("y", scale), List.of(new Series("s", 0, mark, points)));
                Section section = Section.of("some", "Some", "", chart);
                String page = Report.of("r", "", section).html();
                assertFalse(page.contains("NaN") || page.contains("Infinity"), page);
            }
        }
    }

    @Test
    void aShortLogarithmicAxisHasItsTicks() {
        List<String> ticks = AxisScale.breaks(Scale.LOG, Math.log10(6), Math.log10(12)).stream()
                .map(place -> AxisScale.label(Scale.LOG, place))
                .toList();
        assertEquals(List.of("6", "8", "10"), ticks);
    }

    @Test
    void labelsBelowAnAxisStandSideBySide() {
        double from = AxisScale.place(Scale.DEVIATE, 1e-4);
        double to = AxisScale.place(Scale.DEVIATE, 0.99);
        List<String> labels =
                AxisScale.apart(Scale.DEVIATE, AxisScale.breaks(Scale.DEVIATE, from, to), from, to).stream()
                        .map(place -> AxisScale.label(Scale.DEVIATE, place))
                        .toList();
        assertEquals(List.of("0.01 %", "1 %", "20 %", "50 %", "80 %", "95 %"), labels);
        assertEquals(
                List.of(0.0, 0.3, 0.7, 1.0, 1.3, 1.7, 2.0),
                AxisScale.apart(Scale.LOG, List.of(0.0, 0.3, 0.7, 1.0, 1.3, 1.7, 2.0), 0, 2));
        List<Double> decades = List.of(-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0);
        assertEquals(
                List.of(-6.0, -4.0, -3.0, -2.0, -1.0, 0.0),
                AxisScale.apart(Scale.LOG_PERCENT, decades, -6, 0),
                "0.001 % has no place beside 0.0001 %");
    }

    @Test
    void anAxisIsWrittenWhereItsPointsAre() {
        List<Double> sides = List.of(Math.log10(6), Math.log10(9), Math.log10(12));
        assertEquals(sides, AxisScale.own(Scale.LOG, sides).orElseThrow(), "the sides that were measured");
        assertEquals(
                List.of(1.0, 2.0, 3.0, 4.0),
                AxisScale.own(Scale.LINEAR, List.of(1.0, 2.0, 3.0, 4.0)).orElseThrow(),
                "no half epoch");
        List<Double> many =
                IntStream.rangeClosed(1, 267).mapToObj(i -> (double) i).toList();
        assertEquals(
                List.of(50.0, 100.0, 150.0, 200.0, 250.0),
                AxisScale.own(Scale.LINEAR, many).orElseThrow());
        assertTrue(AxisScale.own(Scale.LINEAR, List.of(0.5, 1.0)).isEmpty());
    }

    @Test
    void linesAreToldApartByShapesAndTheNaiveOneIsGreyEverywhere() {
        List<Point> points =
                IntStream.range(0, 40).mapToObj(i -> new Point(i, i)).toList();
        List<Series> series = IntStream.range(0, 7)
                .mapToObj(i -> new Series("s" + i, i, Mark.LINE, points))
                .toList();
        Set<String> shapes = new HashSet<>();
        for (Series each : series) {
            assertTrue(shapes.add(Swatch.of(each, true).replaceAll("--s\\d", "")), each.name());
        }
        assertEquals(8, ChartLayers.colourOf(ChartLayers.NAIVE));
        assertTrue(series.stream().noneMatch(s -> ChartLayers.colourOf(s.colour()) == 8));
        assertEquals(1, ChartLayers.colourOf(7), "colours are used again, but for the naive one");
        Chart alone = new Chart("t", "", Axis.of("x"), Axis.of("y"), series.subList(0, 1));
        Chart several = new Chart("t", "", Axis.of("x"), Axis.of("y"), series.subList(0, 2));
        assertEquals(0, count(ChartSvg.of(alone, "").orElseThrow(), "fill=\"var(--s"));
        assertEquals(12, count(ChartSvg.of(several, "").orElseThrow(), "fill=\"var(--s"), "six shapes a line");
    }

    @Test
    void wordsStandAtTheLeftOfTheirColumnAndFiguresAtTheRight() {
        Table table = Table.of("Run", "State", "Took", "Pixels").row("a", "finished", "24 s", "1×64×64");
        String page = Report.of("r", "", Section.of("some", "Some", "", new DataTable("t", table)))
                .html();
        assertTrue(page.contains("<td class=\"words\">finished</td><td>24 s</td><td>1×64×64</td>"), page);
        assertTrue(page.contains("<th class=\"words\" scope=\"col\">State</th><th scope=\"col\">Took</th>"), page);
    }

    @Test
    void aLegendThatRepeatsTheAxisIsLeftOut() {
        Series loss = new Series("loss", 0, Mark.LINE, List.of(new Point(1, 2), new Point(2, 1)));
        Chart one = new Chart("t", "", Axis.of("epoch"), Axis.of("loss"), List.of(loss));
        Chart two = new Chart(
                "t",
                "",
                Axis.of("epoch"),
                Axis.of("loss"),
                List.of(loss, new Series("held-out loss", 0, Mark.DASHED, loss.points())));
        assertEquals(0, count(Report.of("r", "", Section.of("a", "A", "", one)).html(), "class=\"legend\""));
        assertEquals(1, count(Report.of("r", "", Section.of("a", "A", "", two)).html(), "class=\"legend\""));
    }

    @Test
    void sectionsOfOneChartShareARowTwoByTwo() {
        Chart chart = new Chart("t", "", Axis.of("x"), Axis.of("y"), List.of(new Series("s", 0, Mark.LINE, List.of())));
        List<Section> three = List.of(
                Section.of("a", "A", "", chart), Section.of("b", "B", "", chart), Section.of("c", "C", "", chart));
        String page = new Report("r", "", "", three).html();
        assertEquals(2, count(page, "<section class=\"half\""));
        assertTrue(page.contains("<section class=\"alone\" id=\"c\""), "none stands beside an empty half");
    }

    @Test
    void smallNumbersBesideAnAxisKeepTheirDigits() {
        Chart chart = new Chart(
                "t",
                "",
                Axis.of("x"),
                new Axis("y", Scale.LOG_PERCENT),
                List.of(new Series(
                        "s", 0, Mark.LINE, List.of(new Point(0, 1e-5), new Point(0.001, 1e-3), new Point(0.002, 1)))));
        String svg = ChartSvg.of(chart, "").orElseThrow();
        assertTrue(svg.contains(">0.001 %<"), svg);
        assertFalse(Pattern.compile("\\d\\.\\d{3,}(?=[^<>]*>)").matcher(svg).find(), "places are rounded");
    }

    @Test
    void anEmptyChartAndAnEmptyReportSaySo() {
        Chart empty = new Chart("t", "", Axis.of("x"), Axis.of("y"), List.of(new Series("s", 0, Mark.LINE, List.of())));
        assertTrue(
                Report.of("r", "", Section.of("some", "Some", "", empty)).html().contains("Nothing to draw yet."));
        assertTrue(Report.of("r", "").html().contains("Nothing to show yet."));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, Double.NaN})
    void aTermThatIsNoNumberIsNoEndOfTheReport(double loss) {
        TrainingHistory history = new TrainingHistory();
        history.on(epoch("student", 1, loss));
        Report report = new Report("r", "", "", history.sections());
        assertTrue(report.html().contains(Double.isNaN(loss) ? "No chart" : "<svg class=\"plot\""));
    }

    @Test
    void spreadDecidesWhetherAVariantIsBeyondTheBase() {
        Ablation ablation = new Ablation(
                List.of("AUC"),
                List.of(
                        new Ablation.Row("base", seeds(90, 91, 92)),
                        new Ablation.Row("better", seeds(95, 96, 97)),
                        new Ablation.Row("level", seeds(90.5, 92, 93)),
                        new Ablation.Row("once", seeds(99)),
                        new Ablation.Row("worse", seeds(84, 85, 86))));
        Table table = ((DataTable) ablation.section().parts().get(0)).table();
        // s = 1 in all rows of three, so the difference of two single runs has √2.
        assertEquals(List.of("Variant", "Seeds", "AUC"), table.header());
        assertEquals(List.of("base", "3", "91.0 ± 1.0\nbase"), table.rows().get(0));
        assertEquals(List.of("better", "3", "96.0 ± 1.0\n+5.0 ↑"), table.rows().get(1));
        assertEquals(List.of("level", "3", "91.8 ± 1.3\n+0.8"), table.rows().get(2));
        assertEquals(List.of("once", "1", "99.0\n+8.0 ?"), table.rows().get(3));
        assertEquals(List.of("worse", "3", "85.0 ± 1.0\n−6.0 ↓"), table.rows().get(4));
        Report report = Report.of("r", "", ablation.section());
        assertTrue(report.html().contains("<td>96.0 ± 1.0<small>+5.0 ↑</small></td>"), report.html());
        assertTrue(report.markdown().contains("| 96.0 ± 1.0, +5.0 ↑ |"), report.markdown());
        Table single = ((DataTable) new Ablation(
                                List.of("AUC"),
                                List.of(new Ablation.Row("base", seeds(90)), new Ablation.Row("once", seeds(99))))
                        .section()
                        .parts()
                        .get(0))
                .table();
        assertEquals(List.of("once", "1", "99.0\n+9.0"), single.rows().get(1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Ablation(List.of("a", "b"), List.of(new Ablation.Row("r", seeds(1)))));
    }

    private static List<List<Double>> seeds(double... values) {
        return java.util.Arrays.stream(values).mapToObj(List::of).toList();
    }

    @Test
    void aLiveReportIsThereFromTheFirstEpochOn(@TempDir Path directory) throws Exception {
        LiveReport live = LiveReport.in(directory.resolve("run"), "Live");
        live.on(epoch("student", 1, 0.5));
        String page = Files.readString(directory.resolve("run").resolve(Report.HTML));
        assertTrue(page.contains("Still running.") && page.contains("epoch 1 of 3"), page);
        live.put(Comparison.of(gallery, test).sections(List.of(student)));
        assertEquals(directory.resolve("run").resolve(Report.HTML), live.finish());
        String done = Files.readString(directory.resolve("run").resolve(Report.HTML));
        assertFalse(done.contains("Still running."));
        assertTrue(done.contains("id=\"learning\"") && done.contains("id=\"results\""));
        assertTrue(Files.readString(directory.resolve("run").resolve(Report.MARKDOWN))
                .startsWith("# Live\n"));
        try (var files = Files.list(directory.resolve("run"))) {
            assertEquals(2, files.count(), "nothing is left beside them");
        }
    }

    @Test
    void confusionCountsEveryProbeOnce() {
        Section section =
                Comparison.of(gallery, test).sections(List.of(student, naive)).get(5);
        Heatmap heat = (Heatmap) section.parts().get(0);
        assertEquals(12, heat.rows().size(), "the most mistaken of sixteen");
        heat.counts()
                .forEach(row ->
                        assertEquals(6, row.stream().mapToInt(Integer::intValue).sum()));
    }

    @Test
    void picturesAreOfEveryPartOfTheTest() {
        List<Integer> kept = IntStream.range(0, 48).boxed().toList();
        assertEquals(List.of(2, 6, 10, 14, 18, 22, 26, 30, 34, 38, 42, 46), ExperimentPictures.evenly(kept));
        assertEquals(kept.subList(0, 5), ExperimentPictures.evenly(kept.subList(0, 5)));
        assertEquals(List.of(), ExperimentPictures.evenly(List.of()));
    }

    @Test
    void picturesAreThereOnlyWhenAskedFor() {
        Comparison comparison = Comparison.of(gallery, test);
        Report without = new Report("r", "", "", comparison.sections(List.of(student)));
        assertFalse(without.html().contains("<img"));
        Report with = Report.of("r", "", comparison.pictures(List.of(student), 2));
        assertTrue(with.html().contains("<img alt=\"Person"));
    }

    @Test
    void firstPicturesAreEnrolledWherePeopleAreApart() {
        Comparison comparison = Comparison.firstEnrolled(new Samples(people(5), 3));
        Section results = comparison
                .sections(List.of(new ComparedEmbeddings(
                        "r",
                        false,
                        new Samples(people(5), 2).embeddings(0.1, 1),
                        new Samples(people(5), 2).embeddings(0.1, 1),
                        new Samples(people(5), 1).embeddings(0.1, 1))))
                .get(0);
        assertTrue(
                results.lead().startsWith("10 probes, each held against the high-resolution pictures of 5 classes."),
                results.lead());
    }

    private static int count(String text, String what) {
        return (text.length() - text.replace(what, "").length()) / what.length();
    }
}
