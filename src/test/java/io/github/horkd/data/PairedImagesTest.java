package io.github.horkd.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PairedImagesTest {

    private final PairedImages images = Pictures.source(ImageShape.gray(8), Degradation.downscaleTo(2), 10, 2, 5, 3);

    @ParameterizedTest
    @ValueSource(doubles = {0.01, 0.5, 0.8, 0.99})
    void splitKeepsEveryClassOnBothSides(double fraction) {
        Split split = images.withoutLabels(i -> i < 2).split(fraction, 1);
        assertEquals(20, split.train().size() + split.test().size());
        Set<String> both = new HashSet<>(Pictures.names(split.train()));
        both.addAll(Pictures.names(split.test()));
        assertEquals(20, both.size(), "no image is on both sides");
        for (PairedImages part : List.of(split.train(), split.test())) {
            assertEquals(
                    4,
                    Arrays.stream(Pictures.labels(part))
                            .filter(l -> l >= 0)
                            .distinct()
                            .count());
        }
        assertEquals(
                Math.min(Math.max(Math.round(8 * fraction), 1), 7),
                Arrays.stream(Pictures.labels(split.train()))
                        .filter(l -> l == 0)
                        .count());
    }

    @Test
    void splitFollowsItsSeed() {
        assertEquals(
                Pictures.names(images.split(0.5, 3).train()),
                Pictures.names(images.split(0.5, 3).train()));
        assertNotEquals(
                Pictures.names(images.split(0.5, 3).train()),
                Pictures.names(images.split(0.5, 4).train()));
    }

    @Test
    void splitNamesTheClassWithOneImage() {
        PairedImages odd = Pictures.source(ImageShape.gray(4), Degradation.none(), 3, 1, 2);
        String message = assertThrows(IllegalArgumentException.class, () -> odd.split(0.5, 1))
                .getMessage();
        assertTrue(message.contains("class1") && message.contains("classesWithAtLeast(2)"), message);
        assertEquals(5, odd.classesWithAtLeast(2).size());
        assertEquals(List.of("class0", "class2"), odd.classesWithAtLeast(2).classes());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1}, Pictures.labels(odd.classesWithAtLeast(2)));
        assertThrows(IllegalArgumentException.class, () -> images.split(1, 1));
        assertThrows(IllegalArgumentException.class, () -> images.split(Double.NaN, 1));
    }

    @Test
    void subsetsKeepTheirOrderAndTheirImages() {
        PairedImages some = images.subset(7, 0, 12);
        assertEquals(List.of("image7", "image0", "image12"), Pictures.names(some));
        assertArrayEquals(new int[] {0, 0, 2}, Pictures.labels(some));
        assertArrayEquals(Pictures.high(images, 12, Pose.MIRRORED), Pictures.high(some, 2, Pose.MIRRORED));
        assertEquals(List.of("image12"), Pictures.names(some.where(i -> some.label(i) == 2)));
        assertThrows(IllegalArgumentException.class, () -> images.subset(20));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> images.subset(1, 1))
                .getMessage()
                .contains("1 twice"));
        assertThrows(IndexOutOfBoundsException.class, () -> some.label(3));
    }

    @Test
    void hidesLabelsAndDropsClassesWithoutAny() {
        PairedImages scarce = images.withoutLabels(i -> images.label(i) == 1 || i == 0);
        assertEquals(20, scarce.size());
        assertEquals(17, scarce.labelled().size());
        assertEquals(4, scarce.classes().size());
        PairedImages fewer = scarce.withoutUnusedClasses();
        assertEquals(List.of("class0", "class2", "class3"), fewer.classes());
        assertEquals(20, fewer.size());
        assertEquals(1, fewer.label(12));
        assertEquals(PairedImages.UNLABELLED, fewer.label(0));
        assertArrayEquals(Pictures.low(images, 12, Pose.IDENTITY), Pictures.low(fewer, 12, Pose.IDENTITY));
    }

    @Test
    void batchesAreArraysOfWhatIsRead() {
        INDArray low = images.batch(Resolution.LOW, new int[] {3, 1}, new Pose[] {Pose.IDENTITY, Pose.MIRRORED});
        assertArrayEquals(new long[] {2, 1, 2, 2}, low.shape());
        assertEquals(DataType.FLOAT, low.dataType());
        assertArrayEquals(
                Pictures.low(images, 3, Pose.IDENTITY), low.slice(0).ravel().toFloatVector());
        assertArrayEquals(
                Pictures.low(images, 1, Pose.MIRRORED), low.slice(1).ravel().toFloatVector());
        INDArray high = images.batch(Resolution.HIGH, new int[] {4}, Pose.MIRRORED);
        assertArrayEquals(Pictures.high(images, 4, Pose.MIRRORED), high.ravel().toFloatVector());
        assertThrows(IllegalArgumentException.class, () -> images.batch(Resolution.LOW, new int[] {1, 2}, new Pose[1]));
        assertThrows(
                IndexOutOfBoundsException.class, () -> images.batch(Resolution.LOW, new int[] {20}, Pose.IDENTITY));
    }
}
