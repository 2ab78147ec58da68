package io.github.horkd.distill;

import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in words what happens. Of how far a stage is, one line for every tenth: that of an epoch. A stage of less than ten epochs has the lines of all of them, and lines of steps between.
 */
final class TrainingLog implements TrainingListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.horkd.training");
    private static final Logger PROGRESS = LoggerFactory.getLogger("io.github.horkd.training.progress");
    private static final int LINES = 10;

    private final Consumer<String> progress;
    private int batchSize;
    private boolean few;
    private int first;
    private long began;
    private int tenths;
    private TrainingEvent.StepFinished due;
    private boolean ahead;
    private boolean told;

    TrainingLog() {
        this(PROGRESS::info);
    }

    /** Says how far a stage is to somebody else. */
    TrainingLog(Consumer<String> progress) {
        this.progress = progress;
    }

    @Override
    public void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted started) {
            begin(started);
        } else if (event instanceof TrainingEvent.GraphBuilt) {
            began = System.nanoTime();
        } else if (event instanceof TrainingEvent.StepFinished step) {
            step(step);
        } else if (event instanceof TrainingEvent.EpochFinished epoch) {
            epoch(epoch);
        } else if (event instanceof TrainingEvent.Validated people) {
            validated(people);
        } else {
            seldom(event);
        }
    }

    private void begin(TrainingEvent.StageStarted e) {
        batchSize = e.batchSize();
        few = e.epochs() < LINES;
        first = -1;
        began = System.nanoTime();
        tenths = 0;
        due = null;
        ahead = false;
        told = true;
        LOG.info(
                "{}: {} learns from {} pairs, {} epochs, {} steps",
                e.stage(),
                e.learner(),
                e.pairs(),
                e.epochs(),
                e.steps());
    }

    /** A tenth that ends with an epoch is told by the epoch, which comes next; so this waits for one event. */
    private void step(TrainingEvent.StepFinished e) {
        if (due != null) {
            say(due);
            due = null;
        }
        if (first < 0) { // not 0 where a stage goes on after an interruption
            first = e.step() - 1;
        }
        int now = (int) ((long) LINES * e.step() / e.steps());
        if (few && now > tenths) {
            tenths = now;
            due = ahead ? null : e;
            ahead = false;
        }
    }

    private void say(TrainingEvent.StepFinished e) {
        double seconds = (System.nanoTime() - began) / 1e9 / (e.step() - first);
        progress.accept(String.format(
                Locale.ROOT,
                "%s: %d %%, loss %.4f, %d pairs/s, %s left",
                e.stage(),
                100L * e.step() / e.steps(),
                e.loss(),
                Math.round(batchSize / seconds),
                time(Math.round(seconds * (e.steps() - e.step())))));
    }

    private void epoch(TrainingEvent.EpochFinished e) {
        int now = (int) ((long) LINES * e.epoch() / e.epochs());
        told = few || now > tenths;
        if (!told) {
            return;
        }
        if (few) {
            ahead = due == null;
            due = null;
        } else {
            tenths = now;
        }
        progress.accept(String.format(
                Locale.ROOT,
                "%s: epoch %d/%d, loss %.4f%s, %d pairs/s, %s left%s",
                e.stage(),
                e.epoch(),
                e.epochs(),
                e.loss(),
                e.heldOutLoss().isPresent()
                        ? " (held out " + number(e.heldOutLoss().getAsDouble()) + ")"
                        : "",
                Math.round(e.pairsPerSecond()),
                time(e.timeLeft().toSeconds()),
                terms(e.terms())));
    }

    private void validated(TrainingEvent.Validated e) {
        if (!told) {
            return;
        }
        String naive = Double.isNaN(e.naiveAuc())
                ? ""
                : String.format(
                        Locale.ROOT,
                        " (naive use of the guide: %.1f %%, %.1f %%)",
                        100 * e.naiveRankOne(),
                        100 * e.naiveAuc());
        progress.accept(String.format(
                Locale.ROOT,
                "%s: held-out pictures after epoch %d, %s: rank-1 %.1f %%, AUC %.1f %%%s%s",
                e.stage(),
                e.epoch(),
                e.matching(),
                100 * e.rankOne(),
                100 * e.auc(),
                naive,
                e.best() ? ", the best so far" : ""));
    }

    private static void seldom(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageResumed e) {
            LOG.info("{}: goes on with epoch {}", e.stage(), e.epoch());
        } else if (event instanceof TrainingEvent.StageSkipped e) {
            LOG.info("{}: finished by an earlier run, loaded", e.stage());
        } else if (event instanceof TrainingEvent.ClassesLeftOut e) {
            LOG.warn(
                    "{}: {} classes are left out of {}: {}; {}",
                    e.stage(),
                    e.classes().size(),
                    e.what(),
                    StageClasses.shown(e.classes()),
                    e.why());
        } else if (event instanceof TrainingEvent.GuideDisagrees e) {
            LOG.warn(
                    "{}: {} takes {} of {} labelled images for another class; what it says of them is left out, and the rest begins with {} times its weight and fades",
                    e.stage(),
                    e.guide(),
                    e.labelled() - e.agreed(),
                    e.labelled(),
                    String.format(Locale.ROOT, "%.2f", e.trust()));
        } else if (event instanceof TrainingEvent.SpacesDiffer e) {
            LOG.warn(
                    "{}: the embeddings of {} lie in different spaces, and losses compare the learner's with them value by value; it can lie in one at most: hold it against the others by"
                            + " distances and angles, or by logits",
                    e.stage(),
                    String.join(", ", e.guides()));
        } else if (event instanceof TrainingEvent.UnrelatedBank e) {
            LOG.warn(
                    "{}: the bank of '{}' holds none of the training images as {} answers about them in its space, {}; wanted rows of that guide, view and space, unless they are meant to be"
                            + " strangers",
                    e.stage(),
                    e.term(),
                    e.guide(),
                    e.space().description());
        } else if (event instanceof TrainingEvent.StageFinished e) {
            LOG.info(
                    "{}: finished in {} with the parameters of epoch {}",
                    e.stage(),
                    time(e.took().toSeconds()),
                    e.bestEpoch());
        }
    }

    /** One that is the whole loss is said already. */
    private static String terms(List<TermValue> terms) {
        boolean alone = terms.size() == 1 && terms.get(0).raw() == terms.get(0).weighted();
        return terms.isEmpty() || alone
                ? ""
                : "; terms: " + terms.stream().map(TrainingLog::words).collect(Collectors.joining(", "));
    }

    private static String words(TermValue term) {
        String weighted = term.name() + " " + number(term.weighted());
        return term.raw() == term.weighted() ? weighted : weighted + " (" + number(term.raw()) + " unweighted)";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** 42 s, 12 min, 3 h 05 min. */
    private static String time(long seconds) {
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = Math.round(seconds / 60.0);
        return minutes < 120
                ? minutes + " min"
                : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }
}
