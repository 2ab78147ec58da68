package io.github.horkd.internal.inference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Takes batch normalisation out of a trained graph: behind a convolution or a dense layer it is, in inference, a factor and an offset
 * for each channel, and those can be part of the layer's weights and bias.
 * <pre>  W'_c = a_c W_c,   b'_c = a_c (b_c − μ_c) + β_c,   a_c = γ_c / √(var_c + ε)</pre>
 */
public final class Folding {

    private Folding() {}

    /**
     * The same network for inference, with fewer layers. A batch normalisation is folded when it alone reads a convolution or dense layer that
     * has no activation of its own; others stay. Frozen layers come out unfrozen. The result is an ordinary DL4J graph
     * with parameters of its own, its inputs and outputs under the same names, and no updater; it gives the same output
     * up to rounding (1e-5). It is not accelerated yet. It should not be trained on: what batch normalisation
     * did for training is gone.
     *
     * @param network a trained graph; it is left as it is
     * @return a new graph
     */
    public static ComputationGraph fold(ComputationGraph network) {
        return fold(network, Set.of());
    }

    /** The same, but leaves the named vertices where they are. */
    public static ComputationGraph fold(ComputationGraph network, Set<String> kept) {
        ComputationGraphConfiguration conf = network.getConfiguration().clone();
        conf.getVertices().values().forEach(Folding::thaw);
        // Batch norm to the layer it goes into.
        Map<String, String> folded = new LinkedHashMap<>();
        for (String name : network.getConfiguration().getVertices().keySet()) {
            if (isNorm(conf, name) && !kept.contains(name)) {
                String before = conf.getVertexInputs().get(name).get(0);
                if (isLinear(conf, before) && readers(conf, before) == 1 && !kept.contains(before)) {
                    folded.put(name, before);
                }
            }
        }
        folded.forEach((norm, before) -> {
            conf.getVertices().remove(norm);
            conf.getVertexInputs().remove(norm);
            conf.getVertexInputs()
                    .values()
                    .forEach(inputs -> inputs.replaceAll(input -> input.equals(norm) ? before : input));
            giveBias(layer(conf, before));
        });
        var result = new ComputationGraph(conf);
        result.init();
        conf.getVertices().keySet().forEach(name -> copyParameters(network, result, name));
        folded.forEach((norm, before) -> absorb(network, norm, result, before));
        return result;
    }

    private static void thaw(GraphVertex vertex) {
        if (vertex instanceof LayerVertex place && place.getLayerConf().getLayer() instanceof FrozenLayer frozen) {
            place.getLayerConf().setLayer(frozen.getLayer());
        }
    }

    private static Layer layer(ComputationGraphConfiguration conf, String name) {
        return conf.getVertices().get(name) instanceof LayerVertex place
                ? place.getLayerConf().getLayer()
                : null;
    }

    private static boolean isNorm(ComputationGraphConfiguration conf, String name) {
        return layer(conf, name) instanceof BatchNormalization norm
                && !norm.isLockGammaBeta()
                && ((LayerVertex) conf.getVertices().get(name)).getPreProcessor() == null
                && !conf.getNetworkOutputs().contains(name);
    }

    /** Exact classes: others have their weights in another order, or more than one set of them. */
    private static boolean isLinear(ComputationGraphConfiguration conf, String name) {
        Layer layer = layer(conf, name);
        return layer != null
                && (layer.getClass() == ConvolutionLayer.class
                        || layer.getClass() == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm())
                && ((FeedForwardLayer) layer).getActivationFn() instanceof ActivationIdentity;
    }

    private static long readers(ComputationGraphConfiguration conf, String name) {
        return conf.getVertexInputs().values().stream()
                        .flatMap(List::stream)
                        .filter(name::equals)
                        .count()
                + conf.getNetworkOutputs().stream().filter(name::equals).count();
    }

    private static void giveBias(Layer layer) {
        if (layer instanceof ConvolutionLayer convolution) {
            convolution.setHasBias(true);
        } else {
            ((DenseLayer) layer).setHasBias(true);
        }
    }

    private static void copyParameters(ComputationGraph from, ComputationGraph to, String name) {
        Map<String, INDArray> target = to.getVertex(name).paramTable(false);
        Map<String, INDArray> source = from.getVertex(name).paramTable(false);
        if (target != null && source != null) {
            source.forEach((key, value) -> target.get(key).assign(value));
        }
    }

    private static void absorb(ComputationGraph from, String norm, ComputationGraph to, String name) {
        Map<String, INDArray> values = from.getVertex(norm).paramTable(false);
        var conf = (BatchNormalization) layer(thawed(from), norm);
        double[] gamma = vector(values.get(BatchNormalizationParamInitializer.GAMMA));
        double[] beta = vector(values.get(BatchNormalizationParamInitializer.BETA));
        double[] mean = vector(values.get(BatchNormalizationParamInitializer.GLOBAL_MEAN));
        double[] variance = variance(values, conf);
        Map<String, INDArray> target = to.getVertex(name).paramTable(false);
        INDArray weights = target.get(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray bias = target.get(ConvolutionParamInitializer.BIAS_KEY);
        boolean unbiased = !from.getVertex(name).paramTable(false).containsKey(ConvolutionParamInitializer.BIAS_KEY);
        double[] factor = new double[gamma.length];
        double[] offset = new double[gamma.length];
        for (int c = 0; c < gamma.length; c++) {
            factor[c] = gamma[c] / Math.sqrt(variance[c] + conf.getEps());
            offset[c] = factor[c] * ((unbiased ? 0 : bias.getDouble(c)) - mean[c]) + beta[c];
        }
        INDArray factors = Nd4j.createFromArray(factor).castTo(weights.dataType());
        // Outputs come first in a convolution's weights and last in a dense layer's.
        weights.muli(weights.rank() == 4 ? factors.reshape(factor.length, 1, 1, 1) : factors.reshape(1, factor.length));
        bias.assign(Nd4j.createFromArray(offset).castTo(bias.dataType()).reshape(bias.shape()));
    }

    /** A batch normalisation as it is in inference, as a step over some sides. */
    static PlanStep.Norm norm(ComputationGraph network, String name, PlanSides sides) {
        Map<String, INDArray> values = network.getVertex(name).paramTable(false);
        var conf = (BatchNormalization) layer(network.getConfiguration(), name);
        return new PlanStep.Norm(
                filled(vector(values.get(BatchNormalizationParamInitializer.GLOBAL_MEAN)), sides),
                filled(variance(values, conf), sides),
                filled(vector(values.get(BatchNormalizationParamInitializer.GAMMA)), sides),
                filled(vector(values.get(BatchNormalizationParamInitializer.BETA)), sides),
                (float) conf.getEps());
    }

    private static float[] filled(double[] values, PlanSides sides) {
        float[] floats = new float[sides.room()];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static ComputationGraphConfiguration thawed(ComputationGraph network) {
        ComputationGraphConfiguration conf = network.getConfiguration().clone();
        conf.getVertices().values().forEach(Folding::thaw);
        return conf;
    }

    private static double[] variance(Map<String, INDArray> values, BatchNormalization conf) {
        if (!conf.isUseLogStd()) {
            return vector(values.get(BatchNormalizationParamInitializer.GLOBAL_VAR));
        }
        double[] variance = vector(values.get(BatchNormalizationParamInitializer.GLOBAL_LOG_STD));
        for (int c = 0; c < variance.length; c++) {
            variance[c] = Math.pow(10, 2 * variance[c]);
        }
        return variance;
    }

    private static double[] vector(INDArray array) {
        return array.dup().data().asDouble();
    }
}
