package io.github.horkd.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BatchesTest {

    private final PairedImages images = Pictures.source(ImageShape.gray(2), Degradation.none(), 20, 2, 5, 10);

    @Test
    void shuffledGivesEveryImageOnce() {
        Batches plan = Batches.shuffled(images, 8, 1).keepRest();
        List<int[]> epoch = plan.epoch(0);
        assertEquals(5, epoch.size());
        assertEquals(5, plan.count());
        assertEquals(5, epoch.get(4).length);
        assertArrayEquals(IntStream.range(0, 37).toArray(), all(epoch).sorted().toArray());
        Batches whole = Batches.shuffled(images, 8, 1);
        assertEquals(4, whole.epoch(0).size());
        assertEquals(4, whole.count());
        assertEquals(32, all(whole.epoch(0)).distinct().count());
    }

    @Test
    void plansDependOnSeedAndEpochOnly() {
        for (Batches plan : List.of(Batches.shuffled(images, 8, 1), Batches.balanced(images, 3, 2, 1))) {
            Batches other = plan.size() == 8 ? Batches.shuffled(images, 8, 2) : Batches.balanced(images, 3, 2, 2);
            int[] later = all(plan.epoch(5)).toArray();
            assertArrayEquals(later, all(plan.epoch(5)).toArray());
            assertFalse(Arrays.equals(later, all(plan.epoch(4)).toArray()));
            assertFalse(Arrays.equals(later, all(other.epoch(5)).toArray()));
        }
    }

    @Test
    void capLimitsEveryClassAndChangesItsChoice() {
        Batches plan = Batches.shuffled(images.withoutLabels(i -> i >= 30), 4, 1)
                .capPerClass(4)
                .keepRest();
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 12; epoch++) {
            Map<Integer, Long> counts = all(plan.epoch(epoch))
                    .boxed()
                    .collect(Collectors.groupingBy(i -> i >= 30 ? -1 : images.label(i), Collectors.counting()));
            assertEquals(Map.of(-1, 7L, 0, 4L, 1, 2L, 2, 4L, 3, 3L), counts);
            seen.addAll(all(plan.epoch(epoch)).boxed().toList());
        }
        assertEquals(5, plan.count());
        assertTrue(seen.size() > 30, "every image gets its turn, got " + seen.size());
    }

    @Test
    void balancedHasKImagesOfPClassesInEveryBatch() {
        Batches plan = Batches.balanced(images, 3, 4, 1);
        assertEquals(12, plan.size());
        for (int epoch = 0; epoch < 20; epoch++) {
            List<int[]> batches = plan.epoch(epoch);
            assertEquals(3, batches.size());
            for (int[] batch : batches) {
                Map<Integer, List<Integer>> byClass =
                        Arrays.stream(batch).boxed().collect(Collectors.groupingBy(images::label));
                assertEquals(3, byClass.size());
                byClass.forEach((label, members) -> {
                    assertEquals(4, members.size());
                    assertEquals(label == 1 ? 2 : 4, new HashSet<>(members).size(), "different while there are enough");
                });
            }
        }
    }

    @Test
    void balancedGivesClassesAndImagesTheirTurns() {
        List<int[]> epoch = Batches.balanced(images, 2, 2, 1).epoch(0);
        Map<Integer, Long> classes =
                all(epoch).boxed().collect(Collectors.groupingBy(images::label, Collectors.counting()));
        assertEquals(9, epoch.size());
        classes.values().forEach(n -> assertTrue(n >= 8 && n <= 10, classes.toString()));
        assertEquals(
                classes.get(0),
                all(epoch).filter(i -> images.label(i) == 0).distinct().count());
    }

    @Test
    void balancedIgnoresUnlabelledImagesAndEmptyClasses() {
        PairedImages some = images.withoutLabels(i -> images.label(i) == 0);
        Batches plan = Batches.balanced(some, 3, 2, 1);
        assertEquals(2, plan.count());
        assertTrue(all(plan.epoch(0)).allMatch(i -> i >= 20));
        String message = assertThrows(IllegalArgumentException.class, () -> Batches.balanced(some, 4, 2, 1))
                .getMessage();
        assertTrue(message.contains("1 to the 3 classes"), message);
    }

    @Test
    void refusesImpossibleSizes() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Batches.shuffled(images, 38, 1))
                .getMessage()
                .contains("37"));
        assertThrows(IllegalArgumentException.class, () -> Batches.shuffled(images, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Batches.balanced(images, 2, 0, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> Batches.shuffled(images, 4, 1).capPerClass(0));
    }

    private static IntStream all(List<int[]> batches) {
        return batches.stream().flatMapToInt(Arrays::stream);
    }
}
