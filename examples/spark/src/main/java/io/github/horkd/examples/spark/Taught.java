package io.github.horkd.examples.spark;

import java.io.Serializable;

/**
 * What the student learns from one picture: its own view, and what the guide knew about the other one.
 *
 * @param index     which image of its source
 * @param label     its class
 * @param low       intensities 0…1 of the low-resolution view
 * @param embedding the guide's embedding of the high-resolution view
 * @param logits    the guide's logits of the high-resolution view
 */
record Taught(int index, int label, float[] low, float[] embedding, float[] logits) implements Serializable {}
