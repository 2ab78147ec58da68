package io.github.horkd.internal.parallel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that takes pieces of shared work. A loss shares out two dozen pieces of work within milliseconds, and to wake a sleeping thread
 * takes about as long as some of them; so a worker looks for more for a moment before it sleeps, and goes for good when it has slept long.
 * Sleep can cost more than the waking: a virtual machine's processor that has had nothing to do may be put elsewhere by the host, far
 * from the caches of the other one.
 *
 * <p>Nobody relies on a worker: what is offered to it is called off if it has not begun when all pieces are taken.
 */
final class Worker {

    /** How long a thread stays awake with nothing to do: longer than a loss works alone between two times that it shares work. */
    static final long AWAKE_NANOS = 100_000;

    private static final long ASLEEP_NANOS = 10_000_000_000L;

    private final AtomicBoolean free = new AtomicBoolean(true);
    private final AtomicReference<SharedWork> offered = new AtomicReference<>();
    private int slot; // in the work that is offered
    private volatile Thread thread;
    private volatile boolean asleep;

    /** Whether this worker was free; it is then to take part in the work. */
    boolean offer(SharedWork work) {
        if (!free.compareAndSet(true, false)) {
            return false;
        }
        slot = work.workerJoins();
        offered.set(work);
        if (thread == null) {
            Thread begun = new Thread(this::run, "horkd-worker");
            begun.setDaemon(true);
            begun.start();
            thread = begun;
        } else if (asleep) {
            LockSupport.unpark(thread);
        }
        return true;
    }

    /** Takes the offer back if it stands. */
    void callOff(SharedWork work) {
        if (offered.compareAndSet(work, null)) {
            free.set(true);
            work.workerLeaves();
        }
    }

    private void run() {
        while (true) {
            long sleepFrom = System.nanoTime() + AWAKE_NANOS;
            while (offered.get() == null && System.nanoTime() < sleepFrom) {
                Thread.onSpinWait();
            }
            if (offered.get() == null && sleptLong() && free.compareAndSet(true, false)) {
                thread = null; // whoever comes next starts another
                free.set(true);
                return;
            }
            SharedWork work = offered.getAndSet(null);
            if (work != null) {
                takePart(work);
            }
        }
    }

    /** Sleeps until there is an offer; true when none came. */
    private boolean sleptLong() {
        long end = System.nanoTime() + ASLEEP_NANOS;
        asleep = true;
        while (offered.get() == null && System.nanoTime() < end) {
            LockSupport.parkNanos(this, ASLEEP_NANOS);
            Thread.interrupted(); // with that flag set it would not sleep again
        }
        asleep = false;
        return offered.get() == null;
    }

    private void takePart(SharedWork work) {
        try {
            work.takePieces(slot);
        } catch (Throwable e) {
            work.stop(e);
        }
        free.set(true); // before the owner goes on, for it may have more at once
        work.workerLeaves();
    }
}
