package io.github.horkd.internal.graph;

/** What needs no settings. */
enum SimpleStep implements GraphStep {
    /** Probabilities of each row. */
    SOFTMAX,
    /** Values side by side: channel after channel. */
    MERGE,
    /** A map as a row or a row as a map: channels, lines, columns. */
    RESHAPE;

    @Override
    public <R> R show(Translator<R> to, GraphNode place) {
        return switch (this) {
            case SOFTMAX -> to.softmax(place);
            case MERGE -> to.merge(place);
            case RESHAPE -> to.reshape(place);
        };
    }
}
