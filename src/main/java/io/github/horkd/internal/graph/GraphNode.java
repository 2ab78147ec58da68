package io.github.horkd.internal.graph;

import java.util.List;

/**
 * A step at its place.
 *
 * @param name    of what it makes: its vertex and a number, so that it is unique
 * @param inputs  the names of what it makes that of
 * @param extents of the inputs
 * @param extent  of what comes out
 * @param step    how
 */
public record GraphNode(String name, List<String> inputs, List<Extent> extents, Extent extent, GraphStep step) {

    /** The vertex that it is of. */
    public String vertex() {
        return name.substring(0, name.lastIndexOf('/'));
    }

    /** What the first input is. */
    public Extent from() {
        return extents.get(0);
    }

    /** Says the step in another language. */
    public <R> R show(GraphStep.Translator<R> to) {
        return step.show(to, this);
    }
}
