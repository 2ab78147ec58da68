package io.github.horkd.experiment;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.data.Sampling;
import io.github.horkd.distill.EarlyStopping;
import io.github.horkd.distill.GuideLoss;
import io.github.horkd.distill.Learner;
import io.github.horkd.distill.Schedule;
import io.github.horkd.distill.Stage;
import io.github.horkd.distill.TrainingOptions;
import io.github.horkd.distill.Validation;
import io.github.horkd.guide.Scaling;
import io.github.horkd.guide.SpaceMethod;
import io.github.horkd.model.Backbone;
import io.github.horkd.model.Head;
import java.util.List;
import java.util.function.Function;

/**
 * A {@link Stage} by description: who learns, from which images, held against whom, and how. {@link #of} makes one of a stage.
 *
 * @param name          of the network that it gives; later ones name it as their guide
 * @param images        the set that is learned from
 * @param seed          of this training in a run
 * @param sees          the view that is learned from
 * @param backbone      from image to embedding
 * @param head          from embedding to logits
 * @param losses        one a guide; without any, only labelled images are learned from
 * @param schedule      how long and how fast; a batch is no larger than what there is to learn from
 * @param labelWeight   of the loss over labels; 0 when labels do not count
 * @param scaling       of intensities
 * @param sampling      how batches are drawn
 * @param augmentation  how pairs are moved
 * @param earlyStopping whether held-out pairs decide
 * @param watch         who is recognised while it learns
 * @param space         in which space guides' embeddings are learned
 * @param guidePoses    in how many poses guides are asked
 * @param preparation   what is made of images and guides before they are learned from
 */
public record Training(
        String name,
        String images,
        Seed seed,
        Resolution sees,
        Backbone backbone,
        Head head,
        List<GuideLoss> losses,
        Schedule schedule,
        double labelWeight,
        Scaling scaling,
        Sampling sampling,
        Augmentation augmentation,
        EarlyStopping earlyStopping,
        Watch watch,
        SpaceMethod space,
        int guidePoses,
        Preparation preparation) {

    /**
     * Whom {@link Validation} recognises.
     *
     * @param images   a set of the experiment, people apart from those learned from; empty to hold out {@code people}
     * @param people   share of the people learned from that is held out, where no set is named; 0 for no validation
     * @param every    epochs between two looks
     * @param follow   the figure that decides which epoch is kept
     * @param patience looks without a better one before the stage ends; 0 to run all epochs
     */
    public record Watch(String images, double people, int every, Validation.Follow follow, int patience) {

        private static final Watch NOBODY = new Watch("", 0, 1, Validation.Follow.NOTHING, 0);

        /**
         * No validation.
         *
         * @return nobody
         */
        public static Watch nobody() {
            return NOBODY;
        }

        /**
         * Recognises the people of a set.
         *
         * @param set   its name
         * @param every epochs between two looks
         * @return a watch that decides nothing
         */
        public static Watch on(String set, int every) {
            return new Watch(set, 0, every, Validation.Follow.NOTHING, 0);
        }

        Validation validation(Function<String, PairedImages> sets) {
            if (images.isEmpty() && people == 0) {
                return Validation.none();
            }
            Validation who = images.isEmpty() ? Validation.ofPeople(people) : Validation.on(sets.apply(images));
            return who.every(every).following(follow).withPatience(patience);
        }
    }

    /** Checks that everything is there. */
    public Training {
        losses = List.copyOf(losses);
        if (seed == null || backbone == null) {
            throw new IllegalArgumentException("training " + name + ": wanted a seed and a backbone, got none");
        }
    }

    /**
     * A stage by description. What is told by the stage's own seed is told by the run's here.
     *
     * @param stage  of a new network; its validation is left to {@link #watching}
     * @param images the set that is learned from
     * @param seed   of this training in a run
     * @return the description
     */
    public static Training of(Stage stage, String images, Seed seed) {
        if (!(stage.learner() instanceof Learner.New learner)) {
            throw new IllegalArgumentException(
                    "stage " + stage.name()
                            + ": wanted a new network, since an experiment is written to a file, got one that is there already");
        }
        TrainingOptions options = stage.options();
        return new Training(
                stage.name(),
                images,
                seed,
                stage.resolution(),
                learner.backbone(),
                learner.head(),
                stage.losses(),
                options.schedule(),
                options.labelWeight(),
                options.scaling(),
                options.sampling(),
                options.augmentation(),
                options.earlyStopping(),
                Watch.nobody(),
                options.space(),
                options.guidePoses(),
                new Preparation.AsTheyAre());
    }

    /**
     * With people recognised while it learns.
     *
     * @param whom and what follows from it
     * @return a changed copy
     */
    public Training watching(Watch whom) {
        return with(schedule, whom);
    }

    /**
     * With another schedule.
     *
     * @param other how long and how fast
     * @return a changed copy
     */
    public Training withSchedule(Schedule other) {
        return with(other, watch);
    }

    private Training with(Schedule other, Watch whom) {
        return new Training(
                name,
                images,
                seed,
                sees,
                backbone,
                head,
                losses,
                other,
                labelWeight,
                scaling,
                sampling,
                augmentation,
                earlyStopping,
                whom,
                space,
                guidePoses,
                preparation);
    }

    /** What is learned from in a run: without guides, labels are all there is. */
    PairedImages learned(Function<String, PairedImages> sets) {
        PairedImages all = sets.apply(images);
        boolean some =
                java.util.stream.IntStream.range(0, all.size()).anyMatch(i -> all.label(i) == PairedImages.UNLABELLED);
        return losses.isEmpty() && some ? all.labelled() : all;
    }

    /**
     * The stage of one run.
     *
     * @param run   the run's seed
     * @param pairs how many there are to learn from: a batch is no larger
     * @param sets  finds the sets of the experiment, for whom it watches
     * @return what is trained
     */
    public Stage stage(long run, int pairs, Function<String, PairedImages> sets) {
        Schedule fitting = schedule.withBatchSize(Math.max(2, Math.min(schedule.batchSize(), pairs)));
        return new Stage(
                name,
                Learner.of(backbone, head),
                sees,
                losses,
                new TrainingOptions(
                        fitting,
                        labelWeight,
                        scaling,
                        sampling,
                        augmentation,
                        earlyStopping,
                        watch.validation(sets),
                        space,
                        guidePoses,
                        seed.of(run)));
    }
}
