package io.github.horkd.report;

/** A part of a {@link Section}. The set is closed: each kind has one way to be written as HTML and one as Markdown. */
public sealed interface Part permits Chart, DataTable, Heatmap, KeyFigures, Pictures {}
