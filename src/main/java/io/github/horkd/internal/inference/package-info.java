/**
 * Inference past DL4J. {@link io.github.horkd.internal.inference.Folding} takes batch normalisation out of a graph; an
 * {@link io.github.horkd.internal.inference.InferencePlan} says the steps that {@code internal.graph} reads in oneDNN's terms, fuses them, and runs them as
 * passes, each made for a number of images, with memory of its own.
 */
package io.github.horkd.internal.inference;
