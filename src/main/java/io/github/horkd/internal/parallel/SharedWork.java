package io.github.horkd.internal.parallel;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Work in pieces that several threads take from; the one that made it waits for the rest. Each thread has pieces of its own, in every piece of
 * work mostly the same, so that it finds the rows it worked on before in its own caches: two cores may be far apart. Who is done helps the others.
 */
final class SharedWork {

    private final ForkJoin.Work work;
    private final Consumer<Runnable> around;
    private final int slots;
    private final Thread owner = Thread.currentThread();
    private final AtomicIntegerArray taken;
    private final AtomicInteger workers = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    SharedWork(int pieces, int slots, ForkJoin.Work work, Consumer<Runnable> around) {
        this.taken = new AtomicIntegerArray(pieces);
        this.slots = slots;
        this.work = work;
        this.around = around;
    }

    /** Asks as many of the workers as there are slots beside the owner's, as far as they are free. */
    void offerTo(List<Worker> all) {
        int others = slots - 1;
        for (int i = 0; i < all.size() && others > 0; i++) {
            others -= all.get(i).offer(this) ? 1 : 0;
        }
    }

    /** Does whatever piece nobody has begun, until there is none, beginning with those of this slot; the owner's is slot 0. */
    void takePieces(int slot) {
        around.accept(() -> {
            for (int piece = 0; piece < taken.length(); piece++) {
                if (slotOf(piece) == slot) {
                    take(slot, piece);
                }
            }
            for (int piece = 0; piece < taken.length(); piece++) {
                take(slot, piece);
            }
        });
    }

    /** Whose a piece is: dealt out to and fro, 0 1 1 0 0 1 1 0, for later pieces often take a little longer, or a little less, than earlier ones. */
    private int slotOf(int piece) {
        if (slots < 2) {
            return 0;
        }
        int place = piece % slots;
        return piece / slots % 2 == 0 ? place : slots - 1 - place;
    }

    private void take(int slot, int piece) {
        if (taken.get(piece) == 0 && failure.get() == null && taken.compareAndSet(piece, 0, 1)) {
            work.run(slot, piece);
        }
    }

    /** Counts one more thread to wait for; its slot. */
    int workerJoins() {
        return workers.incrementAndGet();
    }

    /** That thread is done, or was called off before it began. */
    void workerLeaves() {
        if (workers.decrementAndGet() == 0) {
            LockSupport.unpark(owner);
        }
    }

    /** From now on nobody begins a piece. The first failure counts. */
    void stop(Throwable cause) {
        failure.compareAndSet(null, cause);
    }

    /** Returns when nobody else is at work any more: even a failed or interrupted owner must not let go of buffers in use. */
    void callOffAndAwait(List<Worker> all) {
        if (workers.get() == 0) {
            return;
        }
        all.forEach(worker -> worker.callOff(this));
        long sleepFrom = System.nanoTime() + Worker.AWAKE_NANOS;
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

    /** Throws the first failure as it was, whichever thread it met. */
    void rethrow() {
        Throwable cause = failure.get();
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause != null) {
            throw new IllegalStateException("work failed on another thread", cause);
        }
    }
}
