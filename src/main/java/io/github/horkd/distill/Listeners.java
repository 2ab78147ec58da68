package io.github.horkd.distill;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listeners that come with the library. Progress bars, charts and the like are the application's own. */
public final class Listeners {

    private static final Logger LOG = LoggerFactory.getLogger("io.github.horkd.training");

    private Listeners() {}

    /**
     * Logs through SLF4J at level info: the beginning and end of a stage and one line an epoch, with every term as it is and as it is weighted.
     *
     * @return a listener
     */
    public static TrainingListener log() {
        return Listeners::log;
    }

    /**
     * Keeps a table of every epoch and term: stage, epoch, loss, held-out loss, learning rate, pairs per second, seconds left for the stage, term, raw and
     * weighted value. The file is replaced as a whole after each epoch, so it is never half a table; one that is there already gives way at once, also
     * when a run goes on after an interruption.
     *
     * @param file where to; its directory must exist
     * @return a listener, for one run
     */
    public static TrainingListener csv(Path file) {
        return new EpochTable(file);
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
        } else if (event instanceof TrainingEvent.EpochFinished e) {
            LOG.info(
                    "{}: epoch {}/{}, loss {}{}, {} pairs/s, {} s left; raw and weighted: {}",
                    e.stage(),
                    e.epoch(),
                    e.epochs(),
                    number(e.loss()),
                    e.heldOutLoss().isPresent()
                            ? " (held out " + number(e.heldOutLoss().getAsDouble()) + ")"
                            : "",
                    Math.round(e.pairsPerSecond()),
                    e.timeLeft().toSeconds(),
                    e.terms().stream()
                            .map(t -> t.name() + " " + number(t.raw()) + " " + number(t.weighted()))
                            .collect(Collectors.joining(", ")));
        } else if (event instanceof TrainingEvent.StageFinished e) {
            LOG.info(
                    "{}: finished in {} s with the parameters of epoch {}",
                    e.stage(),
                    e.took().toSeconds(),
                    e.bestEpoch());
        }
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
