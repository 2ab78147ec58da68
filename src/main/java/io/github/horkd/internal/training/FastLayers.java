package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.NativeThreads;
import io.github.horkd.internal.onednn.WorkingMemory;
import java.util.Set;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionHelper;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;

/** Fills the fast paths that DL4J leaves empty in an initialised network, and puts our own ReLU where DL4J's is. */
public final class FastLayers {

    private FastLayers() {}

    /**
     * How many layers a network has that can be made fast; with DL4J as the source of convolutions, those stay as they are.
     *
     * @param isTouched whether the network is of a kind that is touched at all: single precision on a CPU
     */
    public record Count(int convolutions, int batchNorms, boolean isTouched) {
        private static final Count NONE = new Count(0, 0, false);
    }

    /** Fills a graph, and makes ordinary again what {@link BlockedTraining} may have changed. */
    public static Count fill(ComputationGraph network, ConvolutionSource source) {
        requireLayers(network.getLayers());
        if (!isTouched(network.getConfiguration().getDataType())) {
            return Count.NONE;
        }
        replaceRelus(network, source);
        return fill(network.getLayers(), source, TakenLayers.first(network));
    }

    /** Fills a stack of layers. Every layer computes the derivative by its input: {@code backpropGradient()} hands it to its caller. */
    public static Count fill(MultiLayerNetwork network, ConvolutionSource source) {
        requireLayers(network.getLayers());
        return isTouched(network.getLayerWiseConfigurations().getDataType())
                ? fill(network.getLayers(), source, Set.of())
                : Count.NONE;
    }

    private static void requireLayers(Layer[] layers) {
        if (layers == null) {
            throw new IllegalArgumentException(
                    "network: wanted an initialised one, got one without layers; call init() first");
        }
    }

    private static boolean isTouched(DataType type) {
        return type == DataType.FLOAT && NativeThreads.isCpu();
    }

    private static Count fill(Layer[] layers, ConvolutionSource source, Set<Layer> first) {
        NativeThreads.settle();
        int convolutions = 0;
        int batchNorms = 0;
        var bands = new FusedBatchNorm.Bands();
        Function<ConvolutionLayer, ConvolutionHelper> helpers = helpers(source, first);
        for (Layer outer : layers) {
            Layer layer = outer;
            while (layer instanceof BaseWrapperLayer wrapper) {
                layer = wrapper.getUnderlying();
            }
            if (TakenLayers.isConvolution(layer, source)) {
                Dl4jInternals.setHelper((ConvolutionLayer) layer, helpers.apply((ConvolutionLayer) layer));
                convolutions++;
            } else if (TakenLayers.isNorm(layer)) {
                Dl4jInternals.setHelper((BatchNormalization) layer, new FusedBatchNorm(bands));
                if (layer instanceof BlockedBatchNorm blocked) {
                    blocked.setKernel(null);
                }
                batchNorms++;
            }
        }
        return new Count(convolutions, batchNorms, true);
    }

    private static Function<ConvolutionLayer, ConvolutionHelper> helpers(ConvolutionSource source, Set<Layer> first) {
        return switch (source) {
            case ONEDNN -> {
                var working = new WorkingMemory();
                yield layer -> convolution(layer, working, !first.contains(layer), OneDnnConvolution.Flow.NONE);
            }
            case ND4J -> layer -> new MKLDNNConvHelper(DataType.FLOAT);
            case DL4J -> layer -> null;
        };
    }

    static OneDnnConvolution convolution(
            ConvolutionLayer layer, WorkingMemory working, boolean inputGradient, OneDnnConvolution.Flow flow) {
        boolean linear = layer.layerConf().getActivationFn() instanceof ActivationIdentity;
        // DL4J wants the output again in the backward pass, to see the slope of the activation there, and would run the
        // whole convolution for it. An identity has slope 1 whatever the output, so the one that is there will do.
        return new OneDnnConvolution(
                working, layer.hasBias(), inputGradient, flow, linear ? layer::setPreOutput : y -> {});
    }

    private static void replaceRelus(ComputationGraph network, ConvolutionSource source) {
        WorkingMemory working = source == ConvolutionSource.ONEDNN ? new WorkingMemory() : null;
        for (GraphVertex vertex : network.getVertices()) {
            if (vertex instanceof BlockedSum sum) {
                sum.setKernel(null);
            }
            if (vertex instanceof LayerVertex place && TakenLayers.isRelu(place.getLayer())) {
                replace(network, place, new FastRelu((ActivationLayer) place.getLayer()));
            }
            if (vertex instanceof LayerVertex place && place.getLayer() instanceof FastRelu relu) {
                relu.setReorder(null);
                relu.setKernels(
                        working == null
                                ? FastRelu.Kernels.JAVA
                                : new FastRelu.Kernels(new ElementWise(working), false));
            }
        }
    }

    /** Puts a layer object in another's place. */
    static void replace(ComputationGraph network, LayerVertex place, Layer by) {
        Layer[] layers = network.getLayers();
        for (int i = 0; i < layers.length; i++) {
            if (layers[i] == place.getLayer()) {
                layers[i] = by;
            }
        }
        place.setLayer(by);
    }
}
