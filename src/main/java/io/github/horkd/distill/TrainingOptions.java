package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.Scaling;

/**
 * How a stage is trained, whoever learns and from whom.
 *
 * @param schedule      how long and how fast
 * @param labelWeight   weight of the loss over labels; 0 when labels do not count
 * @param scaling       how the learner's network scales intensities; a {@link Learner.Existing} keeps its own
 * @param sampling      how batches are drawn
 * @param augmentation  how pairs are moved
 * @param earlyStopping whether a held-out part decides which epoch is kept, and when to stop
 * @param seed          seeds weights, batches, augmentation and dropout
 */
public record TrainingOptions(
        Schedule schedule,
        double labelWeight,
        Scaling scaling,
        Sampling sampling,
        Augmentation augmentation,
        EarlyStopping earlyStopping,
        long seed) {

    /** Checks that everything is there and the weight is a finite value of at least 0. */
    public TrainingOptions {
        Arguments.present("schedule", schedule);
        Arguments.present("scaling", scaling);
        Arguments.present("sampling", sampling);
        Arguments.present("augmentation", augmentation);
        Arguments.present("earlyStopping", earlyStopping);
        Arguments.weight("labelWeight", labelWeight);
    }

    /**
     * Label weight 1, intensities standardised image by image, shuffled batches, no augmentation, no early stopping.
     *
     * @param schedule how long and how fast
     * @param seed     seeds everything
     * @return the options
     */
    public static TrainingOptions of(Schedule schedule, long seed) {
        return new TrainingOptions(
                schedule,
                1,
                Scaling.STANDARDISED,
                Sampling.shuffled(),
                Augmentation.none(),
                EarlyStopping.none(),
                seed);
    }

    /**
     * With another schedule.
     *
     * @param other how long and how fast
     * @return a changed copy
     */
    public TrainingOptions withSchedule(Schedule other) {
        return new TrainingOptions(other, labelWeight, scaling, sampling, augmentation, earlyStopping, seed);
    }

    /**
     * With another weight of the loss over labels.
     *
     * @param weight 0 when labels do not count
     * @return a changed copy
     */
    public TrainingOptions withLabelWeight(double weight) {
        return new TrainingOptions(schedule, weight, scaling, sampling, augmentation, earlyStopping, seed);
    }

    /**
     * With another scaling.
     *
     * @param other how the learner's network scales intensities
     * @return a changed copy
     */
    public TrainingOptions withScaling(Scaling other) {
        return new TrainingOptions(schedule, labelWeight, other, sampling, augmentation, earlyStopping, seed);
    }

    /**
     * With another sampling.
     *
     * @param other how batches are drawn
     * @return a changed copy
     */
    public TrainingOptions withSampling(Sampling other) {
        return new TrainingOptions(schedule, labelWeight, scaling, other, augmentation, earlyStopping, seed);
    }

    /**
     * With augmentation.
     *
     * @param other how pairs are moved
     * @return a changed copy
     */
    public TrainingOptions withAugmentation(Augmentation other) {
        return new TrainingOptions(schedule, labelWeight, scaling, sampling, other, earlyStopping, seed);
    }

    /**
     * With early stopping.
     *
     * @param rule what is held out, and how patient to be
     * @return a changed copy
     */
    public TrainingOptions withEarlyStopping(EarlyStopping rule) {
        return new TrainingOptions(schedule, labelWeight, scaling, sampling, augmentation, rule, seed);
    }

    /**
     * With another seed.
     *
     * @param other any value
     * @return a changed copy
     */
    public TrainingOptions withSeed(long other) {
        return new TrainingOptions(schedule, labelWeight, scaling, sampling, augmentation, earlyStopping, other);
    }
}
