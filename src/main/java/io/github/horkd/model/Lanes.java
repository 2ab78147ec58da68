package io.github.horkd.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work in pieces that do not touch each other, done side by side by threads of which each computes with one core. There are as many threads for it in the
 * process as processors but one, and whoever finds none free does the work itself: many callers at once do not come to more threads than cores.
 */
final class Lanes {

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(0, Math.max(1, Runtime.getRuntime().availableProcessors() - 1), 10, TimeUnit.SECONDS,
            new SynchronousQueue<>(), task -> {
        Thread thread = new Thread(task, "horkd-inference");
        thread.setDaemon(true);
        return thread;
    });

    /** A piece of the work, in the lane of the thread that does it. */
    @FunctionalInterface
    interface Work {

        /**
         * Does a piece.
         *
         * @param lane  whose memory to use: no two threads are in the same lane at the same time
         * @param piece which
         */
        void run(int lane, int piece);
    }

    private Lanes() {
    }

    /** Does pieces 0 … pieces − 1 in at most so many lanes, the calling thread in lane 0; returns when all are done. */
    static void share(int lanes, int pieces, Work work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> others = new ArrayList<>();
        try {
            for (int i = 1; i < lanes; i++) {
                int lane = i;
                others.add(THREADS.submit(() -> take(lane, next, pieces, work)));
            }
        } catch (RejectedExecutionException e) {
            // All threads are at somebody else's work; this one goes on without them.
        }
        try {
            take(0, next, pieces, work);
        } finally {
            // Nobody else begins a piece after a failure, and nobody is still at one when this returns.
            next.set(pieces);
            others.forEach(Lanes::await);
        }
        others.forEach(Lanes::rethrow);
    }

    private static void take(int lane, AtomicInteger next, int pieces, Work work) {
        CpuThreads.alone(() -> {
            for (int piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
                work.run(lane, piece);
            }
        });
    }

    private static void await(Future<?> other) {
        boolean interrupted = false;
        while (!other.isDone()) {
            try {
                other.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                // It is told to the caller when nobody is at work any more.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(Future<?> other) {
        try {
            other.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException told ? told : new IllegalStateException("inference failed in another thread", e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);     // It is done: there is nothing to wait for.
        }
    }
}
