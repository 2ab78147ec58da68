package io.github.horkd.loss;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Work in parts that several threads take from; the one that made it waits for the rest. */
final class SharedWork {

    private final int parts;
    private final IntConsumer work;
    private final Thread owner = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger workers = new AtomicInteger();
    private volatile Throwable failure;

    SharedWork(int parts, IntConsumer work) {
        this.parts = parts;
        this.work = work;
    }

    /** Does whatever part nobody has begun, until there is none. */
    void takeParts() {
        for (int part = next.getAndIncrement(); part < parts; part = next.getAndIncrement()) {
            work.accept(part);
        }
    }

    /** Counts one more thread to wait for. */
    void workerJoins() {
        workers.incrementAndGet();
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
