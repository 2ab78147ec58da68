package io.github.horkd.distill;

/**
 * Judges a stage by pairs that are held out of training: the parameters of the best epoch are kept, and the stage ends when none has been better for a while.
 * A schedule that anneals is not cut before it has annealed ({@link Schedule.Curve}): until then an epoch is worse than what it leads to. What is held out is drawn class by
 * class with the stage's seed; every class needs two images, and the losses as many pairs as their order.
 *
 * @param heldOut  fraction of the pairs that is held out, between 0 and 1
 * @param patience epochs without a better one before the stage ends, at least 1
 */
public record EarlyStopping(double heldOut, int patience) {

    private static final EarlyStopping NONE = new EarlyStopping(0, 0);

    /** Checks both values. */
    public EarlyStopping {
        boolean none = heldOut == 0 && patience == 0;
        if (!none && !(heldOut > 0 && heldOut < 1)) {
            throw new IllegalArgumentException("heldOut: wanted a fraction between 0 and 1, got " + heldOut);
        }
        if (!none && patience < 1) {
            throw new IllegalArgumentException("patience: wanted at least 1 epoch, got " + patience);
        }
    }

    /**
     * Nothing is held out, every epoch is run and the last one kept.
     *
     * @return both values 0
     */
    public static EarlyStopping none() {
        return NONE;
    }

    /** Whether anything is held out. */
    boolean active() {
        return heldOut > 0;
    }
}
