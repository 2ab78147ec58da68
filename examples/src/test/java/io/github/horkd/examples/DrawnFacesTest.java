package io.github.horkd.examples;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DrawnFacesTest {

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sameNumbersGiveTheSamePicture(boolean colour) {
        DrawnFaces faces = new DrawnFaces(64, colour, 5);
        byte[] first = faces.pixels(3, 9);
        faces.pixels(4, 1);
        assertArrayEquals(first, new DrawnFaces(64, colour, 5).pixels(3, 9));
        assertEquals(faces.size(), first.length);
    }

    @Test
    void seedPersonAndShotEachChangeThePicture() {
        byte[] picture = new DrawnFaces(32, false, 1).pixels(1, 1);
        assertFalse(Arrays.equals(picture, new DrawnFaces(32, false, 2).pixels(1, 1)));
        assertFalse(Arrays.equals(picture, new DrawnFaces(32, false, 1).pixels(2, 1)));
        assertFalse(Arrays.equals(picture, new DrawnFaces(32, false, 1).pixels(1, 2)));
        assertFalse(
                Arrays.equals(new DrawnFaces(32, false, 2).pixels(1, 1), new DrawnFaces(32, false, 1).pixels(2, 1)),
                "neighbouring seeds must not share people");
    }

    @Test
    void picturesAreNeitherBlackNorBlownOut() {
        DrawnFaces faces = new DrawnFaces(64, false, 1);
        for (int person = 0; person < 40; person++) {
            byte[] pixels = faces.pixels(person, 0);
            double mean = 0;
            int burnt = 0;
            for (byte pixel : pixels) {
                mean += (pixel & 255) / (double) pixels.length;
                burnt += (pixel & 255) == 255 ? 1 : 0;
            }
            assertTrue(mean > 25 && mean < 235, "person " + person + " has a mean of " + mean);
            assertTrue(burnt < 0.6 * pixels.length, "person " + person + " has " + burnt + " white pixels");
        }
    }

    @Test
    void rejectsTooSmallASide() {
        assertEquals(
                "side: wanted at least 8 pixels, got 4",
                assertThrows(IllegalArgumentException.class, () -> new DrawnFaces(4, false, 1))
                        .getMessage());
    }
}
