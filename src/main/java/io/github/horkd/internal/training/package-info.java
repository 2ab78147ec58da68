/** Layers that take the place of DL4J's while a graph is trained. */
package io.github.horkd.internal.training;
