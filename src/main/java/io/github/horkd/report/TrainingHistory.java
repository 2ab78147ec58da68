package io.github.horkd.report;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.eval.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What happened in each stage, for the sections about learning, times and sizes. */
final class TrainingHistory {

    private final Map<String, StageHistory> stages = new LinkedHashMap<>();
    private String status = "Training has not begun";

    void on(TrainingEvent event) {
        on(event, event.stage());
    }

    /** Under another name than the stage's own. */
    void on(TrainingEvent event, String name) {
        stages.computeIfAbsent(name, StageHistory::new).on(event);
        String stage = "Stage " + name;
        if (event instanceof TrainingEvent.KnowledgeGathered known) {
            status = stage + ": asking the " + known.guide() + ", " + known.seen() + " of " + known.views() + " views";
        } else if (event instanceof TrainingEvent.EpochFinished epoch) {
            status = stage + ": epoch " + epoch.epoch() + " of " + epoch.epochs() + ", "
                    + Text.duration(epoch.timeLeft().toMillis() / 1e3) + " left for it";
        } else if (event instanceof TrainingEvent.StageStarted || event instanceof TrainingEvent.StageResumed) {
            status = stage + " has begun";
        } else if (event instanceof TrainingEvent.StageFinished || event instanceof TrainingEvent.StageSkipped) {
            status = stage + " is done";
        }
    }

    String status() {
        return status;
    }

    List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        List<Part> charts = new ArrayList<>();
        List<Part> validations = new ArrayList<>();
        Table times = Table.of("Stage", "Pairs", "Epochs", "Steps", "Pairs a second", "Took", "Parameters of epoch");
        Table sizes = Table.of("Network", "Parameters", "Input", "Embedding");
        for (StageHistory stage : stages.values()) {
            charts.addAll(stage.charts());
            validations.addAll(stage.validationCharts());
            times = stage.timesRow(times);
            sizes = stage.sizesRow(sizes);
        }
        if (!charts.isEmpty()) {
            sections.add(new Section(
                    Section.LEARNING,
                    "Learning curves",
                    "The loss of each stage, mean over the steps of an epoch, and the weighted terms that it is the sum of. A held-out loss that rises while "
                            + "the other falls is overfitting. A low loss alone does not say that pictures are recognised: see the results.",
                    charts));
        }
        if (!validations.isEmpty()) {
            sections.add(new Section(Section.VALIDATION, ValidationChart.TITLE, ValidationChart.LEAD, validations));
        }
        if (!times.rows().isEmpty()) {
            sections.add(Section.of(
                    Section.TIMES,
                    "Times",
                    "Pairs a second: the median of the stage's epochs. What a stage took includes asking its guides.",
                    new DataTable("Stages", times)));
        }
        if (!sizes.rows().isEmpty()) {
            sections.add(Section.of(
                    Section.SIZES,
                    "Sizes",
                    "A parameter takes 4 bytes on disk and in memory.",
                    new DataTable("Networks that learned", sizes)));
        }
        return sections;
    }
}
