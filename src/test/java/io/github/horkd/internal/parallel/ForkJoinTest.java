package io.github.horkd.internal.parallel;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every piece is done once, and nobody is at work any more when the call is over. */
@Timeout(60)
class ForkJoinTest {

    private int before;

    @BeforeEach
    void useTwoThreads() {
        before = ForkJoin.threads();
        ForkJoin.use(2);
    }

    @AfterEach
    void putBack() {
        ForkJoin.use(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "2, 2", "2, 100", "3, 100"})
    void everyPieceIsDoneOnceAndASlotIsOneThreads(int slots, int pieces) {
        var done = new AtomicIntegerArray(pieces);
        var inside = new AtomicIntegerArray(slots);
        share(slots, pieces, (slot, piece) -> {
            assertEquals(1, inside.incrementAndGet(slot));
            done.incrementAndGet(piece);
            inside.decrementAndGet(slot);
        });
        assertTrue(IntStream.range(0, pieces).allMatch(piece -> done.get(piece) == 1), done.toString());
    }

    @Test
    void twoThreadsAreAtWorkTogether() {
        // Each waits for the other: alone, the first would wait for ever.
        var both = new CountDownLatch(2);
        share(2, 2, (slot, piece) -> {
            both.countDown();
            waitFor(both);
        });
        assertEquals(0, both.getCount());
    }

    @ParameterizedTest
    @CsvSource({"0", "1"})
    void aFailureInEitherThreadReachesTheCaller(int failing) {
        var both = new CountDownLatch(2);
        var begun = new AtomicInteger();
        var failure = new IllegalStateException("as planned");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> share(2, 1000, (slot, piece) -> {
                            both.countDown();
                            waitFor(both);
                            begun.incrementAndGet();
                            if (slot == failing) {
                                throw failure;
                            }
                            pause();
                        })));
        assertTrue(begun.get() < 1000, "one failure stops all");
        int then = begun.get();
        pause();
        assertEquals(then, begun.get(), "nobody goes on after the call");
    }

    @Test
    void whoFindsNoThreadFreeDoesItAlone() {
        int threads = Math.max(Runtime.getRuntime().availableProcessors(), 4) - 1;
        var busy = new CountDownLatch(threads + 1);
        var over = new CountDownLatch(1);
        var first = CompletableFuture.runAsync(
                () -> share(threads + 1, threads + 1, (slot, piece) -> {
                    busy.countDown();
                    waitFor(over);
                }),
                task -> new Thread(task).start());
        waitFor(busy);
        var here = Thread.currentThread();
        share(2, 10, (slot, piece) -> {
            assertEquals(0, slot);
            assertSame(here, Thread.currentThread());
        });
        assertFalse(first.isDone());
        over.countDown();
        first.join();
    }

    @Test
    void anInterruptIsKeptAndNothingIsLeftUndone() {
        var done = new AtomicInteger();
        Thread.currentThread().interrupt();
        share(2, 100, (slot, piece) -> done.incrementAndGet());
        assertTrue(Thread.interrupted());
        assertEquals(100, done.get());
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(2);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void share(int slots, int pieces, ForkJoin.Work work) {
        ForkJoin.share(slots, pieces, work, Runnable::run);
    }

    @Test
    void aThreadsWholeShareIsWrapped() {
        var inside = new ThreadLocal<Boolean>();
        var shares = new AtomicInteger();
        ForkJoin.share(2, 50, (slot, piece) -> assertTrue(inside.get()), share -> {
            shares.incrementAndGet();
            inside.set(true);
            share.run();
            inside.remove();
        });
        assertTrue(shares.get() == 1 || shares.get() == 2, "shares: " + shares);
    }

    @Test
    void sumsAreAddedInOneOrder() {
        for (int threads = 1; threads <= 4; threads++) {
            ForkJoin.use(threads);
            assertEquals(1e16 + 1 - 1e16, ForkJoin.sum(3, piece -> piece == 1 ? 1 : piece == 0 ? 1e16 : -1e16), 0);
        }
    }

    @Test
    void callersOnSeveralThreadsDoNotMixTheirPieces() throws InterruptedException {
        ForkJoin.use(4);
        var wrong = new AtomicInteger();
        List<Thread> owners = IntStream.range(0, 4)
                .mapToObj(owner -> new Thread(() -> {
                    for (int round = 0; round < 2000; round++) {
                        var done = new AtomicIntegerArray(5);
                        if (round % 100 == 0) {
                            Thread.currentThread().interrupt(); // an owner waits all the same
                        }
                        ForkJoin.share(5, done::incrementAndGet);
                        wrong.addAndGet(Thread.interrupted() == (round % 100 == 0) ? 0 : 1);
                        for (int piece = 0; piece < 5; piece++) {
                            wrong.addAndGet(Math.abs(done.get(piece) - 1));
                        }
                    }
                }))
                .toList();
        owners.forEach(Thread::start);
        for (Thread owner : owners) {
            owner.join();
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void everyPieceIsDoneOnceAndFailuresComeBack() {
        ForkJoin.use(4);
        for (int round = 0; round < 200; round++) {
            var done = new AtomicIntegerArray(7);
            ForkJoin.share(7, done::incrementAndGet);
            for (int piece = 0; piece < 7; piece++) {
                assertEquals(1, done.get(piece));
            }
        }
        for (int count : new int[] {1, 2, 4}) {
            ForkJoin.use(count);
            var done = new AtomicInteger();
            assertEquals(
                    Thread.currentThread(), ForkJoin.share(3, piece -> done.incrementAndGet(), Thread::currentThread));
            assertEquals(3, done.get());
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> ForkJoin.share(3, piece -> {}, () -> {
                        throw new UnsupportedOperationException();
                    }));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> ForkJoin.share(4, piece -> {
                    throw new IllegalArgumentException("piece " + piece);
                }));
        assertThrows(IllegalArgumentException.class, () -> ForkJoin.use(0));
    }
}
