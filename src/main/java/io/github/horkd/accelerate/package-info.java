/**
 * CPU speed for any DL4J network: one call on the network object ({@link io.github.horkd.accelerate.Acceleration}) and one setting for the number of threads
 * ({@link io.github.horkd.accelerate.CpuThreads}). Neither leaves a trace in a configuration or a file. How it is done lies in {@code internal.training} and
 * {@code internal.onednn}.
 */
package io.github.horkd.accelerate;
