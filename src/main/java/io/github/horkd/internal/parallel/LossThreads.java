package io.github.horkd.internal.parallel;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How many threads one loss may use on a large batch. Batches below 256 rows use the calling thread alone. Work is cut the
 * same way whatever the number, and put together in the same order: results do not depend on it.
 *
 * <p>To begin with it is the number of processors, at most 4. Set it to 1 where several networks train side by side: a thread that has
 * helped stays awake for a tenth of a millisecond, in case there is more to do at once. Whoever trains networks sets it by
 * {@code CpuThreads} of the model package, together with everything else that has threads.
 */
public final class LossThreads {

    /** Below this many rows a loss is over before another thread has woken up. */
    static final int ROWS_WORTH_SHARING = 256;

    /** Work over pairs or triplets of a large batch is cut into this many parts, so more threads than this bring nothing. */
    static final int PARTS = 4;

    /** The largest number of threads that {@link #use(int)} takes. */
    public static final int MOST = PARTS;

    private static final List<LossWorker> WORKERS =
            Stream.generate(LossWorker::new).limit(PARTS - 1).toList();

    private static volatile int count = Math.min(Runtime.getRuntime().availableProcessors(), PARTS);

    private LossThreads() {}

    /**
     * Sets the number of threads for the whole process.
     *
     * @param threads 1 to 4
     */
    public static void use(int threads) {
        if (threads < 1 || threads > PARTS) {
            throw new IllegalArgumentException("threads: wanted 1 to " + PARTS + ", got " + threads);
        }
        count = threads;
    }

    /**
     * The number of threads in use.
     *
     * @return 1 to 4
     */
    public static int count() {
        return count;
    }

    /** How many parts the work over {@code rows} rows is cut into, on any number of threads. */
    public static int partsFor(int rows) {
        return rows < ROWS_WORTH_SHARING ? 1 : PARTS;
    }

    /** Does parts 0 … parts − 1, this thread among those who work; returns when all are done. */
    public static void share(int parts, IntConsumer work) {
        share(parts, work, () -> null);
    }

    /** The same, while this thread first does what nobody else may, for instance create an array in its workspace; returns what that came to. */
    public static <T> T share(int parts, IntConsumer work, Supplier<T> own) {
        int threads = Math.min(count, parts);
        if (threads <= 1) {
            T result = own.get();
            for (int part = 0; part < parts; part++) {
                work.accept(part);
            }
            return result;
        }
        SharedWork shared = new SharedWork(parts, threads, work);
        T result;
        try {
            int others = threads - 1;
            for (LossWorker worker : WORKERS) {
                if (others > 0 && worker.offer(shared)) {
                    others--;
                }
            }
            result = own.get();
            shared.takeParts(0);
        } finally {
            WORKERS.forEach(worker -> worker.callOff(shared));
            shared.awaitWorkers();
        }
        shared.rethrow();
        return result;
    }

    /** The sum of what parts 0 … parts − 1 come to, in this order. */
    public static double sum(int parts, IntToDoubleFunction work) {
        double[] terms = new double[parts];
        share(parts, part -> terms[part] = work.applyAsDouble(part));
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return sum;
    }
}
