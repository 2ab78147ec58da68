/**
 * CPU speed for any DL4J network: one call on the network object ({@link io.github.horkd.accelerate.Acceleration}) and one setting for the number of threads
 * ({@link io.github.horkd.accelerate.CpuThreads}). Neither leaves a trace in a configuration or a file.
 *
 * <p>The way of the data: a network in memory → its slow layers get faster ones, in place → {@code fit} and {@code output} as ever. How it is done lies in
 * {@code internal.training} and {@code internal.onednn}.
 */
package io.github.horkd.accelerate;
