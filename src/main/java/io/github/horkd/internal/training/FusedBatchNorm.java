package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.NativeFloats;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.normalization.BatchNormalizationHelper;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalisation of [N, C, H, W] (or [N, C, 1, 1]) in two passes over the data, forward and backward, in plain Java.
 * <pre>
 *   forward   y  = γ (x − μ) / σ + β,  σ = √(var + ε),  μ and var of the batch (training) or the running ones
 *   backward  dβ = Σ dy,  dγ = Σ dy (x − μ) / σ,
 *             dx = γ/σ (dy − dβ/m − (x − μ)/σ² · Σ dy (x − μ) / m),   m = N·H·W
 * </pre>
 *
 * <p>The batch is walked in bands: the same few channels of every image, together at most {@value #BAND} floats an image, so
 * that a band stays in the cache between the passes. What a channel has once (its mean, its factor) is spread over
 * the band's positions, and sums are kept per position and folded at the end: every inner loop is then one array expression without a
 * reduction, which is what the JVM's compiler turns into vector instructions. Sums of one position run over N values in
 * float, sums of a channel over its positions in double.
 *
 * <p>The variance comes from one pass, about the mean of the channel in the first image: that is within √N standard deviations
 * of the true mean whatever the data, so nothing cancels away.
 */
final class FusedBatchNorm implements BatchNormalizationHelper {

    /** Floats of one image handled at a time: 8 KiB, so that the handful of arrays in use fit the first-level cache. */
    static final int BAND = 2048;

    private final Bands bands;

    /** What the last forward pass normalised with; the backward pass belongs to it. */
    private float[] mean = {};

    private float[] deviation = {};
    private boolean ofBatch;
    private INDArray batchMean;
    private INDArray batchVariance;

    FusedBatchNorm(Bands bands) {
        this.bands = bands;
    }

    /** Arrays that the layers of one network share: they run one after the other. */
    static final class Bands {
        private final float[] x = new float[BAND];
        private final float[] dy = new float[BAND];
        private final float[] centre = new float[BAND];
        private final float[] factor = new float[BAND];
        private final float[] second = new float[BAND];
        private final float[] offset = new float[BAND];
        private final float[] sum = new float[BAND];
        private final float[] product = new float[BAND];
    }

    @Override
    public INDArray preOutput(
            INDArray input,
            boolean training,
            long[] shape,
            INDArray gamma,
            INDArray beta,
            INDArray runningMean,
            INDArray runningVariance,
            double decay,
            double eps,
            CNN2DFormat format,
            LayerWorkspaceMgr workspaces) {
        if (!isTaken(input, format)) {
            return null;
        }
        INDArray x = NativeFloats.contiguous(input, ArrayType.FF_WORKING_MEM, workspaces);
        var size = Size.of(x);
        FloatPointer in = NativeFloats.of(x);
        ofBatch = training;
        if (training) {
            measure(in, size);
            mean = NativeFloats.copy(batchMean, mean);
            deviation = NativeFloats.copy(batchVariance, deviation);
        } else {
            mean = NativeFloats.copy(runningMean, mean);
            deviation = NativeFloats.copy(runningVariance, deviation);
        }
        for (int c = 0; c < size.channels; c++) {
            deviation[c] = (float) Math.sqrt(deviation[c] + eps);
        }
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, DataType.FLOAT, x.shape(), 'c');
        FloatPointer out = NativeFloats.of(y);
        float[] g = NativeFloats.copy(gamma, new float[0]);
        float[] b = NativeFloats.copy(beta, new float[0]);
        for (int from = 0; from < size.perImage; ) {
            int length = size.band(from);
            for (int c = size.channel(from); c <= size.channel(from + length - 1); c++) {
                size.spread(c, from, length, mean[c], bands.centre);
                size.spread(c, from, length, g[c] / deviation[c], bands.factor);
                size.spread(c, from, length, b[c], bands.offset);
            }
            for (int n = 0; n < size.images; n++) {
                long at = n * (long) size.perImage + from;
                in.position(at).get(bands.x, 0, length);
                scaleAndShift(bands.x, bands.centre, bands.factor, bands.offset, length);
                out.position(at).put(bands.x, 0, length);
            }
            from += length;
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(
            INDArray input,
            INDArray epsilon,
            long[] shape,
            INDArray gamma,
            INDArray beta,
            INDArray dGamma,
            INDArray dBeta,
            double eps,
            CNN2DFormat format,
            LayerWorkspaceMgr workspaces) {
        if (!isTaken(input, format) || epsilon.dataType() != DataType.FLOAT) {
            return null;
        }
        INDArray x = NativeFloats.contiguous(input, ArrayType.BP_WORKING_MEM, workspaces);
        INDArray error = NativeFloats.contiguous(epsilon, ArrayType.BP_WORKING_MEM, workspaces);
        var size = Size.of(x);
        FloatPointer in = NativeFloats.of(x);
        FloatPointer above = NativeFloats.of(error);
        if (!ofBatch) {
            measure(in, size); // The layer moves its running statistics by these, whatever the forward pass used.
        }
        double[] sums = new double[size.channels];
        double[] products = new double[size.channels];
        for (int from = 0; from < size.perImage; ) {
            int length = size.band(from);
            spreadMean(size, from, length);
            Arrays.fill(bands.sum, 0, length, 0);
            Arrays.fill(bands.product, 0, length, 0);
            for (int n = 0; n < size.images; n++) {
                long at = n * (long) size.perImage + from;
                in.position(at).get(bands.x, 0, length);
                above.position(at).get(bands.dy, 0, length);
                add(bands.sum, bands.dy, length);
                addCentredProduct(bands.product, bands.dy, bands.x, bands.centre, length);
            }
            size.fold(bands.sum, from, length, sums);
            size.fold(bands.product, from, length, products);
            from += length;
        }

        float[] g = NativeFloats.copy(gamma, new float[0]);
        float[] batch = NativeFloats.copy(batchMean, new float[0]);
        double m = (double) size.images * size.plane;
        INDArray dx = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, DataType.FLOAT, x.shape(), 'c');
        FloatPointer below = NativeFloats.of(dx);
        for (int from = 0; from < size.perImage; ) {
            int length = size.band(from);
            spreadMean(size, from, length);
            for (int c = size.channel(from); c <= size.channel(from + length - 1); c++) {
                double s = deviation[c];
                double perCentred = -g[c] * products[c] / (s * s * s * m);
                // The second term is zero when the mean is the batch's own.
                double constant = -g[c] * sums[c] / (s * m) - perCentred * (ofBatch ? 0 : batch[c] - mean[c]);
                size.spread(c, from, length, (float) (g[c] / s), bands.factor);
                size.spread(c, from, length, (float) perCentred, bands.second);
                size.spread(c, from, length, (float) constant, bands.offset);
            }
            for (int n = 0; n < size.images; n++) {
                long at = n * (long) size.perImage + from;
                in.position(at).get(bands.x, 0, length);
                above.position(at).get(bands.dy, 0, length);
                combine(bands.dy, bands.factor, bands.x, bands.centre, bands.second, bands.offset, length);
                below.position(at).put(bands.dy, 0, length);
            }
            from += length;
        }

        float[] gradient = new float[size.channels];
        for (int c = 0; c < gradient.length; c++) {
            gradient[c] = (float) sums[c];
        }
        NativeFloats.of(dBeta).put(gradient, 0, gradient.length);
        for (int c = 0; c < gradient.length; c++) {
            gradient[c] = (float) (products[c] / deviation[c]);
        }
        NativeFloats.of(dGamma).put(gradient, 0, gradient.length);
        Gradient result = new DefaultGradient();
        result.setGradientFor(BatchNormalizationParamInitializer.GAMMA, dGamma);
        result.setGradientFor(BatchNormalizationParamInitializer.BETA, dBeta);
        return new Pair<>(result, dx);
    }

    /** Mean and (biased) variance of every channel of the batch, into the arrays that the layer asks for. */
    private void measure(FloatPointer in, Size size) {
        double[] first = new double[size.channels];
        double[] sums = new double[size.channels];
        double[] squares = new double[size.channels];
        for (int from = 0; from < size.perImage; ) {
            int length = size.band(from);
            in.position(from).get(bands.x, 0, length);
            size.fold(bands.x, from, length, first);
            from += length;
        }
        for (int c = 0; c < size.channels; c++) {
            first[c] = (float) (first[c] / size.plane); // As a float: exactly what is subtracted below.
        }
        for (int from = 0; from < size.perImage; ) {
            int length = size.band(from);
            for (int c = size.channel(from); c <= size.channel(from + length - 1); c++) {
                size.spread(c, from, length, (float) first[c], bands.centre);
            }
            Arrays.fill(bands.sum, 0, length, 0);
            Arrays.fill(bands.product, 0, length, 0);
            for (int n = 0; n < size.images; n++) {
                in.position(n * (long) size.perImage + from).get(bands.x, 0, length);
                subtract(bands.x, bands.centre, length);
                add(bands.sum, bands.x, length);
                addSquare(bands.product, bands.x, length);
            }
            size.fold(bands.sum, from, length, sums);
            size.fold(bands.product, from, length, squares);
            from += length;
        }
        double m = (double) size.images * size.plane;
        float[] means = new float[size.channels];
        float[] variances = new float[size.channels];
        for (int c = 0; c < size.channels; c++) {
            double shift = sums[c] / m;
            means[c] = (float) (first[c] + shift);
            variances[c] = (float) Math.max(0, squares[c] / m - shift * shift);
        }
        if (batchMean == null) {
            batchMean = NativeFloats.kept(size.channels);
            batchVariance = NativeFloats.kept(size.channels);
        }
        NativeFloats.of(batchMean).put(means, 0, means.length);
        NativeFloats.of(batchVariance).put(variances, 0, variances.length);
    }

    private void spreadMean(Size size, int from, int length) {
        for (int c = size.channel(from); c <= size.channel(from + length - 1); c++) {
            size.spread(c, from, length, mean[c], bands.centre);
        }
    }

    // One array expression a method: the compiler vectorises these, and would not in one fused loop with the copies
    // around it.

    private static void subtract(float[] x, float[] centre, int length) {
        for (int i = 0; i < length; i++) {
            x[i] -= centre[i];
        }
    }

    private static void add(float[] sum, float[] x, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += x[i];
        }
    }

    private static void addSquare(float[] sum, float[] x, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += x[i] * x[i];
        }
    }

    private static void addCentredProduct(float[] sum, float[] dy, float[] x, float[] centre, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += dy[i] * (x[i] - centre[i]);
        }
    }

    private static void scaleAndShift(float[] x, float[] centre, float[] factor, float[] offset, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = (x[i] - centre[i]) * factor[i] + offset[i];
        }
    }

    private static void combine(
            float[] dy, float[] factor, float[] x, float[] centre, float[] second, float[] offset, int length) {
        for (int i = 0; i < length; i++) {
            dy[i] = dy[i] * factor[i] + (x[i] - centre[i]) * second[i] + offset[i];
        }
    }

    /** The sizes of one batch and the way from a position within an image to its channel. */
    private record Size(int images, int channels, int plane, int perImage) {

        static Size of(INDArray x) {
            int plane = Math.toIntExact(x.size(2) * x.size(3));
            int channels = Math.toIntExact(x.size(1));
            return new Size(Math.toIntExact(x.size(0)), channels, plane, Math.multiplyExact(channels, plane));
        }

        int channel(int position) {
            return position / plane;
        }

        /** How many positions to handle together from here on: whole channels where they fit. */
        int band(int from) {
            int rest = perImage - from;
            if (plane >= BAND) {
                return Math.min(BAND, plane - from % plane);
            }
            return Math.min(rest, BAND / plane * plane);
        }

        /** Writes a channel's value at its positions within the band. */
        void spread(int channel, int from, int length, float value, float[] band) {
            int start = Math.max(channel * plane, from);
            int end = Math.min((channel + 1) * plane, from + length);
            Arrays.fill(band, start - from, end - from, value);
        }

        /** Adds the values at a channel's positions to the channel's sum. */
        void fold(float[] band, int from, int length, double[] sums) {
            for (int i = 0; i < length; ) {
                int c = channel(from + i);
                int end = Math.min((c + 1) * plane - from, length);
                double sum = 0;
                for (; i < end; i++) {
                    sum += band[i];
                }
                sums[c] += sum;
            }
        }
    }

    private static boolean isTaken(INDArray x, CNN2DFormat format) {
        return x.dataType() == DataType.FLOAT && x.rank() == 4 && format == CNN2DFormat.NCHW;
    }

    @Override
    public INDArray getMeanCache(DataType type) {
        return batchMean;
    }

    @Override
    public INDArray getVarCache(DataType type) {
        return batchVariance;
    }

    @Override
    public boolean checkSupported(double eps, boolean fixedGammaBeta) {
        return !fixedGammaBeta;
    }

    @Override
    public boolean checkSupported() {
        return true;
    }

    @Override
    public Map<String, Long> helperMemoryUse() {
        return Map.of();
    }
}
