package io.github.horkd.data;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class AugmentationTest {

    private static final Augmentation ALL = Augmentation.none()
            .flip()
            .shift(3)
            .rotate(0.2)
            .scale(0.1)
            .contrast(0.3)
            .brightness(0.05);

    @Test
    void noneDrawsTheIdentity() {
        assertEquals(Pose.IDENTITY, Augmentation.none().draw(5));
    }

    @Test
    void drawsStayInTheirRangesAndReachThem() {
        Set<Double> shifts = new HashSet<>();
        int mirrored = 0;
        double largest = 0;
        for (long seed = 0; seed < 2000; seed++) {
            Pose pose = ALL.draw(seed);
            shifts.add(pose.shiftX());
            mirrored += pose.mirrored() ? 1 : 0;
            largest = Math.max(largest, Math.abs(pose.rotation()));
            assertTrue(Math.abs(pose.shiftY()) <= 3 && pose.shiftY() == Math.rint(pose.shiftY()));
            assertTrue(Math.abs(pose.scale() - 1) <= 0.1
                    && Math.abs(pose.contrast() - 1) <= 0.3
                    && Math.abs(pose.brightness()) <= 0.05);
        }
        assertEquals(Set.of(-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0), shifts);
        assertEquals(1000, mirrored, 120);
        assertEquals(0.2, largest, 0.002);
    }

    @Test
    void sameSeedDrawsTheSamePose() {
        assertEquals(ALL.draw(9), ALL.draw(9));
        assertNotEquals(ALL.draw(9), ALL.draw(10));
        // Widening one range leaves the other draws as they were.
        assertEquals(ALL.draw(9).shiftX(), ALL.rotate(0).draw(9).shiftX());
        assertEquals(
                Double.doubleToLongBits(0.0),
                Double.doubleToLongBits(ALL.rotate(0).draw(11).rotation()));
    }

    @Test
    void refusesNonsense() {
        assertThrows(IllegalArgumentException.class, () -> Augmentation.none().shift(-1));
        assertThrows(IllegalArgumentException.class, () -> Augmentation.none().scale(1));
        assertThrows(IllegalArgumentException.class, () -> Augmentation.none().rotate(Double.NaN));
    }

    @Test
    void poolHoldsFixedDraws() {
        PairedImages source = Pictures.source(new ImageShape(3, 8, 9), Degradation.downscaleTo(4), 2, 1);
        AugmentedPool pool = new AugmentedPool(source, 4, ALL, 3);
        assertEquals(12, pool.size());
        assertEquals(12, new HashSet<>(Pictures.names(pool)).size());
        assertArrayEquals(new int[] {0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1}, Pictures.labels(pool));
        assertArrayEquals(Pictures.low(source, 1, pool.pose(7)), Pictures.low(pool, 7, Pose.IDENTITY));
        assertNotEquals(pool.pose(1), pool.pose(7));
    }

    @Test
    void mirroredPoolIsTheMirrorImageOfThePool() {
        PairedImages source = Pictures.source(new ImageShape(3, 8, 9), Degradation.none(), 2);
        AugmentedPool pool = new AugmentedPool(source, 5, ALL, 3);
        for (int i = 0; i < pool.size(); i++) {
            float[] plain = Pictures.high(pool, i, Pose.IDENTITY);
            float[] mirrored = Pictures.high(pool, i, Pose.MIRRORED);
            for (int row = 0; row < 24; row++) {
                for (int x = 0; x < 9; x++) {
                    assertEquals(plain[row * 9 + x], mirrored[row * 9 + 8 - x], 1e-5);
                }
            }
        }
    }

    @Test
    void poolTakesFreshNoiseWithoutMovingTheImage() {
        PairedImages source = Pictures.source(ImageShape.gray(4), Degradation.noise(0.1), 2);
        AugmentedPool pool = new AugmentedPool(source, 2, ALL, 1);
        Pose noise = Augmentation.none().flip().draw(1);
        assertArrayEquals(
                Pictures.high(pool, 3, noise.mirrored() ? Pose.MIRRORED : Pose.IDENTITY),
                Pictures.high(pool, 3, noise));
        assertFalse(Arrays.equals(
                Pictures.low(pool, 3, noise.mirrored() ? Pose.MIRRORED : Pose.IDENTITY), Pictures.low(pool, 3, noise)));
    }

    @Test
    void poolRefusesFurtherMovement() {
        AugmentedPool pool = new AugmentedPool(Pictures.source(ImageShape.gray(4), Degradation.none(), 2), 2, ALL, 1);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Pictures.high(pool, 0, Pictures.moved(true, 1, 0, 0, 1)))
                .getMessage();
        assertTrue(message.contains("mirrors at most"), message);
        assertThrows(IllegalArgumentException.class, () -> new AugmentedPool(pool, 0, ALL, 1));
    }
}
