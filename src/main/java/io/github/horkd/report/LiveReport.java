package io.github.horkd.report;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A report that is written while networks learn: give it to {@code listen(…)} of a distillation, or to any stage as its listener. After each epoch the page
 * shows more, though not more often than every few seconds, nor for more than a fiftieth of the time.
 * <pre>  LiveReport report = LiveReport.in(Path.of("run"), "Twelve pixels");
 *  var result = Distillation.from(teacher).student(backbone).listen(report).build().run(images);
 *  Comparison comparison = Comparison.of(gallery, test);
 *  report.put(comparison.sections(List.of(comparison.student("student", teacher, result.student()))));
 *  System.out.println(report.finish());</pre>
 * Safe to use from several threads.
 */
public final class LiveReport implements TrainingListener {

    private static final double SECONDS_BETWEEN = 3;
    private static final double SHARE_OF_TIME = 0.02;

    private final Path directory;
    private final String title;
    private String lead = "";
    private final TrainingHistory history = new TrainingHistory();
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private long written;
    private double lastCost;
    private boolean finished;

    private LiveReport(Path directory, String title) {
        this.directory = directory;
        this.title = title;
    }

    /**
     * A report that is written to a directory.
     *
     * @param directory where {@value Report#HTML} and {@value Report#MARKDOWN} will be; made where it is missing
     * @param title     its heading
     * @return a listener, for one run
     */
    public static LiveReport in(Path directory, String title) {
        return new LiveReport(directory, title);
    }

    /**
     * A sentence or two below the heading: the data, and what is tried.
     *
     * @param text plain text
     * @return this report
     */
    public synchronized LiveReport lead(String text) {
        lead = text;
        return this;
    }

    @Override
    public void on(TrainingEvent event) {
        on(event, event.stage());
    }

    /**
     * For a program that trains stages of one name several times, by seeds for instance: a listener under whose name their curves stand.
     *
     * @param run what the stages belong to, "contrastive, seed 2"
     * @return a listener that writes this report
     */
    public TrainingListener during(String run) {
        return event -> on(event, run + ", " + event.stage());
    }

    private synchronized void on(TrainingEvent event, String stage) {
        finished = false;
        history.on(event, stage);
        boolean stageEnds = event instanceof TrainingEvent.StageFinished;
        boolean shows = stageEnds
                || event instanceof TrainingEvent.EpochFinished
                || event instanceof TrainingEvent.StageStarted;
        double since = (System.nanoTime() - written) / 1e9;
        if (shows && (stageEnds || written == 0 || since > Math.max(SECONDS_BETWEEN, lastCost / SHARE_OF_TIME))) {
            write();
        }
    }

    /**
     * Adds a section, or replaces that of the same anchor, and writes the report.
     *
     * @param more sections in any order
     */
    public void put(Section... more) {
        put(java.util.List.of(more));
    }

    /**
     * Adds sections, or replaces those of the same anchors, and writes the report.
     *
     * @param more sections in any order
     */
    public synchronized void put(Iterable<Section> more) {
        more.forEach(section -> sections.put(section.anchor(), section));
        write();
    }

    /**
     * Says that nothing more will come, and writes the report once more.
     *
     * @return the page's path
     */
    public synchronized Path finish() {
        finished = true;
        return write();
    }

    /**
     * The report as it stands.
     *
     * @return an immutable copy
     */
    public synchronized Report report() {
        Map<String, Section> all = new LinkedHashMap<>();
        history.sections().forEach(section -> all.put(section.anchor(), section));
        all.putAll(sections);
        return new Report(title, lead, finished ? "" : history.status(), java.util.List.copyOf(all.values()));
    }

    private Path write() {
        long began = System.nanoTime();
        Path page = report().write(directory);
        written = System.nanoTime();
        lastCost = (written - began) / 1e9;
        return page;
    }
}
