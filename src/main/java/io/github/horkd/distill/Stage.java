package io.github.horkd.distill;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Resolution;
import io.github.horkd.model.Backbone;
import java.util.List;
import java.util.function.Predicate;

/**
 * One piece of training as data: who learns, at which resolution, by which losses, and how. The two-stage method is a list of two of these.
 * Training on labels alone is one without losses against guides. All are run by the same loop ({@link Stages}).
 *
 * @param name       names the learner for later stages, in events and in files; letters, digits, '-' and '_'
 * @param learner    who learns
 * @param resolution the view of the images that it learns from
 * @param losses     what it is held against, one a guide; may be empty when labels count
 * @param options    how it is trained
 */
public record Stage(
        String name, Learner learner, Resolution resolution, List<GuideLoss> losses, TrainingOptions options) {

    /** Checks the name, and that there is something to learn from. */
    public Stage {
        Arguments.present("stage name", name);
        Arguments.present("learner", learner);
        Arguments.present("resolution", resolution);
        Arguments.present("options", options);
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "stage: wanted a name of letters, digits, '-' and '_', since files carry it, got '" + name + "'");
        }
        losses = List.copyOf(losses);
        if (options.labelWeight() == 0 && losses.isEmpty()) {
            throw new IllegalArgumentException("stage " + name
                    + ": nothing to learn from; give it a loss against a guide or a labelWeight above 0");
        }
        if (losses.stream().map(GuideLoss::guide).distinct().count() < losses.size()) {
            throw new IllegalArgumentException(
                    "stage " + name + ": two losses against one guide; put their terms into one");
        }
    }

    /**
     * Training on labels alone, with a softmax head.
     *
     * @param name       the stage's name
     * @param backbone   who learns
     * @param resolution the view it learns from
     * @param options    how it is trained
     * @return the stage
     */
    public static Stage onLabels(String name, Backbone backbone, Resolution resolution, TrainingOptions options) {
        return new Stage(name, Learner.of(backbone), resolution, List.of(), options);
    }

    /**
     * Training on labels alone, with a softmax head and without augmentation.
     *
     * @param name       the stage's name
     * @param backbone   who learns
     * @param resolution the view it learns from
     * @param schedule   how long and how fast
     * @param seed       seeds everything
     * @return the stage
     */
    public static Stage onLabels(String name, Backbone backbone, Resolution resolution, Schedule schedule, long seed) {
        return onLabels(name, backbone, resolution, TrainingOptions.of(schedule, seed));
    }

    /**
     * With another learner.
     *
     * @param other who learns
     * @return a changed copy
     */
    public Stage withLearner(Learner other) {
        return new Stage(name, other, resolution, losses, options);
    }

    /**
     * With other losses.
     *
     * @param labelWeight weight of the loss over labels, 0 when labels do not count
     * @param others      what it is held against, one a guide
     * @return a changed copy
     */
    public Stage withLosses(double labelWeight, GuideLoss... others) {
        return new Stage(name, learner, resolution, List.of(others), options.withLabelWeight(labelWeight));
    }

    /** Refuses poses that are all alike. Not before a run, since options may be given in any order. */
    void checkPoses() {
        if (options.guidePoses() > 0 && options.augmentation().equals(Augmentation.none())) {
            throw new IllegalArgumentException("stage " + name + ": guidePoses: wanted an augmentation to draw "
                    + options.guidePoses() + " poses from, got none, so all would be the image as it is; call"
                    + " augmentation(…), or leave guidePoses out");
        }
    }

    /** This stage with what is recommended spelt out, for each guide by whether its space had to be fitted. */
    Stage resolved(Predicate<String> inFittedSpace) {
        List<GuideLoss> spelt = losses.stream()
                .map(loss -> loss.resolved(
                        inFittedSpace.test(loss.guide()), options.schedule().batchSize()))
                .toList();
        return new Stage(name, learner, resolution, spelt, options);
    }

    /**
     * With other options.
     *
     * @param others how it is trained
     * @return a changed copy
     */
    public Stage withOptions(TrainingOptions others) {
        return new Stage(name, learner, resolution, losses, others);
    }
}
