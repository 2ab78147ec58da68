package io.github.horkd.loss;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * How many threads one loss may use on a large batch. Batches below 256 rows use the calling thread alone. Work is cut the
 * same way whatever the number, and put together in the same order: results do not depend on it.
 *
 * <p>To begin with it is the number of processors, at most 4. Set it to 1 where several networks train side by side. Whoever trains networks
 * sets it by {@code CpuThreads} of the model package, together with everything else that has threads.
 */
public final class LossThreads {

    /** Below this many rows a loss is over before another thread has woken up. */
    static final int ROWS_WORTH_SHARING = 256;

    /** Work over pairs or triplets of a large batch is cut into this many parts, so more threads than this bring nothing. */
    static final int PARTS = 4;

    /** The largest number of threads that {@link #use(int)} takes. */
    public static final int MOST = PARTS;

    private static final ExecutorService HELPERS = helpers();

    private static volatile int count = Math.min(Runtime.getRuntime().availableProcessors(), PARTS);

    private LossThreads() {
    }

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
    static int partsFor(int rows) {
        return rows < ROWS_WORTH_SHARING ? 1 : PARTS;
    }

    /** Does parts 0 … parts − 1, this thread among those who work; returns when all are done. */
    static void share(int parts, IntConsumer work) {
        int helpers = Math.min(count, parts) - 1;
        if (helpers <= 0) {
            for (int part = 0; part < parts; part++) {
                work.accept(part);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        Runnable takeParts = () -> {
            for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
                work.accept(part);
            }
        };
        List<Helper> others = new ArrayList<>(helpers);
        for (int i = 0; i < helpers; i++) {
            Helper helper = new Helper(takeParts);
            HELPERS.execute(helper);
            others.add(helper);
        }
        try {
            takeParts.run();
        } finally {
            others.forEach(Helper::finish);
        }
    }

    /** Another thread's turn at the parts; called off when the work is done before that thread has begun. */
    private static final class Helper extends FutureTask<Void> {
        private final AtomicBoolean begun;

        Helper(Runnable work) {
            this(work, new AtomicBoolean());
        }

        private Helper(Runnable work, AtomicBoolean begun) {
            super(() -> {
                if (begun.compareAndSet(false, true)) {
                    work.run();
                }
            }, null);
            this.begun = begun;
        }

        void finish() {
            if (begun.compareAndSet(false, true)) {
                return;
            }
            boolean interrupted = false;
            while (true) {
                try {
                    get();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;   // buffers are in use until the helper is done: keep waiting
                } catch (ExecutionException e) {
                    throw new IllegalStateException("a loss failed on a helper thread", e.getCause());
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static ExecutorService helpers() {
        var pool = new ThreadPoolExecutor(PARTS - 1, PARTS - 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "horkd-loss");
            thread.setDaemon(true);
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
