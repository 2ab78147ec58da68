package io.github.horkd.distill;

import java.util.Locale;
import org.slf4j.Logger;

/** Says how far a stage is, ten times. */
final class TenthsOfStage implements TrainingListener {

    private final Logger log;
    private int batchSize;
    private int firstStep;
    private long began;
    private int tenths;

    TenthsOfStage(Logger log) {
        this.log = log;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted started) {
            firstStep = 0;
            batchSize = started.batchSize();
            tenths = 0;
        } else if (event instanceof TrainingEvent.StepFinished step) {
            step(step);
        }
    }

    private void step(TrainingEvent.StepFinished step) {
        long now = System.nanoTime();
        if (firstStep == 0) { // not the first of all where a stage goes on after an interruption
            firstStep = step.step();
            began = now;
            tenths = tenths(step);
        } else if (tenths(step) > tenths) {
            tenths = tenths(step);
            double seconds = (now - began) / 1e9 / (step.step() - firstStep);
            log.info(
                    "{}: {} %, loss {}, {} pairs/s, {} s left",
                    step.stage(),
                    10 * tenths,
                    String.format(Locale.ROOT, "%.4f", step.loss()),
                    Math.round(batchSize / seconds),
                    Math.round(seconds * (step.steps() - step.step())));
        }
    }

    private static int tenths(TrainingEvent.StepFinished step) {
        return (int) (10L * step.step() / step.steps());
    }
}
