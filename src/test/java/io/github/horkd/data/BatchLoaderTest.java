package io.github.horkd.data;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(30)
class BatchLoaderTest {

    private static final Set<Resolution> BOTH = Set.of(Resolution.HIGH, Resolution.LOW);
    private static final Augmentation MOVES =
            Augmentation.none().flip().shift(2).rotate(0.1);
    private final PairedImages images =
            Pictures.source(ImageShape.gray(8), Degradation.downscaleTo(4).then(Degradation.noise(0.1)), 20, 20);
    private final Batches plan = Batches.shuffled(images, 6, 3);

    @Test
    void contentDoesNotDependOnThreadsOrReadingAhead() {
        List<PairedBatch> one = all(BatchLoader.of(images, plan, 2, MOVES, new BatchLoader.Options(BOTH, 1, 1)));
        List<PairedBatch> many = all(BatchLoader.of(images, plan, 2, MOVES, new BatchLoader.Options(BOTH, 3, 5)));
        assertEquals(6, one.size());
        assertEquals(6, many.size());
        for (int b = 0; b < 6; b++) {
            assertArrayEquals(plan.epoch(2).get(b), many.get(b).indices());
            assertArrayEquals(one.get(b).poses(), many.get(b).poses());
            assertEquals(one.get(b).high(), many.get(b).high());
            assertEquals(one.get(b).low(), many.get(b).low());
        }
        assertNotEquals(
                one.get(0).poses()[0],
                all(BatchLoader.of(images, plan, 3, MOVES, BatchLoader.Options.defaults()))
                        .get(0)
                        .poses()[0]);
    }

    @Test
    void rowsAreTheImagesInTheirPoses() {
        PairedBatch batch = all(BatchLoader.of(images, plan, 0, MOVES, BatchLoader.Options.defaults()))
                .get(1);
        assertArrayEquals(new long[] {6, 1, 8, 8}, batch.high().shape());
        assertArrayEquals(new long[] {6, 1, 4, 4}, batch.low().shape());
        assertEquals(6, batch.size());
        for (int row = 0; row < 6; row++) {
            int index = batch.indices()[row];
            assertEquals(images.label(index), batch.labels()[row]);
            assertArrayEquals(
                    Pictures.high(images, index, batch.poses()[row]),
                    batch.high().slice(row).ravel().toFloatVector());
            assertArrayEquals(
                    Pictures.low(images, index, batch.poses()[row]),
                    batch.low().slice(row).ravel().toFloatVector());
        }
    }

    @Test
    void viewsThatAreNotWantedAreNotRead() {
        BatchLoader.Options lowOnly = BatchLoader.Options.defaults().views(Resolution.LOW);
        PairedBatch batch = all(BatchLoader.of(images, List.of(new int[] {1, 2}), (b, row) -> Pose.MIRRORED, lowOnly))
                .get(0);
        assertNull(batch.high());
        assertArrayEquals(
                Pictures.low(images, 2, Pose.MIRRORED),
                batch.low().slice(1).ravel().toFloatVector());
    }

    @Test
    void failuresReachTheConsumerWithTheImagesName() {
        BatchLoader loader = BatchLoader.of(
                new Watched(images, new AtomicInteger(), 9),
                List.of(new int[] {1, 2}, new int[] {9, 3}),
                (b, row) -> Pose.IDENTITY,
                BatchLoader.Options.defaults());
        loader.next();
        String message = assertThrows(IllegalStateException.class, loader::next).getMessage();
        assertTrue(message.contains("batch 1: image image9: the disk is gone"), message);
        assertTrue(assertThrows(IllegalStateException.class, loader::next)
                .getMessage()
                .contains("closed"));
    }

    @Test
    void readsNoFurtherAheadThanAsked() throws InterruptedException {
        AtomicInteger reads = new AtomicInteger();
        List<int[]> singles = Batches.shuffled(images, 1, 1).epoch(0);
        try (BatchLoader loader = BatchLoader.of(
                new Watched(images, reads, -1),
                singles,
                (b, row) -> Pose.IDENTITY,
                new BatchLoader.Options(BOTH, 2, 3))) {
            loader.next();
            loader.next();
            for (int wait = 0; wait < 200 && reads.get() < 5; wait++) {
                Thread.sleep(5);
            }
            Thread.sleep(50);
            assertEquals(5, reads.get());
        }
    }

    @Test
    void closedLoadersSaySo() {
        BatchLoader loader = BatchLoader.of(images, plan, 0, MOVES, BatchLoader.Options.defaults());
        loader.close();
        loader.close();
        assertThrows(IllegalStateException.class, loader::next);
        assertThrows(IllegalArgumentException.class, () -> new BatchLoader.Options(Set.of(), 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new BatchLoader.Options(BOTH, 0, 1));
    }

    /** Counts reads, and fails at one image. */
    private record Watched(PairedImages source, AtomicInteger reads, int bad) implements PairedImages {

        @Override
        public int size() {
            return source.size();
        }

        @Override
        public ImageShape shape(Resolution resolution) {
            return source.shape(resolution);
        }

        @Override
        public List<String> classes() {
            return source.classes();
        }

        @Override
        public int label(int index) {
            return source.label(index);
        }

        @Override
        public String name(int index) {
            return source.name(index);
        }

        @Override
        public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
            reads.incrementAndGet();
            if (index == bad) {
                throw new IllegalStateException("the disk is gone");
            }
            source.read(index, pose, high, highAt, low, lowAt);
        }
    }

    private static List<PairedBatch> all(BatchLoader loader) {
        List<PairedBatch> batches = new ArrayList<>();
        try (loader) {
            while (loader.hasNext()) {
                batches.add(loader.next());
            }
            assertThrows(NoSuchElementException.class, loader::next);
        }
        return batches;
    }
}
