package io.github.horkd.distill;

/**
 * Watches the loss on pairs held out of training: the parameters of the best epoch are kept, and the stage ends when none has been better for a while.
 * What is held out is drawn class by class with the stage's seed; every class needs two images, and the losses as many pairs as their order.
 *
 * @param heldOut  fraction of the pairs that is held out, between 0 and 1
 * @param patience epochs without a better one before the stage ends, at least 1
 */
public record EarlyStopping(double heldOut, int patience) {

    /**
     * Checks both values.
     *
     * @param heldOut as the record says
     * @param patience as the record says
     */
    public EarlyStopping {
        if (!(heldOut > 0 && heldOut < 1)) {
            throw new IllegalArgumentException("heldOut: wanted a fraction between 0 and 1, got " + heldOut);
        }
        if (patience < 1) {
            throw new IllegalArgumentException("patience: wanted at least 1 epoch, got " + patience);
        }
    }
}
