/**
 * Experiments: what is learned from what, over seeds and variants, as a value that can be written to a file, run, stopped, gone on with and read back.
 *
 * <p>Begin with {@link io.github.horkd.experiment.Experiment}. A run leaves a directory, which {@link io.github.horkd.experiment.RunDirectory#read} reads, also while it runs.
 */
package io.github.horkd.experiment;
