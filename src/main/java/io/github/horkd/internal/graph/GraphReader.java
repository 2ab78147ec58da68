package io.github.horkd.internal.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Reads the part of a DL4J graph that some vertices need. Whatever is not known for certain to be the arithmetic of a step is refused by name.
 * Classes are compared exactly, because a subclass may compute anything. Frozen layers are read as what they freeze. Batch normalisation goes into the
 * layer before where it can.
 */
public final class GraphReader {

    private final ComputationGraph graph;
    private final ComputationGraphConfiguration conf;
    private final Set<String> wanted;
    private final Set<String> needed;
    private final LayerReader layers = new LayerReader(this);
    private final VertexReader vertices = new VertexReader(this);
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Map<String, String> places = new HashMap<>();
    private final Map<String, Extent> extents = new HashMap<>();

    private GraphReader(ComputationGraph graph, Collection<String> wanted) {
        this.graph = graph;
        this.conf = graph.getConfiguration();
        this.wanted = Set.copyOf(wanted);
        this.needed = needed();
    }

    /**
     * Reads a graph.
     *
     * @param graph  an initialised graph with one input
     * @param images one image
     * @param wanted the vertices that are asked for
     * @throws UnknownPart              when there is something in between that no step does
     * @throws IllegalArgumentException when the graph has not one input, or does not take such images
     */
    public static GraphSteps read(ComputationGraph graph, Extent images, Collection<String> wanted) throws UnknownPart {
        GraphReader reader = new GraphReader(graph, wanted);
        return reader.read(images);
    }

    private GraphSteps read(Extent images) throws UnknownPart {
        String input = onlyInput();
        places.put(input, input);
        extents.put(input, images);
        for (int index : graph.topologicalSortOrder()) {
            String name = graph.getVertices()[index].getVertexName();
            if (needed.contains(name) && !name.equals(input)) {
                try {
                    read(name);
                } catch (WrongExtent | ArithmeticException e) {
                    throw new IllegalArgumentException(
                            "graph: does not take images of " + images + "; is that its input? (vertex '" + name + "': "
                                    + e.getMessage() + ")",
                            e);
                }
            }
        }
        return new GraphSteps(input, images, List.copyOf(nodes), Map.copyOf(places));
    }

    /** A value is not what the next step takes. */
    static final class WrongExtent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongExtent(String wanted, Extent got) {
            super("wanted " + wanted + ", got " + got, null, false, false);
        }
    }

    private Set<String> needed() {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            String name = open.pop();
            if (seen.add(name)) {
                open.addAll(conf.getVertexInputs().getOrDefault(name, List.of()));
            }
        }
        return seen;
    }

    private String onlyInput() {
        List<String> inputs = conf.getNetworkInputs();
        if (inputs.size() != 1 || !needed.contains(inputs.get(0))) {
            throw new IllegalArgumentException("graph: wanted one input, images, got " + inputs);
        }
        return inputs.get(0);
    }

    private void read(String name) throws UnknownPart {
        List<String> before = conf.getVertexInputs().get(name);
        places.put(name, places.get(before.get(0)));
        GraphVertex vertex = FoldableNorms.vertex(conf, name);
        if (vertex instanceof LayerVertex place) {
            Layer layer = FoldableNorms.plain(place.getLayerConf().getLayer());
            // The layer before has taken a norm in when it was read.
            if (FoldableNorms.layerBefore(conf, name, needed, wanted).isEmpty()) {
                vertices.preprocess(name, place.getPreProcessor());
                layers.read(name, layer, graph.getLayer(name).paramTable(), normBehind(name));
            }
        } else {
            vertices.read(name, vertex, before);
        }
    }

    /** The batch normalisation that goes into a layer, or null. */
    private ChannelScale normBehind(String layer) {
        for (String reader : needed) {
            if (FoldableNorms.layerBefore(conf, reader, needed, wanted)
                    .filter(layer::equals)
                    .isPresent()) {
                LayerVertex place = (LayerVertex) FoldableNorms.vertex(conf, reader);
                return ChannelScale.of(
                        (BatchNormalization)
                                FoldableNorms.plain(place.getLayerConf().getLayer()),
                        graph.getLayer(reader).paramTable());
            }
        }
        return null;
    }

    /** What has come to a vertex so far. */
    Extent extent(String vertex) {
        return extents.get(places.get(vertex));
    }

    static Extent with(Extent like, int channels) {
        return new Extent(channels, like.height(), like.width(), like.isRow());
    }

    /** Puts a step behind the place where a vertex has arrived. */
    void add(String vertex, GraphStep step, Extent result) {
        add(vertex, step, result, List.of(vertex));
    }

    /** The same of several values. */
    void add(String vertex, GraphStep step, Extent result, List<String> from) {
        List<String> inputs = from.stream().map(places::get).toList();
        // The name says where among the nodes; one vertex may be several steps.
        String name = vertex + "/" + nodes.size();
        nodes.add(new GraphNode(name, inputs, inputs.stream().map(extents::get).toList(), result, step));
        places.put(vertex, name);
        extents.put(name, result);
    }
}
