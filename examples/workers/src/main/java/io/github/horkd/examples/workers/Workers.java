package io.github.horkd.examples.workers;

import io.github.horkd.data.Batches;
import io.github.horkd.distill.Schedule;
import io.github.horkd.model.Network;

/** Several who train one student at the same time, each on whole batches of its own: relations need their batch. */
interface Workers {

    /** How many. */
    int workers();

    /**
     * Trains.
     *
     * @param start    the student before it learned anything; left as it is
     * @param pictures what there is to learn
     * @param plan     which pictures go together; its batches are those of one worker, dealt out in turn
     * @param schedule in steps of a worker, a multiple of the steps between two averages
     * @param seed     for what a layer may draw in training, dropout for instance
     * @return the trained student, a plain network without heads
     */
    Network train(Network start, TaughtPictures pictures, Batches plan, Schedule schedule, long seed);

    /** Steps, or an exception: after the last average there must be no step of one worker alone. */
    static int steps(Schedule schedule, int frequency) {
        if (schedule.steps() == 0 || schedule.steps() % frequency != 0) {
            throw new IllegalArgumentException("schedule: wanted steps, a multiple of the averaging frequency "
                    + frequency + ", got " + schedule.steps());
        }
        return schedule.steps();
    }
}
