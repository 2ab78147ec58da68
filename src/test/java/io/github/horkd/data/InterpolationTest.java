package io.github.horkd.data;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class InterpolationTest {

    /**
     * From PyTorch 2.13 in float64: {@code F.interpolate(x, size, mode=…, align_corners=False)}; the large input is
     * {@code (torch.arange(49) * 37 % 49 / 48).reshape(1, 1, 7, 7)}.
     */
    static List<Arguments> torch() {
        float[] small = {0.1f, 0.9f, 0.3f, 0.5f, 0.2f, 0.8f};
        float[] large = new float[49];
        for (int i = 0; i < 49; i++) {
            large[i] = i * 37 % 49 / 48f;
        }
        return List.of(
                Arguments.of(Interpolation.BILINEAR, small, 2, 3, 4, 5, new double[] {
                    0.1, 0.42, 0.9, 0.54, 0.3, 0.2, 0.41, 0.725, 0.545, 0.425, 0.4, 0.39, 0.375, 0.555, 0.675, 0.5,
                    0.38, 0.2, 0.56, 0.8
                }),
                Arguments.of(Interpolation.BICUBIC, small, 2, 3, 4, 5, new double[] {
                    -0.030125,
                    0.4655390625,
                    0.973828125,
                    0.595125,
                    0.177515625,
                    0.13775,
                    0.427953125,
                    0.74140625,
                    0.58025,
                    0.38178125,
                    0.41425,
                    0.366046875,
                    0.35859375,
                    0.55575,
                    0.71821875,
                    0.582125,
                    0.3284609375,
                    0.126171875,
                    0.540875,
                    0.922484375
                }),
                Arguments.of(Interpolation.BILINEAR, large, 7, 7, 3, 4, new double[] {
                    0.2282986111,
                    0.6840277778,
                    0.2465277778,
                    0.5746527778,
                    0.78125,
                    0.34375,
                    0.7994791667,
                    0.4895833333,
                    0.4409722222,
                    0.7265625,
                    0.5868055556,
                    0.5746527778
                }),
                Arguments.of(Interpolation.BICUBIC, large, 7, 7, 3, 4, new double[] {
                    0.1560535195,
                    0.8066882852,
                    0.2055451194,
                    0.6243988791,
                    0.8013915017,
                    0.3230285645,
                    0.8306681315,
                    0.4694417718,
                    0.3936630061,
                    0.8116121645,
                    0.6355023796,
                    0.5552285277
                }));
    }

    @ParameterizedTest
    @MethodSource("torch")
    void agreesWithPyTorch(
            Interpolation interpolation, float[] values, int h, int w, int height, int width, double[] expected) {
        INDArray resized = interpolation.resize(Nd4j.create(values, new int[] {1, 1, h, w}, 'c'), height, width);
        assertArrayEquals(new long[] {1, 1, height, width}, resized.shape());
        assertEquals(DataType.FLOAT, resized.dataType());
        assertArrayEquals(expected, resized.ravel().toDoubleVector(), 1e-6);
    }

    @ParameterizedTest
    @EnumSource
    void treatsEveryPlaneAloneWhateverTheLayout(Interpolation interpolation) {
        INDArray images = Nd4j.rand(DataType.DOUBLE, 3, 2, 5, 4);
        INDArray all = interpolation.resize(images.dup('f'), 7, 3);
        for (int n = 0; n < 3; n++) {
            for (int c = 0; c < 2; c++) {
                INDArray one = images.get(NDArrayIndex.interval(n, n + 1), NDArrayIndex.interval(c, c + 1));
                assertArrayEquals(
                        interpolation.resize(one, 7, 3).ravel().toFloatVector(),
                        all.slice(n).slice(c).ravel().toFloatVector());
            }
        }
    }

    @Test
    void refusesWhatIsNoBatchOfImages() {
        assertThrows(IllegalArgumentException.class, () -> Interpolation.BILINEAR.resize(Nd4j.zeros(3, 4), 2, 2));
        assertThrows(IllegalArgumentException.class, () -> Interpolation.BICUBIC.resize(Nd4j.zeros(1, 1, 3, 4), 0, 2));
    }
}
