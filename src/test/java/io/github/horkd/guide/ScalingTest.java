package io.github.horkd.guide;

import io.github.horkd.data.ImageShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ScalingTest {

    private static final Scaling IMAGE_NET =
            Scaling.perChannel(new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});

    static Stream<Scaling> all() {
        return Stream.of(
                Scaling.PLUS_MINUS_ONE,
                Scaling.ZERO_ONE,
                Scaling.ZERO_255,
                Scaling.STANDARDISED,
                Scaling.linear(128, -127.5),
                IMAGE_NET,
                new Scaling(true, List.of(0.5), List.of(0.25)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void isTheSameInBothForms(Scaling scaling) {
        INDArray images = Nd4j.rand(2, 3, 7, 5).muli(0.4).addi(0.3);
        images.slice(0).assign(0.2);
        float[] values = images.dup().data().asFloat();
        scaling.scale(values, 0, 105);
        scaling.scale(values, 105, 105);
        float[] wanted = scaling.apply(images).dup('c').data().asFloat();
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(wanted[i], values[i], 1e-6 * Math.max(1, Math.abs(wanted[i])));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void saysItselfSoThatItCanBeRead(Scaling scaling) {
        assertEquals(scaling, Scaling.parse(scaling.toString()));
    }

    static Stream<Arguments> values() {
        float root = (float) Math.sqrt(2);
        return Stream.of(
                Arguments.of(Scaling.ZERO_ONE, new float[] {0, 0.5f, 0.5f, 1}),
                Arguments.of(Scaling.PLUS_MINUS_ONE, new float[] {-1, 0, 0, 1}),
                Arguments.of(Scaling.ZERO_255, new float[] {0, 127.5f, 127.5f, 255}),
                Arguments.of(Scaling.linear(4, 1), new float[] {1, 3, 3, 5}),
                Arguments.of(Scaling.STANDARDISED, new float[] {-root, 0, 0, root}));
    }

    @ParameterizedTest
    @MethodSource("values")
    void scalesAsItSays(Scaling scaling, float[] wanted) {
        INDArray image = Nd4j.createFromArray(0f, 0.5f, 0.5f, 1f).reshape(1, 1, 2, 2);
        INDArray before = image.dup();
        assertArrayEquals(wanted, scaling.apply(image).ravel().toFloatVector(), 1e-5f);
        assertEquals(before, image, "the argument stays as it was");
    }

    @Test
    void channelsAreScaledApart() {
        INDArray white = Nd4j.ones(1, 3, 1, 1);
        assertArrayEquals(
                new float[] {(1 - 0.485f) / 0.229f, (1 - 0.456f) / 0.224f, (1 - 0.406f) / 0.225f},
                IMAGE_NET.apply(white).ravel().toFloatVector(),
                1e-5f);
        var error = assertThrows(IllegalArgumentException.class, () -> new Input(ImageShape.gray(8), IMAGE_NET));
        assertTrue(error.getMessage().contains("3 channels"), error.getMessage());
    }

    @Test
    void aFlatImageStaysFinite() {
        assertArrayEquals(
                new float[4],
                Scaling.STANDARDISED
                        .apply(Nd4j.valueArrayOf(new long[] {1, 1, 2, 2}, 0.3f))
                        .ravel()
                        .toFloatVector(),
                1e-3f);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ZERO_TWO", "a * x +1", "1.0 * y +0.0", "0.0 * x +1.0", "NaN * x +1.0", "1.0,2.0 * x +1.0"})
    void whatIsNoScalingIsRefused(String text) {
        var error = assertThrows(IllegalArgumentException.class, () -> Scaling.parse(text));
        assertTrue(error.getMessage().startsWith("scaling: "), error.getMessage());
    }
}
