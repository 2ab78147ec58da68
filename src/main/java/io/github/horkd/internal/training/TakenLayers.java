package io.github.horkd.internal.training;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.ActivationLayer;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.nd4j.linalg.activations.impl.ActivationReLU;

/** Which layers are made fast. By exact class: other subclasses (1-d, transposed, separable) use the same fields differently or not at all. */
final class TakenLayers {

    private TakenLayers() {}

    static boolean isConvolution(Layer layer, ConvolutionSource source) {
        if (layer.getClass() != ConvolutionLayer.class && layer.getClass() != TrackedConvolution.class) {
            return false;
        }
        var conf = (org.deeplearning4j.nn.conf.layers.ConvolutionLayer)
                layer.conf().getLayer();
        // With a fast path set, DL4J forgets to draw new weight noise. ND4J's oneDNN refuses dilation under padding
        // mode Same.
        return conf.getCnn2dDataFormat() == CNN2DFormat.NCHW
                && conf.getWeightNoise() == null
                && (source != ConvolutionSource.ND4J
                        || Arrays.stream(conf.getDilation()).allMatch(d -> d == 1));
    }

    static boolean isNorm(Layer layer) {
        if (layer.getClass() != BatchNormalization.class && layer.getClass() != BlockedBatchNorm.class) {
            return false;
        }
        var conf = (org.deeplearning4j.nn.conf.layers.BatchNormalization)
                layer.conf().getLayer();
        return conf.getCnn2DFormat() == CNN2DFormat.NCHW && !conf.isLockGammaBeta();
    }

    static boolean isRelu(Layer layer) {
        return layer.getClass() == ActivationLayer.class
                && ((ActivationLayer) layer).layerConf().getActivationFn().equals(new ActivationReLU());
    }

    /** The layers that alone read an input of the graph: nobody asks for the derivative by what they read. */
    static Set<Layer> first(ComputationGraph network) {
        Set<Layer> first = Collections.newSetFromMap(new IdentityHashMap<>());
        GraphVertex[] vertices = network.getVertices() == null ? new GraphVertex[0] : network.getVertices();
        for (GraphVertex vertex : vertices) {
            VertexIndices[] inputs = vertex.getInputVertices();
            if (vertex instanceof LayerVertex layer
                    && layer.getLayerPreProcessor() == null
                    && inputs != null
                    && inputs.length == 1) {
                GraphVertex input = vertices[inputs[0].getVertexIndex()];
                if (input.isInputVertex()
                        && input.getOutputVertices().length == 1
                        && layer.getLayer().conf().getLayer().getIDropout() == null) {
                    first.add(layer.getLayer());
                }
            }
        }
        return first;
    }
}
