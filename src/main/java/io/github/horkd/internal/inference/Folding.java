package io.github.horkd.internal.inference;

import io.github.horkd.internal.graph.ChannelScale;
import io.github.horkd.internal.graph.FoldableNorms;
import io.github.horkd.internal.graph.GraphCopy;
import io.github.horkd.internal.rows.ArrayCopy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.params.ConvolutionParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Takes batch normalisation out of a trained graph: see {@link ChannelScale} for the algebra and {@link FoldableNorms} for where it can be done. */
public final class Folding {

    private Folding() {}

    /**
     * The same network for inference, with fewer layers. Frozen layers come out unfrozen. The result is an ordinary DL4J graph
     * with parameters of its own, its inputs and outputs under the same names, and no updater; it gives the same output
     * up to rounding (1e-5). It is not accelerated yet. It should not be trained on: what batch normalisation did for training is gone.
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
        Map<String, String> folded = new LinkedHashMap<>();
        for (String name : network.getConfiguration().getVertices().keySet()) {
            if (!kept.contains(name) && !conf.getNetworkOutputs().contains(name)) {
                FoldableNorms.layerBefore(conf, name, conf.getVertices().keySet(), kept)
                        .filter(before -> !conf.getNetworkOutputs().contains(before))
                        .ifPresent(before -> folded.put(name, before));
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
        ComputationGraph result = GraphCopy.of(conf, network);
        folded.forEach((norm, before) -> absorb(network, norm, result, before));
        return result;
    }

    private static void thaw(org.deeplearning4j.nn.conf.graph.GraphVertex vertex) {
        if (vertex instanceof LayerVertex place) {
            place.getLayerConf()
                    .setLayer(FoldableNorms.plain(place.getLayerConf().getLayer()));
        }
    }

    private static Layer layer(ComputationGraphConfiguration conf, String name) {
        return ((LayerVertex) conf.getVertices().get(name)).getLayerConf().getLayer();
    }

    private static void giveBias(Layer layer) {
        if (layer instanceof ConvolutionLayer convolution) {
            convolution.setHasBias(true);
        } else {
            ((DenseLayer) layer).setHasBias(true);
        }
    }

    private static void absorb(ComputationGraph from, String norm, ComputationGraph to, String name) {
        Layer conf = FoldableNorms.plain(layer(from.getConfiguration(), norm));
        ChannelScale scale =
                ChannelScale.of((BatchNormalization) conf, from.getVertex(norm).paramTable(false));
        Map<String, INDArray> target = to.getVertex(name).paramTable(false);
        INDArray weights = target.get(ConvolutionParamInitializer.WEIGHT_KEY);
        INDArray bias = target.get(ConvolutionParamInitializer.BIAS_KEY);
        boolean unbiased = !from.getVertex(name).paramTable(false).containsKey(ConvolutionParamInitializer.BIAS_KEY);
        double[] before = unbiased ? new double[scale.width()] : ArrayCopy.doubles(bias);
        INDArray factors = Nd4j.createFromArray(scale.factor()).castTo(weights.dataType());
        // Outputs come first in a convolution's weights and last in a dense layer's.
        weights.muli(weights.rank() == 4 ? factors.reshape(scale.width(), 1, 1, 1) : factors.reshape(1, scale.width()));
        bias.assign(Nd4j.createFromArray(scale.appliedTo(before))
                .castTo(bias.dataType())
                .reshape(bias.shape()));
    }
}
