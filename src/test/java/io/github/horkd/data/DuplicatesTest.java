package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DuplicatesTest {

    @Test
    void findsThePictureOfTwoClasses(@TempDir Path folder) throws IOException {
        byte[] one = Pictures.png(1, 8, 8, 1);
        Pictures.write(
                folder,
                Map.of(
                        "anna/1.png",
                        one,
                        "anna/2.bmp",
                        Pictures.file(Pictures.random(ImageShape.gray(8), 1), "bmp"),
                        "bert/1.png",
                        Pictures.png(1, 8, 8, 2),
                        "bert/2.png",
                        one));
        PairedImages images = ImageFolder.open(folder, 8, Degradation.none());
        assertEquals(
                List.of(
                        new Duplicates.Pair("anna/1.png", "anna/2.bmp", true),
                        new Duplicates.Pair("anna/1.png", "bert/2.png", false)),
                Duplicates.within(images).pairs());
        assertEquals(
                "1 pair: anna/1.png = bert/2.png",
                Duplicates.within(images).acrossClasses().toString());
        assertTrue(Duplicates.between(images.subset(0, 2), images.subset(1))
                .pairs()
                .get(0)
                .sameClass());
        assertTrue(Duplicates.between(images.subset(0), images.subset(2)).isEmpty());
    }

    @Test
    void everySourceGivesAPictureTheSameFingerprint() {
        PairedImages images = Pictures.source(new ImageShape(3, 5, 7), Degradation.none(), 3, 3);
        Set<Long> all = new HashSet<>();
        PairedImages other = new MixedResolution(images, Interpolation.BILINEAR);
        for (int i = 0; i < images.size(); i++) {
            all.add(images.fingerprint(i));
            assertEquals(images.fingerprint(i), other.fingerprint(i));
        }
        assertEquals(6, all.size());
        assertEquals(images.fingerprint(4), images.subset(1, 4).fingerprint(1));
    }

    @Test
    void splitByClassHasNoPersonOnBothSides() {
        PairedImages images = Pictures.source(ImageShape.gray(4), Degradation.none(), 3, 1, 4, 2, 5)
                .withoutLabels(i -> i == 0);
        Split split = images.splitByClass(0.6, 3);
        assertEquals(3, split.train().classes().size());
        assertEquals(2, split.test().classes().size());
        assertEquals(14, split.train().size() + split.test().size());
        Set<String> both = new HashSet<>(split.train().classes());
        both.retainAll(split.test().classes());
        assertEquals(Set.of(), both);
        for (PairedImages part : List.of(split.train(), split.test())) {
            assertEquals(
                    part.classes().size(),
                    Arrays.stream(Pictures.labels(part)).distinct().count());
        }
        assertEquals(
                split.train().classes(), images.splitByClass(0.6, 3).train().classes());
        assertEquals(1, images.splitByClass(0.01, 3).train().classes().size());
        assertEquals(4, images.splitByClass(0.99, 3).train().classes().size());
        assertThrows(IllegalArgumentException.class, () -> images.splitByClass(1, 3));
        assertThrows(
                IllegalArgumentException.class,
                () -> Pictures.source(ImageShape.gray(4), Degradation.none(), 3).splitByClass(0.5, 1));
    }
}
