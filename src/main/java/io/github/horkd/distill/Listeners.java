package io.github.horkd.distill;

import io.github.horkd.loss.HybridOrderLoss.TermValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listeners that come with the library. Progress bars, charts and the like are the application's own. */
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.horkd.training");

    private Listeners() {}

    /**
     * Logs through SLF4J at level info: the beginning and end of a stage, and one line an epoch with every term of the loss. What is left out of a loss, and what
     * cannot be meant, is logged at level warn.
     *
     * @return a listener
     */
    public static TrainingListener log() {
        return Listeners::log;
    }

    /**
     * Logs through SLF4J at level info how far a stage is, at every tenth of its steps: loss, pairs a second and time left. For stages of few, long epochs.
     *
     * @return a listener, for one run
     */
    public static TrainingListener progress() {
        return new TenthsOfStage(LOG);
    }

    /**
     * Keeps a table of every epoch and term: stage, epoch, loss, held-out loss, learning rate, pairs per second, seconds left for the stage, term, raw and
     * weighted value. The file is replaced as a whole after each epoch, so it is never half a table. One that is there already is gone on with: of a stage
     * that goes on after an interruption every earlier epoch stays, one that begins anew takes the place of its own rows.
     *
     * @param file where to
     * @return a listener, for one run
     * @throws java.io.UncheckedIOException when there is a file that is no such table, or none can be written there
     */
    public static TrainingListener csv(Path file) {
        return new EpochTable(file);
    }

    /**
     * Hangs DL4J's own listeners on the graph of every stage: its training UI, its performance listener, or one of yours.
     * <pre>  .listen(Listeners.dl4j(stage -> new StatsListener(storage)))</pre>
     *
     * @param byStage a listener for the stage of that name; null for none
     * @return a listener, for any number of stages
     */
    public static TrainingListener dl4j(Function<String, org.deeplearning4j.optimize.api.TrainingListener> byStage) {
        return event -> {
            if (event instanceof TrainingEvent.GraphBuilt built) {
                org.deeplearning4j.optimize.api.TrainingListener theirs = byStage.apply(built.stage());
                if (theirs != null) {
                    built.graph().addListeners(theirs);
                }
            }
        };
    }

    /**
     * Tells several listeners, in order.
     *
     * @param listeners whom to tell
     * @return one listener
     */
    public static TrainingListener all(TrainingListener... listeners) {
        List<TrainingListener> copy = List.of(listeners);
        return event -> copy.forEach(l -> l.on(event));
    }

    private static void log(TrainingEvent event) {
        if (event instanceof TrainingEvent.StageStarted e) {
            LOG.info(
                    "{}: {} learns from {} pairs, {} epochs, {} steps",
                    e.stage(),
                    e.learner(),
                    e.pairs(),
                    e.epochs(),
                    e.steps());
        } else if (event instanceof TrainingEvent.StageResumed e) {
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
        } else if (event instanceof TrainingEvent.BankOfStrangers e) {
            LOG.warn(
                    "{}: the bank of '{}' holds none of the training images as {} answers about them in its space, {}; wanted rows of that guide, view and space, unless they are meant to be"
                            + " strangers",
                    e.stage(),
                    e.term(),
                    e.guide(),
                    e.space().description());
        } else if (event instanceof TrainingEvent.EpochFinished e) {
            LOG.info(
                    "{}: epoch {}/{}, loss {}{}, {} pairs/s, {} s left; terms: {}",
                    e.stage(),
                    e.epoch(),
                    e.epochs(),
                    number(e.loss()),
                    e.heldOutLoss().isPresent()
                            ? " (held out " + number(e.heldOutLoss().getAsDouble()) + ")"
                            : "",
                    Math.round(e.pairsPerSecond()),
                    e.timeLeft().toSeconds(),
                    e.terms().stream().map(Listeners::words).collect(Collectors.joining(", ")));
        } else if (event instanceof TrainingEvent.Validated e) {
            LOG.info(
                    "{}: held-out people after epoch {}, {}: rank-1 {} %, AUC {} %{}{}",
                    e.stage(),
                    e.epoch(),
                    e.matching(),
                    percent(e.rankOne()),
                    percent(e.auc()),
                    Double.isNaN(e.naiveAuc())
                            ? ""
                            : " (naive use of the guide: " + percent(e.naiveRankOne()) + " %, " + percent(e.naiveAuc())
                                    + " %)",
                    e.best() ? ", the best so far" : "");
        } else if (event instanceof TrainingEvent.StageFinished e) {
            LOG.info(
                    "{}: finished in {} s with the parameters of epoch {}",
                    e.stage(),
                    e.took().toSeconds(),
                    e.bestEpoch());
        }
    }

    private static String words(TermValue term) {
        String weighted = term.name() + " " + number(term.weighted());
        return term.raw() == term.weighted() ? weighted : weighted + " (" + number(term.raw()) + " unweighted)";
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
