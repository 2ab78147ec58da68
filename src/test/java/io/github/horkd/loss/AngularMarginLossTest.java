package io.github.horkd.loss;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** φ(θ) = cos(θ + m) where it ends, at either end; what it is in between is held against plain loops and published values elsewhere. */
class AngularMarginLossTest {

    @ParameterizedTest
    @CsvSource({"0.5,0.2", "-0.3,0.5", "0.99,0.4", "-0.7,0.1"})
    void isTheCosineOfTheWiderAngle(double cosine, double margin) {
        assertEquals(Math.cos(Math.acos(cosine) + margin), AngularMarginLoss.harder(cosine, margin), 1e-12);
    }

    /** Beyond θ = π − m the cosine would rise again: a line of slope 1 goes on from −1. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 0.5, 1.2})
    void goesOnFallingPastTheLastAngle(double margin) {
        double last = -Math.cos(margin);
        assertEquals(-1, AngularMarginLoss.harder(last + 1e-12, margin), 1e-9);
        assertEquals(-1, AngularMarginLoss.harder(last - 1e-12, margin), 1e-9);
        double further = (last - 1) / 2;
        assertEquals(-1 + (further - last), AngularMarginLoss.harder(further, margin), 1e-12);
        assertEquals(1, AngularMarginLoss.slope(further, margin));
    }

    /** Where the slope would grow beyond all bounds, φ follows its tangent. */
    @Test
    void staysWithItsTangentNearAngleZero() {
        double from = 1 - 1e-6;
        double slope = AngularMarginLoss.slope(from, 0.5);
        assertEquals(slope, AngularMarginLoss.slope(1, 0.5));
        assertEquals(AngularMarginLoss.harder(from, 0.5) + 1e-6 * slope, AngularMarginLoss.harder(1, 0.5), 1e-12);
    }

    @ParameterizedTest
    @CsvSource({"0.5,0.2", "0.3,0.9", "-0.95,0.5", "-0.99,0.3", "0.9999995,0.4", "1,0.2"})
    void slopesByCosineAndByMarginAreThoseOfTheValue(double cosine, double margin) {
        double step = 1e-6;
        assertEquals(
                (AngularMarginLoss.harder(cosine, margin + step) - AngularMarginLoss.harder(cosine, margin - step))
                        / (2 * step),
                AngularMarginLoss.slopeByMargin(cosine, margin),
                1e-8);
        double small = 1e-8;
        assertEquals(
                (AngularMarginLoss.harder(cosine, margin) - AngularMarginLoss.harder(cosine - small, margin)) / small,
                AngularMarginLoss.slope(cosine, margin),
                1e-5 * Math.max(1, AngularMarginLoss.slope(cosine, margin)));
    }
}
