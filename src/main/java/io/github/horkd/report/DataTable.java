package io.github.horkd.report;

import io.github.horkd.eval.Table;

/**
 * A table; the first cell of a row names it.
 *
 * @param caption what it shows
 * @param table   the cells
 */
public record DataTable(String caption, Table table) implements Part {}
