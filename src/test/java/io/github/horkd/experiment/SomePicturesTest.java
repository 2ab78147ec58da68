package io.github.horkd.experiment;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Of a set that is sorted by class, every class is asked about, and nobody is left without another picture. */
class SomePicturesTest {

    @Test
    void aSmallSetIsTakenWhole() {
        assertArrayEquals(new int[] {0, 1, 2, 3}, SomePictures.of(sorted(2, 2), 4));
    }

    @Test
    void fewClassesAreAllThere() {
        PairedImages images = sorted(10, 100);
        int[] rows = SomePictures.of(images, 200);
        assertEquals(200, rows.length);
        IntStream.range(0, 10)
                .forEach(c -> assertEquals(
                        20,
                        Arrays.stream(rows).filter(i -> images.label(i) == c).count()));
    }

    @Test
    void ofManyPeopleSomeAreTakenWhole() {
        PairedImages images = sorted(300, 4);
        int[] rows = SomePictures.of(images, 200);
        assertTrue(rows.length > 190 && rows.length <= 200, rows.length + " rows");
        for (int row : rows) {
            assertEquals(
                    4,
                    Arrays.stream(rows)
                            .filter(i -> images.label(i) == images.label(row))
                            .count());
        }
        assertTrue(images.label(rows[rows.length - 1]) > 250, "evenly over the people");
    }

    private static PairedImages sorted(int classes, int each) {
        int size = classes * each;
        List<String> names = IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
        return MemoryImages.of(
                ImageShape.gray(1),
                IntStream.range(0, size).mapToObj(i -> new byte[1]).toList(),
                IntStream.range(0, size).map(i -> i / each).toArray(),
                names,
                IntStream.range(0, size).mapToObj(Integer::toString).toList(),
                Degradation.none());
    }
}
