package io.github.horkd.internal.parallel;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Work in pieces that do not touch each other, done side by side: the calling thread works too, and returns when all pieces are done and nobody is
 * at work any more. The process has as many further threads for it as processors but one, however many callers there are. Nobody waits for one of them
 * to be free. The first failure stops the work and reaches the caller.
 *
 * <p>How a caller cuts its work must not depend on the number of threads; then its results do not either.
 *
 * <p>The number of threads is one setting for the whole process, to begin with the number of processors. Users set it by {@code CpuThreads} of the
 * accelerate package, together with everything else that has threads.
 */
public final class ForkJoin {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    /** At least four threads, so that the work of several can be tested on any machine. */
    private static final List<Worker> WORKERS =
            Stream.generate(Worker::new).limit(Math.max(PROCESSORS, 4) - 1L).toList();

    private static volatile int threads = PROCESSORS;

    /** A piece of the work, in the slot of the thread that does it. */
    @FunctionalInterface
    public interface Work {

        /**
         * Does a piece.
         *
         * @param slot  whose memory to use: no two threads are in the same slot at the same time
         * @param piece which
         */
        void run(int slot, int piece);
    }

    private ForkJoin() {}

    /** Sets the number of threads that one caller may keep busy, itself among them. */
    public static void use(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads: wanted 1 or more, got " + count);
        }
        threads = count;
    }

    /** The number of threads that one caller may keep busy. */
    public static int threads() {
        return threads;
    }

    /** Does pieces 0 … pieces − 1. */
    public static void share(int pieces, IntConsumer work) {
        share(pieces, work, () -> null);
    }

    /** The same, while the calling thread first does what nobody else may, for instance create an array in its workspace; returns what that came to. */
    public static <T> T share(int pieces, IntConsumer work, Supplier<T> own) {
        return share(threads, pieces, (slot, piece) -> work.accept(piece), Runnable::run, own);
    }

    /** The sum of what pieces 0 … pieces − 1 come to, added up in this order. */
    public static double sum(int pieces, IntToDoubleFunction work) {
        double[] terms = new double[pieces];
        share(pieces, piece -> terms[piece] = work.applyAsDouble(piece));
        double sum = 0;
        for (double term : terms) {
            sum += term;
        }
        return sum;
    }

    /**
     * Does pieces 0 … pieces − 1 in at most so many slots, the calling thread in slot 0.
     *
     * @param slots  how many threads at most, the calling one among them
     * @param pieces how many pieces
     * @param work   what to do
     * @param around runs a thread's whole share, and can tell the thread something before and after it
     */
    public static void share(int slots, int pieces, Work work, Consumer<Runnable> around) {
        share(slots, pieces, work, around, () -> null);
    }

    private static <T> T share(int slots, int pieces, Work work, Consumer<Runnable> around, Supplier<T> own) {
        SharedWork shared = new SharedWork(pieces, Math.min(slots, pieces), work, around);
        T result = null;
        try {
            shared.offerTo(WORKERS);
            result = own.get();
            shared.takePieces(0);
        } catch (RuntimeException | Error e) {
            shared.stop(e);
        } finally {
            shared.callOffAndAwait(WORKERS);
        }
        shared.rethrow();
        return result;
    }
}
