package io.github.horkd.internal.onednn;

import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Primitives by the sizes they were made for, the last few used. Their native objects go when they are displaced or
 * nobody holds this cache any more. For one thread at a time.
 *
 * @param <S> everything that shapes the primitives
 * @param <P> the primitives for one size
 */
public final class PrimitiveCache<S, P> {

    /** The batch, a short last one, those of evaluation. */
    private static final int KEPT = 8;

    private static final Cleaner CLEANER = Cleaner.create();
    private final int kept;
    private final BiFunction<S, NativeObjects, P> maker;
    private final Map<S, P> known = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<S, Cleaner.Cleanable> ends = new HashMap<>();
    private int threads;

    /** Keeps the few sizes that training and evaluation have. */
    public PrimitiveCache(BiFunction<S, NativeObjects, P> maker) {
        this(KEPT, maker);
    }

    /** Keeps so many sizes; what is made must be reachable from what the maker returns, not the other way round. */
    public PrimitiveCache(int kept, BiFunction<S, NativeObjects, P> maker) {
        this.kept = kept;
        this.maker = maker;
    }

    /** The primitives for a size, made when there are none yet. */
    public P of(S size) {
        int now = NativeThreads.here();
        if (threads != now) { // A primitive is made for so many threads.
            known.clear();
            ends.values().forEach(Cleaner.Cleanable::clean);
            ends.clear();
            threads = now;
        }
        P primitives = known.get(size);
        if (primitives == null) {
            if (known.size() == kept) {
                S eldest = known.keySet().iterator().next();
                known.remove(eldest);
                ends.remove(eldest).clean();
            }
            var natives = new NativeObjects();
            primitives = maker.apply(size, natives);
            known.put(size, primitives);
            ends.put(size, CLEANER.register(primitives, natives));
        }
        return primitives;
    }
}
