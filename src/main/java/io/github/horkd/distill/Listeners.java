package io.github.horkd.distill;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** Listeners that come with the library. Progress bars, charts and the like are the application's own. */
public final class Listeners {

    private Listeners() {}

    /**
     * Logs through SLF4J at level info: the beginning and end of a stage, and between them one line for every tenth of it with loss, pairs a second and time left; where an epoch ends there,
     * with every term of the loss. What is left out of a loss, and what cannot be meant, is logged at level warn. The loggers are {@code io.github.horkd.training} and, for the
     * lines between, {@code io.github.horkd.training.progress}: a program with a bar of its own turns the second one off.
     *
     * @return a listener, for one run at a time
     */
    public static TrainingListener log() {
        return new TrainingLog();
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
}
