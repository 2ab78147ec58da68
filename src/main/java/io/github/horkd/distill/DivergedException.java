package io.github.horkd.distill;

import io.github.horkd.model.Network;
import java.util.Optional;

/** Training was stopped because a loss became NaN, infinite or a thousand times what it was at the start, or because the learner gives the same answer for all images. */
public final class DivergedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Network best;

    DivergedException(String message, Network best) {
        super(message);
        this.best = best;
    }

    /**
     * The network as it was after its best epoch.
     *
     * @return empty when no epoch had been finished
     */
    public Optional<Network> bestSoFar() {
        return Optional.ofNullable(best);
    }
}
