package io.github.horkd.internal.graph;

import java.util.List;
import java.util.Map;

/**
 * A graph as it was read.
 *
 * @param input  the name of the images among the nodes
 * @param nodes  what is to be done, in the order of computation
 * @param places by vertex, the node (or the input) that has its value; several vertices may share one, for an identity is no step
 */
public record GraphSteps(String input, Extent images, List<GraphNode> nodes, Map<String, String> places) {

    /** The node that has the value of a vertex. */
    public String node(String vertex) {
        return places.get(vertex);
    }

    /** What comes out of a vertex. */
    public Extent extent(String vertex) {
        String place = node(vertex);
        return nodes.stream()
                .filter(node -> node.name().equals(place))
                .findFirst()
                .map(GraphNode::extent)
                .orElse(images);
    }
}
