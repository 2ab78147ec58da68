/**
 * Losses over embeddings and logits: first order (one sample), second (pairs), third (triplets), higher orders and whole
 * batches. Each is a record that implements DL4J's {@code ILossFunction}, so it works in anyone's own graph. Needs ND4J only.
 *
 * @serial exclude
 */
package io.github.horkd.loss;
