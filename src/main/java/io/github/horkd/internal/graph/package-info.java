/**
 * A trained DL4J graph as arithmetic: which steps lead from images to some vertices, in which order, with which parameters.
 *
 * <p>The way of the data: a graph → {@link io.github.horkd.internal.graph.GraphReader} → steps → a plan in {@code internal.inference}, a file in {@code onnx}. Batch normalisation is algebra by then
 * ({@link io.github.horkd.internal.graph.ChannelScale}) and convolution geometry is counted in one place
 * ({@link io.github.horkd.internal.graph.Window}).
 */
package io.github.horkd.internal.graph;
