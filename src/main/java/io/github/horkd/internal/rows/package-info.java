/**
 * Rows of numbers in plain Java, once for the whole library: between ND4J's arrays and Java's, unit rows, blocked products, the best k of many.
 *
 * <p>The way of the data: {@code INDArray} of any layout → {@link io.github.horkd.internal.rows.ArrayCopy} → {@code float[]}, row after row →
 * {@link io.github.horkd.internal.rows.UnitRows} → {@link io.github.horkd.internal.rows.RowProducts}, block by block → a visitor.
 *
 * @serial exclude
 */
package io.github.horkd.internal.rows;
