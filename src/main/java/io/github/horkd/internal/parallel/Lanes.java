package io.github.horkd.internal.parallel;

import io.github.horkd.accelerate.CpuThreads;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Work in pieces that do not touch each other, done side by side by threads of which each computes with one core. The process has as many threads for it as
 * processors but one, however many callers there are; nobody waits for one of them to be free, but does the work himself.
 */
public final class Lanes {

    private static final int MOST = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    private static final ThreadPoolExecutor THREADS =
            new ThreadPoolExecutor(MOST, MOST, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "horkd-inference");
                thread.setDaemon(true);
                return thread;
            });

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    /** A piece of the work, in the lane of the thread that does it. */
    @FunctionalInterface
    public interface Work {

        /**
         * Does a piece.
         *
         * @param lane  whose memory to use: no two threads are in the same lane at the same time
         * @param piece which
         */
        void run(int lane, int piece);
    }

    private final int pieces;
    private final Work work;
    private final AtomicInteger next = new AtomicInteger();

    private Lanes(int pieces, Work work) {
        this.pieces = pieces;
        this.work = work;
    }

    /** Does pieces 0 … pieces − 1 in at most so many lanes, the calling thread in lane 0; returns when all are done and nobody is at work any more. */
    public static void share(int lanes, int pieces, Work work) {
        Lanes shared = new Lanes(pieces, work);
        List<Companion> others = IntStream.range(1, Math.min(lanes, pieces))
                .mapToObj(lane -> new Companion(shared, lane))
                .toList();
        try {
            others.forEach(THREADS::execute);
            shared.take(0);
        } finally {
            shared.stop();
            others.forEach(Companion::callOffOrAwait);
        }
        others.forEach(Companion::rethrow);
    }

    private void take(int lane) {
        CpuThreads.alone(() -> {
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                work.run(lane, piece);
            }
        });
    }

    /** From now on nobody begins a piece. */
    private void stop() {
        next.set(pieces);
    }

    /** Another thread's share. It is called off when that thread has not begun by the time all pieces are taken. */
    private static final class Companion implements Runnable {
        private final Lanes shared;
        private final int lane;
        private final AtomicBoolean isTaken = new AtomicBoolean();
        private final CountDownLatch over = new CountDownLatch(1);
        private Throwable failure;

        Companion(Lanes shared, int lane) {
            this.shared = shared;
            this.lane = lane;
        }

        @Override
        public void run() {
            if (isTaken.compareAndSet(false, true)) {
                try {
                    shared.take(lane);
                } catch (Throwable e) {
                    failure = e;
                    shared.stop();
                } finally {
                    over.countDown();
                }
            }
        }

        void callOffOrAwait() {
            boolean interrupted = false;
            while (!isTaken.compareAndSet(false, true) && over.getCount() > 0) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    interrupted = true; // What is at work on native memory has to be waited for all the same.
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void rethrow() {
            if (failure instanceof RuntimeException told) {
                throw told;
            }
            if (failure != null) {
                throw new IllegalStateException("inference failed in another thread", failure);
            }
        }
    }
}
