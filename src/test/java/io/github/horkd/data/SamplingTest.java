package io.github.horkd.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SamplingTest {

    private final PairedImages images = Pictures.source(ImageShape.gray(4), Degradation.none(), 10, 4, 6);

    @Test
    void isThePlanItNames() {
        assertBatches(Batches.shuffled(images, 5, 7), Sampling.shuffled().over(images, 5, 7));
        assertBatches(Batches.balanced(images, 2, 3, 7), Sampling.balanced(2, 3).over(images, 6, 7));
        assertBatches(
                Batches.shuffled(images, 5, 7).capPerClass(4),
                Sampling.shuffled().cappedAt(4).over(images, 5, 7));
        for (int[] batch : Sampling.balanced(2, 3).over(images, 6, 7).epoch(3)) {
            assertArrayEquals(
                    new long[] {3, 3},
                    IntStream.range(0, 3)
                            .mapToLong(c -> Arrays.stream(batch)
                                    .filter(i -> images.label(i) == c)
                                    .count())
                            .filter(count -> count > 0)
                            .toArray());
        }
    }

    private static void assertBatches(Batches wanted, Batches got) {
        assertEquals(wanted.count(), got.count());
        assertArrayEquals(wanted.epoch(2).toArray(), got.epoch(2).toArray());
    }

    @Test
    void aBatchOfAnotherSizeIsTold() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Sampling.balanced(2, 3).over(images, 8, 7))
                .getMessage();
        assertTrue(message.contains("2 classes x 3 images make 6, but batchSize is 8"), message);
    }

    @ParameterizedTest
    @CsvSource({"-1,2,0", "2,0,0", "0,2,0", "2,2,-1"})
    void halfAChoiceIsNone(int classes, int imagesPerClass, int cap) {
        assertThrows(IllegalArgumentException.class, () -> new Sampling(classes, imagesPerClass, cap));
    }
}
