package io.github.horkd.data;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class MixedResolutionTest {

    private static final Augmentation FLIP = Augmentation.none().flip();

    private final PairedImages images = Pictures.source(ImageShape.gray(8), Degradation.downscaleTo(2), 3, 2);
    private final PairedImages mixed = new MixedResolution(images, Interpolation.BILINEAR);

    @Test
    void halfOfTheDrawsShowTheSmallViewEnlarged() {
        int small = 0;
        for (int draw = 0; draw < 1000; draw++) {
            int index = draw % images.size();
            Pose pose = FLIP.draw(draw);
            float[] sharp = Pictures.high(images, index, pose);
            float[] enlarged = Interpolation.BILINEAR
                    .resize(new Pixels(ImageShape.gray(2), Pictures.low(images, index, pose)), 8, 8)
                    .values();
            float[] seen = Pictures.high(mixed, index, pose);
            boolean isSmall = Arrays.equals(enlarged, seen);
            assertTrue(isSmall || Arrays.equals(sharp, seen), "neither the one nor the other");
            assertArrayEquals(seen, Pictures.high(mixed, index, pose), "the same draw, the same view");
            assertArrayEquals(Pictures.low(images, index, pose), Pictures.low(mixed, index, pose));
            small += isSmall ? 1 : 0;
        }
        assertEquals(500, small, 60);
    }

    @Test
    void bothViewsAtOnceAreThoseReadAlone() {
        for (int draw = 0; draw < 20; draw++) {
            Pose pose = FLIP.draw(draw);
            float[] high = new float[64];
            float[] low = new float[4];
            mixed.read(1, pose, high, 0, low, 0);
            assertArrayEquals(Pictures.high(mixed, 1, pose), high);
            assertArrayEquals(Pictures.low(images, 1, pose), low);
        }
    }

    @Test
    void withoutADrawTheOriginalIsShownAndAllElseIsTheSourcesOwn() {
        for (Pose pose : new Pose[] {Pose.IDENTITY, Pose.MIRRORED}) {
            assertArrayEquals(Pictures.high(images, 2, pose), Pictures.high(mixed, 2, pose));
        }
        assertEquals(images.classes(), mixed.classes());
        assertEquals(Pictures.names(images), Pictures.names(mixed));
        assertArrayEquals(Pictures.labels(images), Pictures.labels(mixed));
        assertEquals(images.shape(Resolution.HIGH), mixed.shape(Resolution.HIGH));
        assertEquals(images.shape(Resolution.LOW), mixed.shape(Resolution.LOW));
    }
}
