package io.github.horkd.internal.rows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Every one of the 65,536 values of binary16, and the floats where rounding changes its mind. */
class Float16Test {

    private static final int INFINITY = 0x7c00;

    /** The definition, in double. */
    private static double defined(int half) {
        int exponent = half >> 10 & 31;
        int fraction = half & 1023;
        double magnitude = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * Math.pow(2, exponent - 25);
        return half < 0x8000 ? magnitude : -magnitude;
    }

    @Test
    void everyValueIsWhatTheStandardSaysAndSurvivesTheTrip() {
        for (int half = 0; half < 1 << 16; half++) {
            float value = Float16.toFloat((short) half);
            if ((half & 0x7fff) < INFINITY) {
                assertEquals(
                        Float.floatToRawIntBits((float) defined(half)),
                        Float.floatToRawIntBits(value),
                        Integer.toHexString(half));
                assertEquals((short) half, Float16.of(value), Integer.toHexString(half));
            } else if ((half & 0x7fff) == INFINITY) {
                assertEquals(half == INFINITY ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY, value);
                assertEquals((short) half, Float16.of(value));
            } else {
                assertTrue(Float.isNaN(value), Integer.toHexString(half));
                assertTrue(Float.isNaN(Float16.toFloat(Float16.of(value))), Integer.toHexString(half));
            }
        }
    }

    /** Subnormals and the step from them to normals included; the step behind the largest leads to infinity. */
    @Test
    void betweenTwoNeighboursTheNearestIsTakenAndTheEvenOneInTheMiddle() {
        for (int half = 0; half < INFINITY; half++) {
            double below = defined(half);
            double above = half + 1 == INFINITY ? 65536 : defined(half + 1);
            float middle = (float) ((below + above) / 2);
            for (int sign : new int[] {1, -1}) {
                int bit = sign > 0 ? 0 : 0x8000;
                assertEquals((short) (half | bit), Float16.of(sign * Math.nextDown(middle)), "below " + middle);
                assertEquals(
                        (short) ((half % 2 == 0 ? half : half + 1) | bit), Float16.of(sign * middle), "at " + middle);
                assertEquals((short) (half + 1 | bit), Float16.of(sign * Math.nextUp(middle)), "above " + middle);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "65504, 65504",
        "65519.996, 65504",
        "65520, Infinity",
        "1e30, Infinity",
        "-1e30, -Infinity",
        "NaN, NaN",
        "1.4e-45, 0",
        "-0.0, -0.0",
        "2.9802322e-8, 0",
        "2.9802326e-8, 5.9604645e-8",
        "1.0004883, 1",
        "1.0014648, 1.0019531"
    })
    void theEdges(float value, float kept) {
        assertEquals(kept, Float16.toFloat(Float16.of(value)));
    }
}
