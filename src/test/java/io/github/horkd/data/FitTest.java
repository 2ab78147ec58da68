package io.github.horkd.data;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class FitTest {

    @Test
    void theWantedSizeIsLeftAlone() {
        Bitmap image = Pictures.random(new ImageShape(3, 6, 4), 1);
        assertSame(image, Fit.CENTRE_CROP.apply(image, 6, 4));
        assertSame(image, Fit.PAD.apply(image, 6, 4));
    }

    @Test
    void cropTakesTheCentre() {
        byte[] rows = {1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6};
        Bitmap tall = new Bitmap(new ImageShape(1, 6, 2), rows);
        assertArrayEquals(
                new byte[] {3, 3, 4, 4}, Fit.CENTRE_CROP.apply(tall, 2, 2).samples());
    }

    @Test
    void padAddsBlackBordersAndAveragesTheRest() {
        byte[] rows = {10, 20, 30, 40, 50, 60, 70, 80};
        Bitmap tall = new Bitmap(new ImageShape(1, 4, 2), rows);
        assertArrayEquals(new byte[] {25, 0, 65, 0}, Fit.PAD.apply(tall, 2, 2).samples());
    }

    @ParameterizedTest
    @CsvSource({
        "CENTRE_CROP,112,92,64,64",
        "CENTRE_CROP,10,1000,64,64",
        "CENTRE_CROP,1,1,5,3",
        "CENTRE_CROP,33,17,16,48"
    })
    void aFlatPictureStaysFlatWhateverItsSize(Fit fit, int h, int w, int height, int width) {
        byte[] samples = new byte[3 * h * w];
        Arrays.fill(samples, (byte) 200);
        Bitmap fitted = fit.apply(new Bitmap(new ImageShape(3, h, w), samples), height, width);
        assertEquals(new ImageShape(3, height, width), fitted.shape());
        for (byte sample : fitted.samples()) {
            assertEquals((byte) 200, sample);
        }
    }

    @ParameterizedTest
    @CsvSource({"112,92,64,64,53", "92,112,64,64,64", "1000,1,8,8,1", "1,1,5,3,3"})
    void padKeepsProportions(int h, int w, int height, int width, int columns) {
        byte[] samples = new byte[h * w];
        Arrays.fill(samples, (byte) 200);
        byte[] padded = Fit.PAD
                .apply(new Bitmap(new ImageShape(1, h, w), samples), height, width)
                .samples();
        int lit = 0;
        for (int x = 0; x < width; x++) {
            lit += padded[height / 2 * width + x] == (byte) 200 ? 1 : 0;
        }
        assertEquals(columns, lit);
    }
}
