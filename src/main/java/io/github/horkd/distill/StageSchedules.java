package io.github.horkd.distill;

import java.util.List;

/**
 * What a builder was told about the schedules of two stages, in whatever order. Epochs and batch size are kept apart from the schedules, so that they go before what those
 * say and drop nothing else of them.
 *
 * @param schedules one for both stages, or one for each
 * @param epochs    none, one for both stages, or one for each
 * @param batchSize 0: as the schedules say
 */
record StageSchedules(List<Schedule> schedules, List<Integer> epochs, int batchSize) {

    static StageSchedules defaults() {
        return new StageSchedules(List.of(Schedule.epochs(20)), List.of(), 0);
    }

    StageSchedules withSchedules(Schedule... some) {
        for (Schedule one : some) {
            Arguments.present("schedule", one);
        }
        return checked(new StageSchedules(List.of(some), epochs, batchSize));
    }

    StageSchedules withEpochs(Integer... some) {
        return checked(new StageSchedules(schedules, List.of(some), batchSize));
    }

    StageSchedules withBatchSize(int pairs) {
        schedules.get(0).withBatchSize(pairs); // refuses what a schedule refuses, a 0 too
        return new StageSchedules(schedules, epochs, pairs);
    }

    private static StageSchedules checked(StageSchedules some) {
        some.of(0);
        some.of(1);
        return some;
    }

    /** Whether the stages were told apart. */
    boolean perStage() {
        return schedules.size() == 2 || epochs.size() == 2;
    }

    /** Of the first stage (0) or the second (1). */
    Schedule of(int stage) {
        Schedule schedule = schedules.get(Math.min(stage, schedules.size() - 1));
        if (!epochs.isEmpty()) {
            schedule = schedule.withEpochs(epochs.get(Math.min(stage, epochs.size() - 1)));
        }
        return batchSize == 0 ? schedule : schedule.withBatchSize(batchSize);
    }
}
