/** Folding, and the plan a folded network runs by. */
package io.github.horkd.internal.inference;
