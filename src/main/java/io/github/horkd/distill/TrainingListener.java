package io.github.horkd.distill;

/** Is told what happens while a network learns, on the training thread: what it throws ends the training. */
@FunctionalInterface
public interface TrainingListener {

    /**
     * Something happened.
     *
     * @param event what
     */
    void on(TrainingEvent event);
}
