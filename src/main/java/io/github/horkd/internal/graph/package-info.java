/**
 * A trained DL4J graph as arithmetic: which steps lead from images to some vertices, in which order, with which parameters. It is read here once;
 * {@code internal.inference} makes a plan of the steps, {@code onnx} writes them as a file. Batch normalisation is algebra by then
 * ({@link io.github.horkd.internal.graph.ChannelScale}) and convolution geometry is counted in one place
 * ({@link io.github.horkd.internal.graph.Window}).
 */
package io.github.horkd.internal.graph;
