package io.github.horkd.report;

import java.util.List;

/**
 * A few figures in large type.
 *
 * @param figures in order
 */
public record KeyFigures(List<KeyFigure> figures) implements Part {

    public KeyFigures {
        figures = List.copyOf(figures);
    }

    /**
     * A figure.
     *
     * @param name  what it is
     * @param value with its unit
     * @param note  what to hold it against; empty for nothing
     */
    public record KeyFigure(String name, String value, String note) {}
}
