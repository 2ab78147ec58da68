package io.github.horkd.examples.watchlist;

import io.github.horkd.data.Degradation;
import io.github.horkd.data.ImageShape;
import io.github.horkd.data.MemoryImages;
import io.github.horkd.data.PairedImages;
import io.github.horkd.examples.DrawnFaces;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrawnDemoTest {

    @TempDir
    private Path folder;

    @Test
    void networksAreTrainedOnceAndKept() throws IOException {
        DrawnDemo.Effort little = new DrawnDemo.Effort(16, 4, 2);
        Recognisers first = DrawnDemo.recognisers(folder.resolve("drawn"), 0.01, little);
        var trained = Files.getLastModifiedTime(folder.resolve("drawn/student.zip"));
        Recognisers second = DrawnDemo.recognisers(folder.resolve("drawn"), 0.01, little);
        assertEquals(trained, Files.getLastModifiedTime(folder.resolve("drawn/student.zip")));
        assertEquals(first.teacher().identity(), second.teacher().identity());
        assertEquals(first.student().identity(), second.student().identity());
        assertEquals(ImageShape.gray(64), second.teacher().input().shape());
        assertEquals(ImageShape.gray(12), second.student().input().shape());
        assertTrue(second.similarity() > -1 && second.similarity() < 1);
    }

    @Test
    void picturesToTryAreSharpAndSmall() throws IOException {
        Path pictures = DrawnDemo.picturesToTry(folder);
        assertEquals(pictures, DrawnDemo.picturesToTry(folder), "a second time changes nothing");
        try (Stream<Path> files = Files.list(pictures)) {
            assertEquals(25, files.count());
        }
        BufferedImage sharp = ImageIO.read(pictures.resolve("Ada-sharp-1.png").toFile());
        BufferedImage small = ImageIO.read(pictures.resolve("Ada-small.png").toFile());
        assertEquals(64, sharp.getWidth());
        assertEquals(12, small.getHeight());
    }

    @Test
    void theThresholdKeepsStrangersOut() {
        DrawnFaces faces = new DrawnFaces(48, false, 4);
        // Each person twice, the second picture a little brighter: to thumbnails nearly the same.
        List<byte[]> pixels = IntStream.range(0, 60)
                .mapToObj(i -> {
                    byte[] face = faces.pixels(i / 2, 0);
                    for (int at = 0; at < face.length; at++) {
                        face[at] = (byte) Math.min(255, (face[at] & 255) + i % 2 * 5);
                    }
                    return face;
                })
                .toList();
        PairedImages people = MemoryImages.of(
                ImageShape.gray(48),
                pixels,
                IntStream.range(0, 60).map(i -> i / 2).toArray(),
                IntStream.range(0, 30).mapToObj(i -> "person " + i).toList(),
                IntStream.range(0, 60).mapToObj(i -> "picture " + i).toList(),
                Degradation.downscaleTo(12));
        Recognisers chosen = Thumbnails.recognisers();
        Recognisers strict = Recognisers.calibrated(chosen.teacher(), chosen.student(), people, 0.001);
        Recognisers lax = Recognisers.calibrated(chosen.teacher(), chosen.student(), people, 0.1);
        assertTrue(lax.similarity() < strict.similarity(), lax.similarity() + " and " + strict.similarity());
        assertTrue(strict.reason().endsWith("measured on 30 people who were not in the training"), strict.reason());
        assertTrue(assertThrows(
                        IllegalArgumentException.class,
                        () -> Recognisers.calibrated(chosen.teacher(), chosen.student(), people, 1e-6))
                .getMessage()
                .startsWith("impostor scores: wanted at least 1000000"));
        assertThrows(IllegalArgumentException.class, () -> Recognisers.at(1.2, chosen.teacher(), chosen.student()));
    }
}
