/**
 * Finds faces in a frame and brings them upright, so that what comes from a camera looks to a network as what it was trained on. Plain Java, with the weights of two small
 * networks of {@code @vladmandic/face-api} (MIT). An example, not a part of the library: a detector of your own goes in its place.
 */
package io.github.horkd.examples.faces;
