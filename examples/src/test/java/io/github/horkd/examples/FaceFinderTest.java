package io.github.horkd.examples;

import io.github.horkd.examples.faces.EyePlaces;
import io.github.horkd.examples.faces.Face;
import io.github.horkd.examples.faces.FaceFinder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What can be shown without pictures of people: where nobody is, nobody is found, and eyes come to stand where they should. */
class FaceFinderTest {

    @Test
    void inAnEmptyFrameNobodyIsFound() {
        BufferedImage frame = new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB);
        for (int x = 0; x < 320; x++) {
            for (int y = 0; y < 200; y++) {
                frame.setRGB(x, y, new Color(x * 255 / 320, y * 255 / 200, 90).getRGB());
            }
        }
        assertEquals(List.of(), FaceFinder.seeing(160, 0.5).faces(frame));
    }

    @Test
    void whereNoFaceIsFoundNoEyesStand() {
        BufferedImage gray = new BufferedImage(150, 150, BufferedImage.TYPE_INT_RGB);
        assertEquals(Optional.empty(), FaceFinder.seeing(64, 0.5).eyePlaces(List.of(gray)));
        assertEquals(Optional.empty(), FaceFinder.seeing(64, 0.5).eyePlaces(List.of()));
    }

    @Test
    void eyesComeToStandWhereTheNetworkWantsThem() {
        BufferedImage frame = new BufferedImage(600, 400, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = frame.createGraphics();
        // A head on one side: the eyes on a slope, red to the left and green to the right.
        canvas.setColor(Color.RED);
        canvas.fillOval(190, 190, 20, 20);
        canvas.setColor(Color.GREEN);
        canvas.fillOval(270, 250, 20, 20);
        canvas.dispose();
        Face face = new Face(1, 150, 150, 200, 200, marks(200, 200, 280, 260));
        for (int side : new int[] {40, 150}) {
            BufferedImage upright = FaceFinder.upright(frame, face, side, EyePlaces.DLIB);
            assertEquals(side, upright.getWidth());
            assertEye(upright, 0.5 - EyePlaces.DLIB.distance() / 2, EyePlaces.DLIB.height(), 16);
            assertEye(upright, 0.5 + EyePlaces.DLIB.distance() / 2, EyePlaces.DLIB.height(), 8);
        }
    }

    /** The brightest spot of one colour lies there. */
    private static void assertEye(BufferedImage image, double x, double y, int shift) {
        double sum = 0;
        double middleX = 0;
        double middleY = 0;
        for (int py = 0; py < image.getHeight(); py++) {
            for (int px = 0; px < image.getWidth(); px++) {
                int value = image.getRGB(px, py) >> shift & 0xff;
                sum += value;
                middleX += value * (px + 0.5);
                middleY += value * (py + 0.5);
            }
        }
        assertTrue(sum > 0);
        double near = image.getWidth() * 0.02;
        assertEquals(x * image.getWidth(), middleX / sum, near);
        assertEquals(y * image.getHeight(), middleY / sum, near);
    }

    private static double[] marks(double leftX, double leftY, double rightX, double rightY) {
        double[] marks = new double[2 * 68];
        for (int i = 36; i < 48; i++) {
            marks[2 * i] = i < 42 ? leftX : rightX;
            marks[2 * i + 1] = i < 42 ? leftY : rightY;
        }
        return marks;
    }

    @Test
    void aFinderThatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> FaceFinder.seeing(100, 0.5));
        assertThrows(IllegalArgumentException.class, () -> FaceFinder.seeing(160, 1));
        assertThrows(IllegalArgumentException.class, () -> new EyePlaces(0, 0.3));
    }
}
