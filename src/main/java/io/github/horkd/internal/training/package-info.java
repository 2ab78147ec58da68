/**
 * The layers that stand in for DL4J's while a graph is trained.
 *
 * <p>The way of the data: images in DL4J's order → reordered once for oneDNN → from layer to layer and back as they are → reordered where a layer of DL4J's own is next. {@link io.github.horkd.internal.training.FastLayers} fills DL4J's empty fast paths,
 * {@link io.github.horkd.internal.training.BlockedTraining} lets arrays travel between layers in oneDNN's own order. All reflection into DL4J stands in
 * {@code Dl4jInternals}.
 */
package io.github.horkd.internal.training;
