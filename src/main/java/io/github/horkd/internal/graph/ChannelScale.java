package io.github.horkd.internal.graph;

import io.github.horkd.internal.rows.ArrayCopy;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.nd4j.linalg.api.ndarray.INDArray;

import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.BETA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GAMMA;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_LOG_STD;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_MEAN;
import static org.deeplearning4j.nn.params.BatchNormalizationParamInitializer.GLOBAL_VAR;

/**
 * A factor and an offset for each channel: what batch normalisation is once it no longer learns. Behind a convolution or a dense layer both can be
 * part of its weights and biases.
 * <pre>
 *   y = a x + o,   a = γ / √(var + ε),   o = β − a μ
 *   W' = a W,      b' = a b + o
 * </pre>
 */
public final class ChannelScale implements GraphStep {

    private final double[] factor;
    private final double[] offset;

    private ChannelScale(double[] factor, double[] offset) {
        this.factor = factor;
        this.offset = offset;
    }

    /** A layer as it is in inference; locked γ and β come from its configuration. */
    public static ChannelScale of(BatchNormalization layer, Map<String, INDArray> params) {
        double[] mean = ArrayCopy.doubles(params.get(GLOBAL_MEAN));
        double[] factor = new double[mean.length];
        double[] offset = new double[mean.length];
        boolean isLog = params.containsKey(GLOBAL_LOG_STD);
        double[] spread = ArrayCopy.doubles(params.get(isLog ? GLOBAL_LOG_STD : GLOBAL_VAR));
        boolean learned = !layer.isLockGammaBeta();
        for (int c = 0; c < mean.length; c++) {
            double variance = isLog ? Math.pow(10, 2 * spread[c]) : spread[c];
            double gamma = learned ? params.get(GAMMA).getDouble(c) : layer.getGamma();
            double beta = learned ? params.get(BETA).getDouble(c) : layer.getBeta();
            factor[c] = gamma / Math.sqrt(variance + layer.getEps());
            offset[c] = beta - mean[c] * factor[c];
        }
        return new ChannelScale(factor, offset);
    }

    @Override
    public <R> R show(Translator<R> to, GraphNode place) {
        return to.scale(place, this);
    }

    /** How many channels. */
    public int width() {
        return factor.length;
    }

    /** a. */
    public double[] factor() {
        return factor.clone();
    }

    /** a, in single precision. */
    public float[] factors() {
        return floats(factor);
    }

    /** o, in single precision. */
    public float[] offsets() {
        return floats(offset);
    }

    /** W', where a channel's weights lie together. */
    public float[] scaledRows(float[] weights) {
        int row = weights.length / factor.length;
        float[] scaled = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            scaled[i] = (float) (weights[i] * factor[i / row]);
        }
        return scaled;
    }

    /** b', in single precision. */
    public float[] appliedTo(float[] biases) {
        double[] wide = new double[biases.length];
        for (int c = 0; c < wide.length; c++) {
            wide[c] = biases[c];
        }
        return floats(appliedTo(wide));
    }

    /** b'. */
    public double[] appliedTo(double[] biases) {
        double[] moved = new double[biases.length];
        for (int c = 0; c < biases.length; c++) {
            moved[c] = biases[c] * factor[c] + offset[c];
        }
        return moved;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
