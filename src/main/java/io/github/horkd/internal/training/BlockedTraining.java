package io.github.horkd.internal.training;

import io.github.horkd.internal.onednn.WorkingMemory;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.deeplearning4j.nn.updater.graph.ComputationGraphUpdater;

/** What a graph filled by {@link FastLayers} gets besides, before it is trained: an updater without detours, and blocked arrays between its layers. */
public final class BlockedTraining {

    private final ComputationGraph network;
    private final WorkingMemory working = new WorkingMemory();
    private final Set<Layer> first;
    private final BlockedFlow flow;

    private BlockedTraining(ComputationGraph network) {
        this.network = network;
        this.first = TakenLayers.first(network);
        this.flow = BlockedFlow.of(network, BlockedTraining::isTaken);
    }

    private static boolean isTaken(Layer layer) {
        return TakenLayers.isConvolution(layer, ConvolutionSource.ONEDNN)
                || TakenLayers.isNorm(layer)
                || layer instanceof FastRelu;
    }

    /** Has the updater work on the gradient where it lies; state that is there is kept. */
    public static void updateDirectly(ComputationGraph network) {
        ComputationGraphUpdater old = network.getUpdater(false);
        if (!(old instanceof DirectUpdater)) {
            network.setUpdater(new DirectUpdater(network, old == null ? null : old.getStateViewArray()));
        }
    }

    /** Lets arrays travel between the layers in oneDNN's own order while the graph trains. */
    public static void letFlow(ComputationGraph network) {
        new BlockedTraining(network).letFlow();
    }

    private void letFlow() {
        GraphVertex[] vertices = network.getVertices();
        for (int v = 0; v < vertices.length; v++) {
            if (flow.isSum(v)) {
                vertices[v] = sum(vertices[v], v);
            }
            if (vertices[v] instanceof LayerVertex place) {
                letFlow(place, v);
            }
        }
    }

    private BlockedSum sum(GraphVertex vertex, int v) {
        var sum = vertex instanceof BlockedSum already ? already : new BlockedSum(network, vertex);
        sum.setKernel(new BlockedSum.Kernel(
                new ElementWise(working),
                flow.isClippedBehind(v),
                flow.mayShareDerivative(v, network.topologicalSortOrder())));
        Dl4jInternals.verticesByName(network).put(sum.getVertexName(), sum);
        return sum;
    }

    private void letFlow(LayerVertex place, int v) {
        Layer layer = place.getLayer();
        boolean in = flow.isReading(layer);
        boolean out = flow.isWriting(layer);
        if (layer instanceof FastRelu relu) {
            relu.setReorder(in == out ? null : new ReluReorder(flow.channels(v), in, out, working));
            relu.setKernels(new FastRelu.Kernels(
                    new ElementWise(working), flow.isClippedBehind(place.getInputVertices()[0].getVertexIndex())));
        } else if (TakenLayers.isConvolution(layer, ConvolutionSource.ONEDNN) && (in || out)) {
            var tracked = layer instanceof TrackedConvolution already
                    ? already
                    : new TrackedConvolution((ConvolutionLayer) layer);
            tracked.setHelper(FastLayers.convolution(
                    tracked, working, !first.contains(layer), new OneDnnConvolution.Flow(in, out)));
            FastLayers.replace(network, place, tracked);
        } else if (TakenLayers.isNorm(layer) && in) {
            var blocked = layer instanceof BlockedBatchNorm already
                    ? already
                    : new BlockedBatchNorm((BatchNormalization) layer);
            int channels = Math.toIntExact(blocked.layerConf().getNOut());
            blocked.setKernel(new BlockedBatchNorm.Kernel(working, channels, flow.isClippedBehind(v)));
            FastLayers.replace(network, place, blocked);
        }
    }
}
