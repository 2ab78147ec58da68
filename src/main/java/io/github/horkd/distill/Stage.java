package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.guide.Scaling;
import io.github.horkd.model.Backbone;
import java.util.List;
import java.util.Optional;

/**
 * One piece of training as data: who learns, what it resolution, from whom, by which loss, for how long. The two-stage method is a list of two
 * of these, training on labels alone is one without losses against guides, and all are run by the same loop ({@link Stages}).
 *
 * @param name          names the learner for later stages, in events and in files; letters, digits, '-' and '_'
 * @param learner       who learns
 * @param resolution          the view it sees
 * @param scaling       how its network scales intensities (a {@link Learner.Existing} keeps its own)
 * @param labelWeight   weight of the loss over labels; 0 when labels do not count
 * @param losses       what it takes over from guides; may be empty when labels count
 * @param schedule      how long and how fast
 * @param sampling      how batches are drawn
 * @param augmentation  how pairs are moved
 * @param earlyStopping whether a held-out part decides when to stop
 * @param seed          seeds weights, batches, augmentation and dropout
 */
public record Stage(
        String name,
        Learner learner,
        Resolution resolution,
        Scaling scaling,
        double labelWeight,
        List<GuideLoss> losses,
        Schedule schedule,
        Sampling sampling,
        Augmentation augmentation,
        Optional<EarlyStopping> earlyStopping,
        long seed) {

    /**
     * Checks the name and the weight, and that there is something to learn from.
     *
     * @param name as the record says
     * @param learner as the record says
     * @param resolution as the record says
     * @param scaling as the record says
     * @param labelWeight as the record says
     * @param losses as the record says
     * @param schedule as the record says
     * @param sampling as the record says
     * @param augmentation as the record says
     * @param earlyStopping as the record says
     * @param seed as the record says
     */
    public Stage {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "stage: wanted a name of letters, digits, '-' and '_', since files carry it, got '" + name + "'");
        }
        if (!(labelWeight >= 0) || !Double.isFinite(labelWeight)) {
            throw new IllegalArgumentException("labelWeight: wanted a finite value of at least 0, got " + labelWeight);
        }
        losses = List.copyOf(losses);
        if (labelWeight == 0 && losses.isEmpty()) {
            throw new IllegalArgumentException("stage " + name
                    + ": nothing to learn from; give it a loss against a guide or a labelWeight above 0");
        }
        long guides = losses.stream().map(GuideLoss::guide).distinct().count();
        if (guides < losses.size()) {
            throw new IllegalArgumentException(
                    "stage " + name + ": two losses against one guide; put their terms into one");
        }
    }

    /**
     * Training on labels alone, weight 1, a softmax head, no augmentation.
     *
     * @param name     the stage's name
     * @param backbone who learns
     * @param resolution     the view it sees
     * @param schedule how long and how fast
     * @param seed     seeds everything
     * @return the stage
     */
    public static Stage onLabels(String name, Backbone backbone, Resolution resolution, Schedule schedule, long seed) {
        return new Stage(
                name,
                Learner.of(backbone),
                resolution,
                Scaling.STANDARDISED,
                1,
                List.of(),
                schedule,
                Sampling.shuffled(),
                Augmentation.none(),
                Optional.empty(),
                seed);
    }

    /**
     * Another learner.
     *
     * @param other who learns
     * @return a new stage
     */
    public Stage withLearner(Learner other) {
        return new Stage(
                name,
                other,
                resolution,
                scaling,
                labelWeight,
                losses,
                schedule,
                sampling,
                augmentation,
                earlyStopping,
                seed);
    }

    /**
     * Other losses.
     *
     * @param weight weight of the loss over labels, 0 when labels do not count
     * @param taken  what is taken over from guides
     * @return a new stage
     */
    public Stage withLosses(double weight, GuideLoss... taken) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                weight,
                List.of(taken),
                schedule,
                sampling,
                augmentation,
                earlyStopping,
                seed);
    }

    /**
     * Another scaling.
     *
     * @param other how the learner's network scales intensities
     * @return a new stage
     */
    public Stage withScaling(Scaling other) {
        return new Stage(
                name,
                learner,
                resolution,
                other,
                labelWeight,
                losses,
                schedule,
                sampling,
                augmentation,
                earlyStopping,
                seed);
    }

    /**
     * Another schedule.
     *
     * @param other how long and how fast
     * @return a new stage
     */
    public Stage withSchedule(Schedule other) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                labelWeight,
                losses,
                other,
                sampling,
                augmentation,
                earlyStopping,
                seed);
    }

    /**
     * Another seed.
     *
     * @param other seeds weights, batches, augmentation and dropout
     * @return a new stage
     */
    public Stage withSeed(long other) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                labelWeight,
                losses,
                schedule,
                sampling,
                augmentation,
                earlyStopping,
                other);
    }

    /**
     * Another way to draw batches.
     *
     * @param other how batches are drawn
     * @return a new stage
     */
    public Stage withSampling(Sampling other) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                labelWeight,
                losses,
                schedule,
                other,
                augmentation,
                earlyStopping,
                seed);
    }

    /**
     * Another augmentation.
     *
     * @param other how pairs are moved
     * @return a new stage
     */
    public Stage withAugmentation(Augmentation other) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                labelWeight,
                losses,
                schedule,
                sampling,
                other,
                earlyStopping,
                seed);
    }

    /**
     * With early stopping.
     *
     * @param rule what is held out, and how patient to be
     * @return a new stage
     */
    public Stage withEarlyStopping(EarlyStopping rule) {
        return new Stage(
                name,
                learner,
                resolution,
                scaling,
                labelWeight,
                losses,
                schedule,
                sampling,
                augmentation,
                Optional.of(rule),
                seed);
    }
}
