package io.github.horkd.internal.training;

import io.github.horkd.internal.graph.Window;
import io.github.horkd.internal.onednn.MemoryOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.graph.vertex.impl.LayerVertex;
import org.deeplearning4j.nn.layers.convolution.ConvolutionLayer;
import org.deeplearning4j.nn.layers.normalization.BatchNormalization;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/**
 * Decides between which vertices of a graph arrays may travel in oneDNN's own order of values ("blocked": groups of 8 or 16
 * channels innermost) while it trains, so that nothing is reordered on the way. As NCHW, only the order within
 * an image differs, so element-wise work in between does not notice. Where the channels do not fill whole blocks, the array has more, of zeros.
 *
 * <p>An output is blocked when all who make and read it know the order: accelerated convolutions, batch norms, ReLUs
 * and sums of equal shapes. Convolutions and ReLUs may have one order before and another behind; batch norms and sums may not. What
 * leaves the network is never blocked.
 */
final class BlockedFlow {

    private enum Kind {
        CONVOLUTION,
        NORM,
        RELU,
        SUM,
        OTHER
    }

    private final GraphVertex[] vertices;
    private final Kind[] kinds;
    private final long[] channels;
    private final String[] sides;
    private final boolean[] blocked;
    // By identity: layers of DL4J compare by the arrays they hold.
    private final Set<Layer> reading = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Layer> writing = Collections.newSetFromMap(new IdentityHashMap<>());

    private BlockedFlow(ComputationGraph network, int block, Predicate<Layer> isTaken) {
        vertices = network.getVertices();
        kinds = new Kind[vertices.length];
        channels = new long[vertices.length];
        sides = new String[vertices.length];
        blocked = new boolean[vertices.length];
        for (int v : network.topologicalSortOrder()) {
            describe(network, v, isTaken);
            // Fewer than half a block: the rest of it would be most of the work.
            blocked[v] = kinds[v] != Kind.OTHER && channels[v] >= block / 2 && !vertices[v].isOutputVertex();
        }
        boolean more;
        do {
            more = prune(); // Each round takes at least one away.
        } while (more);
        for (int v = 0; v < vertices.length; v++) {
            if (vertices[v] instanceof LayerVertex place && kinds[v] != Kind.OTHER) {
                if (blocked[input(v, 0)]) {
                    reading.add(place.getLayer());
                }
                if (blocked[v]) {
                    writing.add(place.getLayer());
                }
            }
        }
    }

    /** The flow of a graph whose layers are already the accelerated ones. */
    static BlockedFlow of(ComputationGraph network, Predicate<Layer> isTaken) {
        return new BlockedFlow(network, MemoryOrder.blockSize(), isTaken);
    }

    /** Whether a layer reads blocked arrays in training. */
    boolean isReading(Layer layer) {
        return reading.contains(layer);
    }

    /** Whether a layer writes blocked arrays in training. */
    boolean isWriting(Layer layer) {
        return writing.contains(layer);
    }

    /** Whether a vertex is a sum of blocked arrays in training. */
    boolean isSum(int v) {
        return kinds[v] == Kind.SUM && blocked[v];
    }

    /** Whether what a vertex writes in training is blocked and read by a ReLU alone, which then may be done where it is written. */
    boolean isClippedBehind(int v) {
        VertexIndices[] readers = vertices[v].getOutputVertices();
        return blocked[v]
                && (kinds[v] == Kind.SUM || kinds[v] == Kind.NORM)
                && readers.length == 1
                && kinds[readers[0].getVertexIndex()] == Kind.RELU;
    }

    /**
     * Whether all inputs of a sum may share one array as their derivative. Where an input has other readers, too, DL4J adds
     * their derivatives into that array, in reverse topological order; nobody minds when all other inputs are through by then.
     */
    boolean mayShareDerivative(int sum, int[] topologicalOrder) {
        int[] place = new int[vertices.length];
        for (int i = 0; i < topologicalOrder.length; i++) {
            place[topologicalOrder[i]] = i;
        }
        for (int i = 0; i < inputs(sum); i++) {
            for (VertexIndices reader : vertices[input(sum, i)].getOutputVertices()) {
                for (int j = 0; j < inputs(sum); j++) {
                    if (reader.getVertexIndex() != sum
                            && j != i
                            && place[reader.getVertexIndex()] > place[input(sum, j)]) {
                        return false;
                    }
                    if (j != i && input(sum, j) == input(sum, i)) {
                        return false; // x + x: both derivatives are added up in one array.
                    }
                }
            }
        }
        return true;
    }

    /** What a vertex is, how many channels leave it, and a name for its height and width, equal only where these surely are. */
    private void describe(ComputationGraph network, int v, Predicate<Layer> isTaken) {
        GraphVertex vertex = vertices[v];
        kinds[v] = Kind.OTHER;
        sides[v] = vertex.getVertexName();
        if (network.getConfiguration().getVertices().get(vertex.getVertexName()) instanceof ElementWiseVertex sum
                && sum.getOp() == ElementWiseVertex.Op.Add
                && inputs(v) > 1) {
            boolean equal = true;
            for (int i = 0; i < inputs(v); i++) {
                equal &=
                        channels[input(v, i)] == channels[input(v, 0)] && sides[input(v, i)].equals(sides[input(v, 0)]);
            }
            if (equal) {
                like(v, Kind.SUM);
            }
        } else if (vertex instanceof LayerVertex place
                && place.getLayerPreProcessor() == null
                && isTaken.test(place.getLayer())
                && place.getLayer().conf().getLayer().getIDropout() == null) {
            if (place.getLayer() instanceof ConvolutionLayer convolution
                    && convolution.layerConf().getActivationFn() instanceof ActivationIdentity) {
                kinds[v] = Kind.CONVOLUTION;
                channels[v] = convolution.layerConf().getNOut();
                sides[v] = sides[input(v, 0)] + change(convolution.layerConf());
            } else if (place.getLayer() instanceof BatchNormalization) {
                like(v, Kind.NORM);
            } else if (place.getLayer() instanceof FastRelu) {
                like(v, Kind.RELU);
            }
        }
    }

    private void like(int v, Kind kind) {
        kinds[v] = kind;
        channels[v] = channels[input(v, 0)];
        sides[v] = sides[input(v, 0)];
    }

    private static String change(org.deeplearning4j.nn.conf.layers.ConvolutionLayer layer) {
        return Window.of(
                        layer.getKernelSize(),
                        layer.getStride(),
                        layer.getPadding(),
                        layer.getDilation(),
                        layer.getConvolutionMode())
                .change();
    }

    private boolean prune() {
        boolean changed = false;
        for (int v = 0; v < vertices.length; v++) {
            boolean same = kinds[v] == Kind.NORM || kinds[v] == Kind.SUM;
            boolean all = blocked[v];
            for (int i = 0; i < inputs(v); i++) {
                all &= blocked[input(v, i)];
            }
            for (int i = 0; i < inputs(v); i++) {
                if (blocked[input(v, i)] && (kinds[v] == Kind.OTHER || same && !all)) {
                    blocked[input(v, i)] = false;
                    changed = true;
                }
            }
            if (same && !all && blocked[v]) {
                blocked[v] = false;
                changed = true;
            }
        }
        return changed;
    }

    private int inputs(int v) {
        VertexIndices[] inputs = vertices[v].getInputVertices();
        return inputs == null ? 0 : inputs.length;
    }

    private int input(int v, int i) {
        return vertices[v].getInputVertices()[i].getVertexIndex();
    }

    /** How many channels leave a vertex, as far as anybody can tell. */
    long channels(int v) {
        return channels[v];
    }
}
