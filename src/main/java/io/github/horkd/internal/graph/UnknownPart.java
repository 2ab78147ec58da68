package io.github.horkd.internal.graph;

/** A part of a graph is none of the arithmetic known here. */
public final class UnknownPart extends Exception {

    private static final long serialVersionUID = 1L;

    private final String vertex;
    private final String what;

    UnknownPart(String vertex, String what) {
        super("vertex '" + vertex + "': " + what, null, false, false);
        this.vertex = vertex;
        this.what = what;
    }

    /** The vertex. */
    public String vertex() {
        return vertex;
    }

    /** What is there, for instance "layer Upsampling2D". */
    public String what() {
        return what;
    }
}
