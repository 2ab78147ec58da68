package io.github.horkd.internal.graph;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.FrozenVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;

/** Which batch normalisations can become part of the layer before: those that alone read a convolution or dense layer without an activation. */
public final class FoldableNorms {

    private FoldableNorms() {}

    /**
     * The layer that a vertex folds into.
     *
     * @param conf  the graph
     * @param norm  a vertex
     * @param among the vertices that count as readers
     * @param kept  vertices whose own values are wanted
     * @return empty when it is no batch normalisation, or none that can be folded
     */
    public static Optional<String> layerBefore(
            ComputationGraphConfiguration conf, String norm, Set<String> among, Set<String> kept) {
        if (!(vertex(conf, norm) instanceof LayerVertex place)
                || place.getPreProcessor() != null
                || plain(place.getLayerConf().getLayer()).getClass() != BatchNormalization.class) {
            return Optional.empty();
        }
        String before = conf.getVertexInputs().get(norm).get(0);
        long readers = among.stream()
                .flatMap(name -> conf.getVertexInputs().getOrDefault(name, List.of()).stream())
                .filter(before::equals)
                .count();
        return readers == 1
                        && !kept.contains(before)
                        && vertex(conf, before) instanceof LayerVertex linear
                        && isLinear(plain(linear.getLayerConf().getLayer()))
                ? Optional.of(before)
                : Optional.empty();
    }

    /** Exact classes: others have their weights in another order, or more than one set of them. */
    private static boolean isLinear(Layer layer) {
        return (isConvolution(layer) || layer.getClass() == DenseLayer.class && !((DenseLayer) layer).hasLayerNorm())
                && Function.isIdentity(((BaseLayer) layer).getActivationFn());
    }

    static boolean isConvolution(Layer layer) {
        return layer.getClass() == ConvolutionLayer.class || layer.getClass() == Convolution2D.class;
    }

    /** A vertex without what freezes it. */
    static GraphVertex vertex(ComputationGraphConfiguration conf, String name) {
        GraphVertex vertex = conf.getVertices().get(name);
        while (vertex instanceof FrozenVertex frozen) {
            vertex = frozen.getUnderlying();
        }
        return vertex;
    }

    /** A layer without what freezes it. */
    public static Layer plain(Layer layer) {
        Layer inner = layer;
        while (true) {
            if (inner instanceof FrozenLayer frozen) {
                inner = frozen.getLayer();
            } else if (inner instanceof FrozenLayerWithBackprop frozen) {
                inner = frozen.getUnderlying();
            } else {
                return inner;
            }
        }
    }
}
