package io.github.horkd.examples;

import io.github.horkd.distill.TrainingEvent;
import io.github.horkd.distill.TrainingListener;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar a stage, in the terminal: how a listener puts training events on screen. */
final class ConsoleProgress implements TrainingListener {

    private ProgressBar bar;

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.KnowledgeGathered knowledge) {
            show(knowledge.stage() + ": asking the " + knowledge.guide(), knowledge.seen(), knowledge.views(), "");
        } else if (event instanceof TrainingEvent.StepFinished step) {
            show(
                    step.stage() + ": learning",
                    step.step(),
                    step.steps(),
                    String.format(Locale.ROOT, "loss %.3f", step.loss()));
        }
    }

    private void show(String task, int done, int all, String more) {
        if (bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName(task)
                    .setInitialMax(all)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(500)
                    .clearDisplayOnFinish()
                    .build();
        }
        bar.stepTo(done).setExtraMessage(more);
        if (done == all) {
            bar.close();
            bar = null;
        }
    }
}
