package io.github.horkd.internal.training;

import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

/** The kernel against plain loops in double. */
class FusedBatchNormTest {

    private static final double EPS = 1e-5;
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    // Planes below, at and above a band, bands that do not divide the image, one image, one position.
    @ParameterizedTest
    @CsvSource({
        "4,3,5,7,0",
        "64,16,16,16,0",
        "2,2,48,50,0",
        "3,5,37,21,0",
        "2,1,64,64,0",
        "1,3,4,4,0",
        "32,130,1,1,0",
        "2,3000,1,1,0",
        "8,6,9,9,1000",
        "64,4,1,1,1000"
    })
    void agreesWithPlainLoops(int images, int channels, int height, int width, double centre) {
        var random = new Random(images * 31L + width);
        INDArray x = gaussian(random, centre, images, channels, height, width);
        INDArray dy = gaussian(random, 0, images, channels, height, width);
        INDArray gamma = gaussian(random, 1, 1, channels);
        INDArray beta = gaussian(random, 0, 1, channels);
        INDArray dGamma = Nd4j.create(DataType.FLOAT, 1, channels);
        INDArray dBeta = Nd4j.create(DataType.FLOAT, 1, channels);
        var kernel = new FusedBatchNorm(new FusedBatchNorm.Bands());

        INDArray y = kernel.preOutput(
                x, true, x.shape(), gamma, beta, null, null, 0.9, EPS, CNN2DFormat.NCHW, NO_WORKSPACES);
        INDArray dx = kernel.backpropGradient(
                        x, dy, x.shape(), gamma, beta, dGamma, dBeta, EPS, CNN2DFormat.NCHW, NO_WORKSPACES)
                .getSecond();

        double m = images * (double) height * width;
        // Inputs near 1000 are themselves known to 6e-5 only; the kernel must not add to that.
        double tolerance = 2e-5;
        for (int c = 0; c < channels; c += Math.max(1, channels / 7)) {
            double mean = 0;
            for (int i = 0; i < m; i++) {
                mean += at(x, i, c) / m;
            }
            double variance = 0;
            for (int i = 0; i < m; i++) {
                variance += Math.pow(at(x, i, c) - mean, 2) / m;
            }
            double s = Math.sqrt(variance + EPS);
            double sum = 0;
            double product = 0;
            for (int i = 0; i < m; i++) {
                sum += at(dy, i, c);
                product += at(dy, i, c) * (at(x, i, c) - mean) / s;
            }
            assertEquals(mean, kernel.getMeanCache(DataType.FLOAT).getDouble(c), 1e-6 * (1 + Math.abs(mean)), "mean");
            assertEquals(variance, kernel.getVarCache(DataType.FLOAT).getDouble(c), 1e-5 * (1 + variance), "variance");
            assertEquals(sum, dBeta.getDouble(c), tolerance * (1 + Math.sqrt(m)), "dBeta");
            assertEquals(product, dGamma.getDouble(c), (centre == 0 ? tolerance : 2e-4) * (1 + Math.sqrt(m)), "dGamma");
            for (int i = 0; i < m; i += 1 + (int) m / 50) {
                double hat = (at(x, i, c) - mean) / s;
                assertEquals(
                        hat * gamma.getDouble(c) + beta.getDouble(c), at(y, i, c), centre == 0 ? tolerance : 4e-4, "y");
                double expected = gamma.getDouble(c) / s * (at(dy, i, c) - sum / m - hat * product / m);
                assertEquals(
                        expected,
                        at(dx, i, c),
                        (centre == 0 ? tolerance : 4e-4) * (1 + Math.abs(gamma.getDouble(c)) / s),
                        "dx");
            }
        }
    }

    @Test
    void takesAnyStrideOrder() {
        INDArray x = gaussian(new Random(3), 0, 4, 5, 6, 3);
        INDArray permuted = x.permute(1, 0, 2, 3).dup('c').permute(1, 0, 2, 3);
        INDArray ones = Nd4j.ones(DataType.FLOAT, 1, 5);
        var kernel = new FusedBatchNorm(new FusedBatchNorm.Bands());
        INDArray straight =
                kernel.preOutput(x, true, x.shape(), ones, ones, null, null, 0.9, EPS, CNN2DFormat.NCHW, NO_WORKSPACES);
        INDArray strided = kernel.preOutput(
                permuted, true, x.shape(), ones, ones, null, null, 0.9, EPS, CNN2DFormat.NCHW, NO_WORKSPACES);
        assertEquals(straight, strided);
    }

    @Test
    void leavesOtherTypesAndLayoutsToDl4j() {
        var kernel = new FusedBatchNorm(new FusedBatchNorm.Bands());
        INDArray x = Nd4j.create(DataType.DOUBLE, 2, 3, 4, 4);
        assertNull(kernel.preOutput(
                x, true, x.shape(), null, null, null, null, 0.9, EPS, CNN2DFormat.NCHW, NO_WORKSPACES));
        INDArray f = x.castTo(DataType.FLOAT);
        assertNull(kernel.preOutput(
                f, true, x.shape(), null, null, null, null, 0.9, EPS, CNN2DFormat.NHWC, NO_WORKSPACES));
    }

    /** The i-th of the N·H·W values of one channel. */
    private static double at(INDArray array, int i, int channel) {
        long plane = array.size(2) * array.size(3);
        long inPlane = i % plane;
        return array.getDouble(i / plane, channel, inPlane / array.size(3), inPlane % array.size(3));
    }

    private static INDArray gaussian(Random random, double centre, int... shape) {
        int length = 1;
        for (int side : shape) {
            length *= side;
        }
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (centre + random.nextGaussian());
        }
        return Nd4j.createFromArray(values).reshape(shape);
    }
}
