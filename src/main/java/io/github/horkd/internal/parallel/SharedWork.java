package io.github.horkd.internal.parallel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Work in parts that several threads take from; the one that made it waits for the rest. Each thread has parts of its own, in every piece of
 * work mostly the same, so that it finds the rows it worked on before in its own caches: two cores may be far apart. Who is done helps the others.
 */
final class SharedWork {

    private final IntConsumer work;
    private final int threads;
    private final Thread owner = Thread.currentThread();
    private final AtomicIntegerArray taken;
    private final AtomicInteger workers = new AtomicInteger();
    private volatile Throwable failure;

    SharedWork(int parts, int threads, IntConsumer work) {
        this.taken = new AtomicIntegerArray(parts);
        this.threads = threads;
        this.work = work;
    }

    /** Does whatever part nobody has begun, until there is none, beginning with those of thread {@code number}; the owner is number 0. */
    void takeParts(int number) {
        for (int part = 0; part < taken.length(); part++) {
            if (thread(part) == number) {
                take(part);
            }
        }
        for (int part = 0; part < taken.length(); part++) {
            take(part);
        }
    }

    /** Whose a part is: dealt out to and fro, 0 1 1 0 0 1 1 0, for later parts often take a little longer, or a little less, than earlier ones. */
    private int thread(int part) {
        int place = part % threads;
        return part / threads % 2 == 0 ? place : threads - 1 - place;
    }

    private void take(int part) {
        if (taken.get(part) == 0 && taken.compareAndSet(part, 0, 1)) {
            work.accept(part);
        }
    }

    /** Counts one more thread to wait for; its number. */
    int workerJoins() {
        return workers.incrementAndGet();
    }

    /** That thread is done, or was called off before it began. */
    void workerLeaves() {
        if (workers.decrementAndGet() == 0) {
            LockSupport.unpark(owner);
        }
    }

    void failed(Throwable cause) {
        failure = cause;
    }

    /** Returns when nobody else is at work any more: even a failed or interrupted owner must not let go of buffers in use. */
    void awaitWorkers() {
        long sleepFrom = System.nanoTime() + LossWorker.AWAKE_NANOS;
        boolean interrupted = false;
        while (workers.get() > 0) {
            if (System.nanoTime() < sleepFrom) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            owner.interrupt();
        }
    }

    void rethrow() {
        if (failure != null) {
            throw new IllegalStateException("a loss failed on another thread", failure);
        }
    }
}
