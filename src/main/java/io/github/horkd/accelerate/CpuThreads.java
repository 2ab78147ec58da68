package io.github.horkd.accelerate;

import io.github.horkd.internal.onednn.OneDnn;
import io.github.horkd.internal.parallel.ForkJoin;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * <p>Results with one and with two threads differ by rounding; with the same number they are the same to the last bit. Works with
 * ND4J's CPU backend; on any other it only sets the losses'.
 */
public final class CpuThreads {

    private static final Logger LOG = LoggerFactory.getLogger(CpuThreads.class);
    private static final ThreadLocal<Told> TOLD = ThreadLocal.withInitial(Told::new);

    private static volatile int count;

    /** What a thread told OpenMP last, and whether it is one of several that share the cores by themselves. */
    private static final class Told {
        int threads;
        boolean alone;
    }

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
        apply(threads);
    }

    /**
     * The number of threads that one pass through a network may use.
     *
     * @return 1 to the number of processors
     */
    public static int count() {
        settle();
        return count;
    }

    /** Applies the default unless a number has been chosen before. */
    static void settle() {
        if (count == 0) {
            synchronized (CpuThreads.class) {
                if (count == 0) {
                    int wanted = Acceleration.isCpu() ? Nd4j.getEnvironment().maxThreads() : Integer.MAX_VALUE;
                    int threads =
                            Math.max(1, Math.min(wanted, Runtime.getRuntime().availableProcessors()));
                    apply(threads);
                }
            }
        }
    }

    /**
     * Tells OpenMP how many threads it may use for what the calling thread asks of it, which it remembers for each thread by itself.
     *
     * @return that number
     */
    public static int here() {
        settle();
        Told told = TOLD.get();
        int wanted = told.alone ? 1 : count;
        if (told.threads != wanted) {
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(wanted);
            told.threads = wanted;
        }
        return wanted;
    }

    /** Does work of which the calling thread has one share and other threads others: meanwhile it gets no more than one core. */
    public static void alone(Runnable work) {
        Told told = TOLD.get();
        boolean before = told.alone;
        told.alone = true;
        try {
            work.run();
        } finally {
            told.alone = before;
        }
    }

    private static synchronized void apply(int threads) {
        ForkJoin.use(threads);
        if (Acceleration.isCpu()) {
            int others = OneDnn.isAvailable() ? 1 : threads;
            Nd4j.getEnvironment().setMaxThreads(others);
            Nd4j.getEnvironment().setMaxMasterThreads(others);
            Nd4j.factory().blas().setMaxThreads(others);
            LOG.debug(
                    "{} threads for {}",
                    threads,
                    OneDnn.isAvailable() ? "oneDNN, one for ND4J and its BLAS" : "ND4J and its BLAS");
        }
        count = threads;
    }
}
