package io.github.horkd.internal.onednn;

import io.github.horkd.internal.parallel.ForkJoin;
import io.github.horkd.internal.setup.Backend;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many threads native code takes. OpenMP remembers that for each calling thread by itself, so every thread tells it before it computes.
 * Where oneDNN is called directly it gets all of them, and ND4J and its BLAS one: what is left to them is over before a
 * second thread has woken up, and their threads would fight oneDNN's for the cores.
 */
public final class NativeThreads {

    private static final Logger LOG = LoggerFactory.getLogger(NativeThreads.class);
    private static final ThreadLocal<Told> TOLD = ThreadLocal.withInitial(Told::new);

    private static volatile int count;

    /** What a thread told OpenMP last, and whether it is one of several that share the cores by themselves. */
    private static final class Told {
        int threads;
        boolean alone;
    }

    private NativeThreads() {}

    /** Whether ND4J computes on the CPU. */
    public static boolean isCpu() {
        return "CPU"
                .equalsIgnoreCase(
                        Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend"));
    }

    /** Sets the number for the whole process, from each thread's next computation on. */
    public static void use(int threads) {
        Backend.require();
        apply(threads);
    }

    /** The number in use. */
    public static int count() {
        settle();
        return count;
    }

    /** Applies the default unless a number has been chosen before: what OpenMP would take, at most one for each processor. */
    public static void settle() {
        if (count == 0) {
            synchronized (NativeThreads.class) {
                if (count == 0) {
                    int wanted = isCpu() ? Nd4j.getEnvironment().maxThreads() : Integer.MAX_VALUE;
                    int threads =
                            Math.max(1, Math.min(wanted, Runtime.getRuntime().availableProcessors()));
                    apply(threads);
                }
            }
        }
    }

    /** Tells OpenMP how many threads it may use for what the calling thread asks of it; returns that number. */
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
        if (isCpu()) {
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
