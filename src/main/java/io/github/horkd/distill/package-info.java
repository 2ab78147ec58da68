/**
 * Distillation: what a frozen guide knows, stages as data, the training loop, its events and listeners.
 */
package io.github.horkd.distill;
