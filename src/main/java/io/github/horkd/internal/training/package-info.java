/**
 * The layers that stand in for DL4J's while a graph is trained. {@link io.github.horkd.internal.training.FastLayers} fills DL4J's empty fast paths,
 * {@link io.github.horkd.internal.training.BlockedTraining} lets arrays travel between layers in oneDNN's own order. All reflection into DL4J stands in
 * {@code Dl4jInternals}.
 */
package io.github.horkd.internal.training;
