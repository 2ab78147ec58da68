package io.github.horkd.onnx;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A scale and a shift for each channel: what batch-norm is once it no longer learns,
 * {@code scale = γ / √(variance + ε)} and {@code shift = β − mean · scale}, in double precision.
 */
final class Affine {

    /** Changes nothing. */
    static final Affine NONE = new Affine(null, null);

    private final double[] scale;
    private final double[] shift;

    private Affine(double[] scale, double[] shift) {
        this.scale = scale;
        this.shift = shift;
    }

    static Affine of(BatchNormalization layer, Map<String, INDArray> params) {
        double[] mean = ArrayCopy.doubles(params.get("mean"));
        double[] scale = new double[mean.length];
        double[] shift = new double[mean.length];
        INDArray logDeviation = params.get("log10stdev");
        double[] spread = ArrayCopy.doubles(logDeviation == null ? params.get("var") : logDeviation);
        boolean learned = !layer.isLockGammaBeta();
        for (int c = 0; c < mean.length; c++) {
            double variance = logDeviation == null ? spread[c] : Math.pow(10, 2 * spread[c]);
            double gamma = learned ? params.get("gamma").getDouble(c) : layer.getGamma();
            double beta = learned ? params.get("beta").getDouble(c) : layer.getBeta();
            scale[c] = gamma / Math.sqrt(variance + layer.getEps());
            shift[c] = beta - mean[c] * scale[c];
        }
        return new Affine(scale, shift);
    }

    int width() {
        return scale.length;
    }

    /** The weights of a layer in front, output channels first, with the scale put into them. */
    float[] scaleRows(float[] weights) {
        if (this == NONE) {
            return weights;
        }
        int row = weights.length / scale.length;
        float[] scaled = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            scaled[i] = (float) (weights[i] * scale[i / row]);
        }
        return scaled;
    }

    /** The biases of a layer in front, scaled and shifted. */
    float[] applyTo(float[] biases) {
        if (this == NONE) {
            return biases;
        }
        float[] moved = new float[biases.length];
        for (int c = 0; c < biases.length; c++) {
            moved[c] = (float) (biases[c] * scale[c] + shift[c]);
        }
        return moved;
    }
}
