package io.github.horkd.internal.inference;

import io.github.horkd.internal.onednn.PrimitiveCache;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Passes for whoever computes: each caller takes a set of his own, with its primitives and buffers, and gives it back. There come to be as many sets as there
 * were callers at one time; no more are kept than there can be at work.
 *
 * @param <S> the size of a pass
 */
final class PassPool<S> {

    private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

    private final Supplier<PrimitiveCache<S, InferencePass>> maker;
    private final ConcurrentLinkedDeque<PrimitiveCache<S, InferencePass>> free = new ConcurrentLinkedDeque<>();
    private final AtomicInteger count = new AtomicInteger();

    PassPool(Supplier<PrimitiveCache<S, InferencePass>> maker) {
        this.maker = maker;
    }

    /** The set used last, or a new one. */
    PrimitiveCache<S, InferencePass> take() {
        PrimitiveCache<S, InferencePass> last = free.pollFirst();
        if (last == null) {
            return maker.get();
        }
        count.decrementAndGet();
        return last;
    }

    /** For the next caller; beyond those kept, it is left to be collected. */
    void giveBack(PrimitiveCache<S, InferencePass> passes) {
        if (count.incrementAndGet() <= KEPT) {
            free.addFirst(passes);
        } else {
            count.decrementAndGet();
        }
    }
}
