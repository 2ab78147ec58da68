package io.github.horkd.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DegradationTest {

    private static final ImageShape COLOUR = new ImageShape(3, 20, 16);

    static List<Degradation> degradations() {
        return List.of(
                Degradation.none(),
                Degradation.downscaleTo(5, 7),
                Degradation.blur(1.3),
                Degradation.noise(0.1),
                Degradation.jpeg(30),
                Degradation.downscaleTo(4).upsampledBack(Interpolation.BICUBIC),
                Degradation.downscaleTo(4).upsampledBack(Interpolation.BILINEAR),
                Degradation.blur(0.5)
                        .then(Degradation.downscaleTo(8))
                        .then(Degradation.noise(0.2))
                        .then(Degradation.jpeg(60)));
    }

    @ParameterizedTest
    @MethodSource("degradations")
    void keepsItsWordAboutShapeRangeAndArgument(Degradation degradation) {
        for (ImageShape shape : List.of(COLOUR, ImageShape.gray(9))) {
            Pixels image = Pictures.random(shape, 1).toPixels();
            float[] before = image.values().clone();
            Pixels degraded = degradation.apply(image, 5);
            assertEquals(degradation.shape(shape), degraded.shape());
            assertArrayEquals(before, image.values());
            for (float value : degraded.values()) {
                assertTrue(value >= 0 && value <= 1.000001f, () -> degradation + " gave " + value);
            }
            assertArrayEquals(degraded.values(), degradation.apply(image, 5).values(), "same seed, same result");
        }
    }

    @ParameterizedTest
    @CsvSource({"12,16,3,4", "12,16,5,7", "9,7,4,3", "8,8,8,8", "5,6,1,1"})
    void averagesByExactArea(int h, int w, int height, int width) {
        Pixels image = Pictures.random(new ImageShape(3, h, w), 2).toPixels();
        float[] shrunk = new AreaDownscale(height, width).apply(image, 0).values();
        // Every pixel cut into height × width equal parts, each part given whole to the output pixel that it falls
        // into.
        double[] sums = new double[3 * height * width];
        for (int c = 0; c < 3; c++) {
            for (int fineY = 0; fineY < h * height; fineY++) {
                for (int fineX = 0; fineX < w * width; fineX++) {
                    sums[(c * height + fineY / h) * width + fineX / w] +=
                            image.values()[(c * h + fineY / height) * w + fineX / width];
                }
            }
        }
        for (int i = 0; i < sums.length; i++) {
            assertEquals(sums[i] / (h * w), shrunk[i], 1e-6);
        }
    }

    @Test
    void blursLikeATwoDimensionalGaussian() {
        int side = 15;
        float[] dot = new float[side * side];
        dot[7 * side + 7] = 1;
        float[] blurred = Degradation.blur(1.2)
                .apply(new Pixels(ImageShape.gray(side), dot), 0)
                .values();
        double norm = IntStream.rangeClosed(-4, 4)
                .mapToDouble(d -> Math.exp(-d * d / (2 * 1.44)))
                .sum();
        assertEquals(1 / (norm * norm), blurred[7 * side + 7], 1e-6);
        assertEquals(Math.exp(-(4 + 1) / (2 * 1.44)) / (norm * norm), blurred[9 * side + 6], 1e-6);
        assertEquals(0, blurred[7 * side + 12]);
        float[] flat = Degradation.blur(9)
                .apply(new Pixels(ImageShape.gray(2), new float[] {0.4f, 0.4f, 0.4f, 0.4f}), 0)
                .values();
        assertArrayEquals(new float[] {0.4f, 0.4f, 0.4f, 0.4f}, flat, 1e-6f);
    }

    @Test
    void noiseHasTheStatedDeviationAndDependsOnTheSeed() {
        float[] grey = new float[10_000];
        Arrays.fill(grey, 0.5f);
        Pixels image = new Pixels(ImageShape.gray(100), grey);
        float[] noisy = Degradation.noise(0.05).apply(image, 3).values();
        double mean = IntStream.range(0, noisy.length)
                .mapToDouble(i -> noisy[i])
                .average()
                .orElseThrow();
        double variance = IntStream.range(0, noisy.length)
                .mapToDouble(i -> (noisy[i] - mean) * (noisy[i] - mean))
                .average()
                .orElseThrow();
        assertEquals(0.5, mean, 0.002);
        assertEquals(0.05, Math.sqrt(variance), 0.002);
        assertFalse(Arrays.equals(noisy, Degradation.noise(0.05).apply(image, 4).values()));
    }

    @Test
    void everyStepOfAChainHasItsOwnNoiseHoweverItIsGrouped() {
        Degradation n = Degradation.noise(0.05);
        float[] grey = new float[400];
        Arrays.fill(grey, 0.5f);
        Pixels image = new Pixels(ImageShape.gray(20), grey);
        float[] left = n.then(n).then(n).apply(image, 1).values();
        assertArrayEquals(left, n.then(n.then(n)).apply(image, 1).values());
        // Three equal draws would add up to three times the deviation instead of its square root.
        double variance = IntStream.range(0, left.length)
                .mapToDouble(i -> (left[i] - 0.5) * (left[i] - 0.5))
                .average()
                .orElseThrow();
        assertEquals(0.05 * Math.sqrt(3), Math.sqrt(variance), 0.015);
    }

    @Test
    void jpegLosesMoreAtLowerQuality() {
        Pixels image = Degradation.blur(1.5).apply(Pictures.random(COLOUR, 3).toPixels(), 0);
        double coarse = distance(image, Degradation.jpeg(5).apply(image, 0));
        double fine = distance(image, Degradation.jpeg(95).apply(image, 0));
        assertTrue(fine > 0 && fine < coarse / 2 && coarse < 0.2, fine + " against " + coarse);
    }

    @Test
    void enlargesBackToWhatItWasGiven() {
        Pixels image = Pictures.random(ImageShape.gray(8), 3).toPixels();
        Degradation small = Degradation.downscaleTo(2);
        Pixels back = small.upsampledBack(Interpolation.BILINEAR).apply(image, 0);
        assertArrayEquals(
                Interpolation.BILINEAR.resize(small.apply(image, 0), 8, 8).values(), back.values());
    }

    @Test
    void refusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> Degradation.downscaleTo(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> Degradation.downscaleTo(16).shape(ImageShape.gray(8)));
        assertThrows(IllegalArgumentException.class, () -> Degradation.blur(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> Degradation.noise(-1));
        assertThrows(IllegalArgumentException.class, () -> Degradation.jpeg(0));
    }

    private static double distance(Pixels a, Pixels b) {
        return IntStream.range(0, a.values().length)
                .mapToDouble(i -> Math.abs(a.values()[i] - b.values()[i]))
                .average()
                .orElseThrow();
    }
}
