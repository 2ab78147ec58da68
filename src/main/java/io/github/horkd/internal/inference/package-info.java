/**
 * Inference past DL4J.
 *
 * <p>The way of the data: a graph → {@link io.github.horkd.internal.inference.Folding} takes batch normalisation out → the steps that {@code internal.graph} reads →
 * {@link io.github.horkd.internal.inference.InferencePlan}, which fuses them in oneDNN's terms → passes, each made for a number of images, with memory of its own → answers.
 */
package io.github.horkd.internal.inference;
