/**
 * Honest evaluation: top-1, retrieval, cross-resolution identification, verification on pairs.
 */
package io.github.horkd.eval;
