package io.github.horkd.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PairedFoldersTest {

    private static final ImageShape HIGH = ImageShape.gray(8);
    private static final ImageShape LOW = new ImageShape(1, 4, 2);

    @TempDir
    Path temp;

    private Path high;
    private Path low;

    @BeforeEach
    void drawTwoTrees() throws IOException {
        high = temp.resolve("high");
        low = temp.resolve("low");
        Pictures.write(high, Map.of("anna/1.png", Pictures.png(1, 8, 8, 1), "bert/1.png", Pictures.png(1, 8, 8, 2)));
        Pictures.write(
                low,
                Map.of(
                        "anna/1.bmp",
                        Pictures.file(Pictures.random(LOW, 11), "bmp"),
                        "bert/1.png",
                        Pictures.file(Pictures.random(LOW, 12), "png")));
    }

    @Test
    void matchesByNameWhateverTheExtension() throws IOException {
        Path packed = Pictures.zip(
                temp.resolve("low.zip"),
                Map.of(
                        "all/anna/1.bmp",
                        Files.readAllBytes(low.resolve("anna/1.bmp")),
                        "all/bert/1.png",
                        Files.readAllBytes(low.resolve("bert/1.png"))));
        for (Path source : List.of(low, packed)) {
            PairedImages pairs = PairedFolders.open(high, source, HIGH, LOW);
            assertEquals(List.of("anna", "bert"), pairs.classes());
            assertEquals(List.of("anna/1.png", "bert/1.png"), Pictures.names(pairs));
            assertEquals(LOW, pairs.shape(Resolution.LOW));
            assertArrayEquals(Pictures.random(HIGH, 2).toPixels().values(), Pictures.high(pairs, 1, Pose.IDENTITY));
            assertArrayEquals(Pictures.random(LOW, 12).toPixels().values(), Pictures.low(pairs, 1, Pose.IDENTITY));
        }
    }

    @Test
    void movesBothViewsAlikeInProportion() {
        PairedImages pairs = PairedFolders.open(high, low, HIGH, LOW);
        float[] captured = Pictures.low(pairs, 0, Pose.IDENTITY);
        // Two rows and four columns of the high view are one of each in the low view.
        float[] moved = Pictures.low(pairs, 0, Pictures.moved(true, 4, 2, 0, 1));
        for (int y = 0; y < 4; y++) {
            int fromY = Math.max(y - 1, 0);
            assertEquals(captured[fromY * 2 + 1], moved[y * 2]);
            assertEquals(captured[fromY * 2 + 1], moved[y * 2 + 1]);
        }
    }

    @Test
    void everyFileAloneIsNamed() throws IOException {
        Pictures.write(high, Map.of("bert/7.png", Pictures.png(1, 8, 8, 1)));
        Pictures.write(low, Map.of("anna/9.png", Pictures.png(1, 4, 4, 1)));
        String message = assertThrows(IllegalArgumentException.class, () -> PairedFolders.open(high, low, HIGH, LOW))
                .getMessage();
        assertTrue(
                message.contains("2 pairs and 2 images alone: bert/7.png (high only), anna/9.png (low only)"), message);
        PairedImages rest =
                PairedFolders.open(high, low, HIGH, LOW, ImageOptions.defaults().skipUnreadable());
        assertEquals(2, rest.size());
        Path nothing = temp.resolve("nothing");
        Pictures.write(nothing, Map.of("carl/1.png", Pictures.png(1, 4, 4, 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> PairedFolders.open(
                        high, nothing, HIGH, LOW, ImageOptions.defaults().skipUnreadable()));
    }

    @Test
    void manyFilesAloneAreNamedToTheLast() throws IOException {
        for (int i = 0; i < 30; i++) {
            Pictures.write(high, Map.of("bert/x" + i + ".png", Pictures.png(1, 8, 8, i)));
        }
        String message = assertThrows(IllegalArgumentException.class, () -> PairedFolders.open(high, low, HIGH, LOW))
                .getMessage();
        assertTrue(message.contains("30 images alone"), message);
        for (int i = 0; i < 30; i++) {
            assertTrue(message.contains("bert/x" + i + ".png (high only)"), message);
        }
    }

    @Test
    void oneNameForTwoFilesIsRefused() throws IOException {
        Pictures.write(low, Map.of("anna/1.png", Pictures.png(1, 4, 4, 1)));
        String message = assertThrows(IllegalArgumentException.class, () -> PairedFolders.open(high, low, HIGH, LOW))
                .getMessage();
        assertTrue(message.contains("anna/1.bmp and anna/1.png"), message);
    }

    @Test
    void worksWithoutClasses() {
        PairedImages pairs =
                PairedFolders.open(high, low, HIGH, LOW, ImageOptions.defaults().unlabelled());
        assertEquals(List.of(), pairs.classes());
        assertEquals(2, pairs.size());
    }
}
