package io.github.horkd.accelerate;

import io.github.horkd.internal.onednn.NativeThreads;

/**
 * How many threads of the CPU a network may use: the one setting for oneDNN, ND4J, its BLAS and the losses.
 *
 * <p>Without a call to {@link #use(int)} it is what OpenMP would take, that is the environment's {@code OMP_NUM_THREADS} or one for each
 * processor, and never more than there are processors. It is applied when the first network is accelerated, and counts for every thread
 * that trains or asks a network: <em>each</em> of them may keep so many cores busy while it computes. Where several networks work side by side
 * (ParallelWrapper, Spark in one process, requests on a server), divide the cores by the number of those threads: often {@code CpuThreads.use(1)}.
 *
 * <p>Where oneDNN is called directly (see {@link Acceleration}), it gets all the threads, and ND4J and its BLAS one: what is left to
 * them is over before a second thread has woken up, and their threads would fight oneDNN's for the cores. Without oneDNN they get all.
 *
 * <p>Results of training with one and with two threads differ by rounding; with the same number they are the same to the last bit. Works with
 * ND4J's CPU backend; on any other it only sets the losses'.
 */
public final class CpuThreads {

    private CpuThreads() {}

    /**
     * Sets the number of threads for the whole process, from each thread's next pass through a network on.
     *
     * @param threads 1 to the number of processors
     */
    public static void use(int threads) {
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads < 1 || threads > processors) {
            throw new IllegalArgumentException(
                    "threads: wanted 1 to " + processors + ", the number of processors, got " + threads);
        }
        NativeThreads.use(threads);
    }

    /**
     * The number of threads that one pass through a network may use.
     *
     * @return 1 to the number of processors
     */
    public static int count() {
        return NativeThreads.count();
    }
}
