package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;

/**
 * How a stage is trained, whoever learns and from whom.
 *
 * @param schedule      how long and how fast
 * @param labelWeight   weight of the loss over labels; 0 when labels do not count
 * @param scaling       how the learner's network scales intensities; a {@link Learner.Existing} keeps its own
 * @param sampling      how batches are drawn
 * @param augmentation  how pairs are moved
 * @param earlyStopping whether a held-out part decides which epoch is kept, and when to stop
 * @param validation    whether people who are not learned from are recognised while it learns
 * @param space         in which space guides' embeddings are learned, fitted once on what they know of the training images
 * @param guidePoses    poses an image that guides are asked about and that the learner is shown, drawn once from the augmentation, without which a stage refuses
 *                      them; 0 to ask about the image and its mirror image alone and to show any pose
 * @param seed          seeds weights, batches, augmentation and dropout
 */
public record TrainingOptions(
        Schedule schedule,
        double labelWeight,
        Scaling scaling,
        Sampling sampling,
        Augmentation augmentation,
        EarlyStopping earlyStopping,
        Validation validation,
        SpaceMethod space,
        int guidePoses,
        long seed) {

    /** Checks that everything is there and the weight is a finite value of at least 0. */
    public TrainingOptions {
        Arguments.present("schedule", schedule);
        Arguments.present("scaling", scaling);
        Arguments.present("sampling", sampling);
        Arguments.present("augmentation", augmentation);
        Arguments.present("earlyStopping", earlyStopping);
        Arguments.present("validation", validation);
        Arguments.present("space", space);
        if (guidePoses < 0) {
            throw new IllegalArgumentException("guidePoses: wanted at least 0, got " + guidePoses);
        }
        Arguments.weight("labelWeight", labelWeight);
    }

    /**
     * Label weight 1, intensities standardised image by image, shuffled batches, no augmentation, no early stopping, the guide's space whitened where it is off centre.
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
                Validation.none(),
                SpaceMethod.whitenedWhereOffCentre(),
                0,
                seed);
    }

    /**
     * With another schedule.
     *
     * @param other how long and how fast
     * @return a changed copy
     */
    public TrainingOptions withSchedule(Schedule other) {
        return new TrainingOptions(
                other,
                labelWeight,
                scaling,
                sampling,
                augmentation,
                earlyStopping,
                validation,
                space,
                guidePoses,
                seed);
    }

    /**
     * With another weight of the loss over labels.
     *
     * @param weight 0 when labels do not count
     * @return a changed copy
     */
    public TrainingOptions withLabelWeight(double weight) {
        return new TrainingOptions(
                schedule, weight, scaling, sampling, augmentation, earlyStopping, validation, space, guidePoses, seed);
    }

    /**
     * With another scaling.
     *
     * @param other how the learner's network scales intensities
     * @return a changed copy
     */
    public TrainingOptions withScaling(Scaling other) {
        return new TrainingOptions(
                schedule,
                labelWeight,
                other,
                sampling,
                augmentation,
                earlyStopping,
                validation,
                space,
                guidePoses,
                seed);
    }

    /**
     * With another sampling.
     *
     * @param other how batches are drawn
     * @return a changed copy
     */
    public TrainingOptions withSampling(Sampling other) {
        return new TrainingOptions(
                schedule,
                labelWeight,
                scaling,
                other,
                augmentation,
                earlyStopping,
                validation,
                space,
                guidePoses,
                seed);
    }

    /**
     * With augmentation.
     *
     * @param other how pairs are moved
     * @return a changed copy
     */
    public TrainingOptions withAugmentation(Augmentation other) {
        return new TrainingOptions(
                schedule, labelWeight, scaling, sampling, other, earlyStopping, validation, space, guidePoses, seed);
    }

    /**
     * With early stopping.
     *
     * @param rule what is held out, and how patient to be
     * @return a changed copy
     */
    public TrainingOptions withEarlyStopping(EarlyStopping rule) {
        return new TrainingOptions(
                schedule, labelWeight, scaling, sampling, augmentation, rule, validation, space, guidePoses, seed);
    }

    /**
     * With validation.
     *
     * @param how who is recognised while the learner learns, and what follows from it
     * @return a changed copy
     */
    public TrainingOptions withValidation(Validation how) {
        return new TrainingOptions(
                schedule, labelWeight, scaling, sampling, augmentation, earlyStopping, how, space, guidePoses, seed);
    }

    /**
     * With another space.
     *
     * @param method how it is fitted
     * @return a changed copy
     */
    public TrainingOptions withSpace(SpaceMethod method) {
        return new TrainingOptions(
                schedule,
                labelWeight,
                scaling,
                sampling,
                augmentation,
                earlyStopping,
                validation,
                method,
                guidePoses,
                seed);
    }

    /**
     * With guides asked about every image in several poses.
     *
     * @param count poses an image; 0 for the image and its mirror image alone
     * @return a changed copy
     */
    public TrainingOptions withGuidePoses(int count) {
        return new TrainingOptions(
                schedule, labelWeight, scaling, sampling, augmentation, earlyStopping, validation, space, count, seed);
    }

    /**
     * With another seed.
     *
     * @param other any value
     * @return a changed copy
     */
    public TrainingOptions withSeed(long other) {
        return new TrainingOptions(
                schedule,
                labelWeight,
                scaling,
                sampling,
                augmentation,
                earlyStopping,
                validation,
                space,
                guidePoses,
                other);
    }
}
