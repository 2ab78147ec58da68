package io.github.horkd.internal.parallel;

import io.github.horkd.accelerate.CpuThreads;
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
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Every piece is done once, and nobody is at work any more when the call is over. */
@Timeout(60)
class LanesTest {

    private int before;

    @BeforeEach
    void useTwoThreads() {
        before = CpuThreads.count();
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1);
        CpuThreads.use(2);
    }

    @AfterEach
    void putBack() {
        CpuThreads.use(before);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 7", "2, 2", "2, 100", "3, 100"})
    void everyPieceIsDoneOnceAndALaneIsOneThreads(int lanes, int pieces) {
        var done = new AtomicIntegerArray(pieces);
        var inside = new AtomicIntegerArray(lanes);
        Lanes.share(lanes, pieces, (lane, piece) -> {
            assertEquals(1, inside.incrementAndGet(lane));
            done.incrementAndGet(piece);
            inside.decrementAndGet(lane);
        });
        assertTrue(IntStream.range(0, pieces).allMatch(piece -> done.get(piece) == 1), done.toString());
    }

    @Test
    void whoWorksBesideOthersGetsOneCore() {
        assertEquals(2, CpuThreads.here());
        Lanes.share(2, 20, (lane, piece) -> assertEquals(1, CpuThreads.here()));
        assertEquals(2, CpuThreads.here());
    }

    @Test
    void twoThreadsAreAtWorkTogether() {
        // Each waits for the other: alone, the first would wait for ever.
        var both = new CountDownLatch(2);
        Lanes.share(2, 2, (lane, piece) -> {
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
                        () -> Lanes.share(2, 1000, (lane, piece) -> {
                            both.countDown();
                            waitFor(both);
                            begun.incrementAndGet();
                            if (lane == failing) {
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
        int threads = Runtime.getRuntime().availableProcessors() - 1;
        var busy = new CountDownLatch(threads + 1);
        var over = new CountDownLatch(1);
        var first = CompletableFuture.runAsync(
                () -> Lanes.share(threads + 1, threads + 1, (lane, piece) -> {
                    busy.countDown();
                    waitFor(over);
                }),
                task -> new Thread(task).start());
        waitFor(busy);
        var here = Thread.currentThread();
        Lanes.share(2, 10, (lane, piece) -> {
            assertEquals(0, lane);
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
        Lanes.share(2, 100, (lane, piece) -> done.incrementAndGet());
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
}
