package io.github.horkd.data;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MemoryImagesTest {

    private static final ImageShape SHAPE = new ImageShape(3, 12, 10);
    private final MemoryImages images = Pictures.source(SHAPE, Degradation.downscaleTo(4), 3);

    @ParameterizedTest
    @CsvSource({"false,0,0", "true,0,0", "false,2,-1", "true,-3,4", "true,100,0", "false,0,-3000000000"})
    void flipsAndWholeShiftsMovePixelsAndChangeNone(boolean mirrored, double shiftX, double shiftY) {
        float[] original = Pictures.high(images, 1, Pose.IDENTITY);
        float[] moved = Pictures.high(images, 1, Pictures.moved(mirrored, shiftX, shiftY, 0, 1));
        for (int c = 0; c < 3; c++) {
            for (int y = 0; y < 12; y++) {
                for (int x = 0; x < 10; x++) {
                    int fromX = (int) Math.min(Math.max(x - shiftX, 0), 9);
                    int fromY = (int) Math.min(Math.max(y - shiftY, 0), 11);
                    assertEquals(
                            original[(c * 12 + fromY) * 10 + (mirrored ? 9 - fromX : fromX)],
                            moved[(c * 12 + y) * 10 + x]);
                }
            }
        }
    }

    @Test
    void samplesBetweenPixels() {
        assertThrows(
                IllegalArgumentException.class,
                () -> MemoryImages.of(
                        ImageShape.gray(1),
                        List.of(new byte[1]),
                        new int[] {0},
                        List.of("a", "a"),
                        List.of("x"),
                        Degradation.none()),
                "two classes of one name");
        MemoryImages two = MemoryImages.of(
                new ImageShape(1, 1, 2),
                List.of(new byte[] {0, (byte) 255}),
                new int[] {-1},
                List.of(),
                List.of("a"),
                Degradation.none());
        assertArrayEquals(new float[] {0, 0.75f}, Pictures.high(two, 0, Pictures.moved(false, 0.25, 0, 0, 1)), 1e-6f);
        assertArrayEquals(new float[] {0.25f, 0.75f}, Pictures.high(two, 0, Pictures.moved(false, 0, 0, 0, 2)), 1e-6f);
        assertArrayEquals(new float[] {1, 0}, Pictures.high(two, 0, Pictures.moved(false, 0, 0, Math.PI, 1)), 1e-6f);
    }

    @Test
    void turnsClockwiseAboutTheCentre() {
        MemoryImages square = Pictures.source(ImageShape.gray(5), Degradation.none(), 1);
        float[] original = Pictures.high(square, 0, Pose.IDENTITY);
        float[] turned = Pictures.high(square, 0, Pictures.moved(false, 0, 0, Math.PI / 2, 1));
        for (int y = 0; y < 5; y++) {
            for (int x = 0; x < 5; x++) {
                assertEquals(original[y * 5 + x], turned[x * 5 + 4 - y], 1e-6);
            }
        }
    }

    @Test
    void contrastActsOnTheDistanceFromTheMeanAndTheResultStaysInRange() {
        float[] original = Pictures.high(images, 0, Pose.IDENTITY);
        double mean = 0;
        for (float value : original) {
            mean += value / original.length;
        }
        float[] toned = Pictures.high(images, 0, new Pose(false, 0, 0, 0, 1, 1.5, 0.1, 0));
        for (int i = 0; i < toned.length; i++) {
            assertEquals(Math.min(Math.max((original[i] - mean) * 1.5 + mean + 0.1, 0), 1), toned[i], 1e-6);
        }
    }

    @Test
    void derivesTheLowViewFromTheMovedHighView() {
        Pose pose = new Pose(true, 1, -2, 0.1, 1.1, 0.8, 0.05, 7);
        float[] high = new float[SHAPE.size() + 5];
        float[] low = new float[3 * 16 + 9];
        images.read(2, pose, high, 5, low, 9);
        float[] alone = Pictures.high(images, 2, pose);
        assertArrayEquals(alone, Arrays.copyOfRange(high, 5, high.length));
        float[] expected =
                Degradation.downscaleTo(4).apply(new Pixels(SHAPE, alone), 0).values();
        assertArrayEquals(expected, Arrays.copyOfRange(low, 9, low.length));
        assertArrayEquals(expected, Pictures.low(images, 2, pose), "the same when the high view is not wanted");
    }

    @Test
    void noiseDependsOnImageAndPoseAndOnNothingElse() {
        MemoryImages noisy = MemoryImages.of(
                ImageShape.gray(4),
                List.of(new byte[16], new byte[16]),
                new int[2],
                List.of("c"),
                List.of("a", "b"),
                Degradation.noise(0.5));
        float[] first = Pictures.low(noisy, 0, Pose.IDENTITY);
        assertArrayEquals(first, Pictures.low(noisy, 0, Pose.IDENTITY));
        assertArrayEquals(first, Pictures.low(noisy.subset(1, 0), 1, Pose.IDENTITY));
        assertFalse(Arrays.equals(first, Pictures.low(noisy, 1, Pose.IDENTITY)));
        assertFalse(Arrays.equals(first, Pictures.low(noisy, 0, new Pose(false, 0, 0, 0, 1, 1, 0, 1))));
    }

    @Test
    void takesDrawnImagesWithTheirStoredSamples() {
        BufferedImage drawn = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        drawn.setRGB(0, 0, new Color(10, 100, 200).getRGB());
        drawn.setRGB(1, 0, Color.WHITE.getRGB());
        PairedImages gray = MemoryImages.ofImages(
                new ImageShape(1, 1, 2), List.of(drawn), new int[] {0}, List.of("c"), List.of("a"), Degradation.none());
        int luma = Math.round(0.299f * 10 + 0.587f * 100 + 0.114f * 200);
        assertArrayEquals(new float[] {luma / 255f, 1}, Pictures.high(gray, 0, Pose.IDENTITY));
        PairedImages colour = MemoryImages.ofImages(
                new ImageShape(3, 1, 2), List.of(drawn), new int[] {0}, List.of("c"), List.of("a"), Degradation.none());
        assertArrayEquals(
                new float[] {10 / 255f, 1, 100 / 255f, 1, 200 / 255f, 1}, Pictures.high(colour, 0, Pose.IDENTITY));
    }

    @Test
    void takesIntensities() {
        ImageShape one = new ImageShape(1, 1, 2);
        PairedImages images = MemoryImages.ofIntensities(
                one, List.of(new float[] {0.2f, 1}), new int[] {-1}, List.of(), List.of("a"), Degradation.none());
        assertArrayEquals(new float[] {0.2f, 1}, Pictures.high(images, 0, Pose.IDENTITY), 0.5f / 255);
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> MemoryImages.ofIntensities(
                                one,
                                List.of(new float[] {0, Float.NaN}),
                                new int[] {-1},
                                List.of(),
                                List.of("a"),
                                Degradation.none()))
                .getMessage();
        assertTrue(message.contains("NaN"), message);
    }

    @Test
    void refusesPartsThatDoNotGoTogether() {
        ImageShape one = new ImageShape(1, 1, 1);
        List<byte[]> pixels = List.of(new byte[1], new byte[1]);
        refused("label and a name", one, pixels, new int[1], List.of("a", "b"), Degradation.none());
        refused("b: wanted a label of 0 to 0", one, pixels, new int[] {0, 1}, List.of("a", "b"), Degradation.none());
        refused(
                "Jose\u0301: wanted unique names",
                one,
                pixels,
                new int[2],
                List.of("Jos\u00e9", "Jose\u0301"),
                Degradation.none());
        refused("a: wanted unique names", one, pixels, new int[2], List.of("a", "a"), Degradation.none());
        refused(
                "a: wanted 4 samples",
                new ImageShape(1, 2, 2),
                pixels,
                new int[2],
                List.of("a", "b"),
                Degradation.none());
        refused("downscaleTo", one, pixels, new int[2], List.of("a", "b"), Degradation.downscaleTo(2));
    }

    private static void refused(
            String part, ImageShape shape, List<byte[]> pixels, int[] labels, List<String> names, Degradation how) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> MemoryImages.of(shape, pixels, labels, List.of("c"), names, how))
                .getMessage();
        assertTrue(message.contains(part), message);
    }
}
