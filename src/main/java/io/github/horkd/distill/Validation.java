package io.github.horkd.distill;

import io.github.horkd.data.PairedImages;
import io.github.horkd.data.Resolution;
import io.github.horkd.knowledge.ImageDigest;

/**
 * Recognises people who are not learned from, each few epochs while a stage learns: every picture by the learner against all the others by its guide. Told as {@link TrainingEvent.Validated},
 * with the naive use of the guide beside it from the start. The loss says nothing of that: a student far behind the naive use of its teacher can have a loss that falls nicely.
 *
 * <p>Where the learner shares no space with a guide, matching is within its own resolution. A guide is asked about the held-out pictures once, through the stage's knowledge store.
 *
 * @param people   who is recognised
 * @param every    epochs between two looks, at least 1; the last epoch is always looked at
 * @param follow   the figure that decides which epoch's parameters are kept
 * @param patience looks without a better one before the stage ends; 0 to run all epochs. A schedule that anneals is not cut before it has annealed
 */
public record Validation(People people, int every, Follow follow, int patience) {

    private static final Validation NONE = new Validation(new People.Nobody(), 1, Follow.NOTHING, 0);

    /** Which figure decides what is kept. */
    public enum Follow {
        /** None: the last epoch is kept, or what {@link EarlyStopping} says. */
        NOTHING,
        /** The share of probes whose nearest picture is of the same person. */
        RANK_ONE,
        /** The area under the curve of all pairs. */
        AUC
    }

    /** Who is recognised. */
    public sealed interface People {

        /** Nobody: there is no validation. */
        record Nobody() implements People {}

        /**
         * A share of the classes, taken out of what is learned from: people apart. Images without label stay with those that are learned from.
         *
         * @param share of the classes with labelled images, between 0 and 1
         */
        record HeldOut(double share) implements People {

            /** Checks the share. */
            public HeldOut {
                if (!(share > 0 && share < 1)) {
                    throw new IllegalArgumentException("share: wanted a share between 0 and 1, got " + share);
                }
            }
        }

        /**
         * People whom the images of the stage do not show.
         *
         * @param images labelled, of the shapes that the stage learns from
         */
        record Given(PairedImages images) implements People {

            /** Checks that they are there. */
            public Given {
                Arguments.present("images", images);
            }

            /** What tells them from others. */
            @Override
            public String toString() {
                return "given " + ImageDigest.of(images, Resolution.HIGH);
            }
        }
    }

    /** Checks every value. */
    public Validation {
        Arguments.present("people", people);
        Arguments.present("follow", follow);
        if (every < 1) {
            throw new IllegalArgumentException("every: wanted at least 1 epoch, got " + every);
        }
        if (patience < 0) {
            throw new IllegalArgumentException("patience: wanted at least 0 looks, got " + patience);
        }
        if (patience > 0 && follow == Follow.NOTHING) {
            throw new IllegalArgumentException(
                    "patience: wanted a figure to follow, since patience with none never ends, got none; call following(…)");
        }
    }

    /**
     * No validation.
     *
     * @return nobody
     */
    public static Validation none() {
        return NONE;
    }

    /**
     * Takes people out of what is learned from and recognises them, after every epoch.
     *
     * @param share of the classes, between 0 and 1
     * @return the validation; it decides nothing
     */
    public static Validation ofPeople(double share) {
        return new Validation(new People.HeldOut(share), 1, Follow.NOTHING, 0);
    }

    /**
     * Recognises people who are not among what is learned from, after every epoch.
     *
     * @param others labelled images
     * @return the validation; it decides nothing
     */
    public static Validation on(PairedImages others) {
        return new Validation(new People.Given(others), 1, Follow.NOTHING, 0);
    }

    /**
     * Looks more or less often.
     *
     * @param epochs between two looks
     * @return a changed copy
     */
    public Validation every(int epochs) {
        return new Validation(people, epochs, follow, patience);
    }

    /**
     * Keeps the parameters of the best epoch by a figure.
     *
     * @param figure which
     * @return a changed copy
     */
    public Validation following(Follow figure) {
        return new Validation(people, every, figure, patience);
    }

    /**
     * Ends the stage when no look has been better for a while.
     *
     * @param looks without a better one; 0 to run all epochs
     * @return a changed copy
     */
    public Validation withPatience(int looks) {
        return new Validation(people, every, follow, looks);
    }

    /** Whether anybody is recognised. */
    boolean active() {
        return !(people instanceof People.Nobody);
    }

    /** Whether it decides which epoch is kept. */
    boolean decides() {
        return active() && follow != Follow.NOTHING;
    }
}
