/**
 * Experiments: what is learned from what, over seeds and variants, as a value that can be written to a file, run, stopped, gone on with and read back.
 *
 * <p>The way of the data: a YAML or JSON file, or Java → {@link io.github.horkd.experiment.Experiment} → {@link io.github.horkd.experiment.ExperimentRun} opens image sets and
 * teachers, trains every variant for every seed and measures it → a directory with manifest, curves, figures and networks → {@link io.github.horkd.experiment.RunDirectory} → the
 * reports of {@code report}.
 *
 * <p>Begin with {@link io.github.horkd.experiment.Experiment}. A run leaves a directory, which {@link io.github.horkd.experiment.RunDirectory#read} reads, also while it runs.
 */
package io.github.horkd.experiment;
