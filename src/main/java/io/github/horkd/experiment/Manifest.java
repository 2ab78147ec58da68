package io.github.horkd.experiment;

import java.util.List;
import java.util.Map;

/**
 * What a run directory says about itself ({@code manifest.json}). With the same experiment, data, files and versions, the same machine gives the same numbers.
 *
 * @param name        of the experiment
 * @param about       what it is for, in a sentence or more; may be empty
 * @param state       how far it is
 * @param problem     what ended it; empty unless it failed
 * @param fingerprint of the experiment's description, seeds excepted
 * @param started     when it was first begun, as ISO-8601 in UTC
 * @param changed     when this file was written last
 * @param seconds     it took so far, over all times that it was gone on with
 * @param seeds       over which it runs
 * @param variants    their names, in order
 * @param naive       names of those variants that are a naive use of a teacher: what a student has to beat
 * @param columns     names of the figures, in order
 * @param versions    of the library, Java, DL4J, ND4J's backend
 * @param machine     operating system, processor, cores, heap, threads
 * @param revision    {@code commit} and {@code branch}; empty outside a git working tree
 * @param data        what was learned from and judged by
 * @param files       digests of the files that teachers, selections and measures name, by their paths as they are written
 */
public record Manifest(
        String name,
        String about,
        RunState state,
        String problem,
        String fingerprint,
        String started,
        String changed,
        double seconds,
        List<Long> seeds,
        List<String> variants,
        List<String> naive,
        List<String> columns,
        Map<String, String> versions,
        Map<String, String> machine,
        Map<String, String> revision,
        List<DataSet> data,
        Map<String, String> files) {

    /**
     * One set of images.
     *
     * @param name        what the experiment calls it
     * @param seed        of the run that it was opened for; the first one's where all runs have the same
     * @param fingerprint of names, shapes, labels and pixels
     * @param pictures    how many
     * @param labelled    how many of them have a label
     * @param classes     how many
     * @param high        shape of the high-resolution view: channels×height×width
     * @param low         shape of the low-resolution view
     * @param leftOut     what the source left out, in words; empty when nothing
     */
    public record DataSet(
            String name,
            long seed,
            String fingerprint,
            int pictures,
            int labelled,
            int classes,
            String high,
            String low,
            String leftOut) {}

    /** Copies the lists. */
    public Manifest {
        seeds = List.copyOf(seeds);
        variants = List.copyOf(variants);
        naive = List.copyOf(naive);
        columns = List.copyOf(columns);
        data = List.copyOf(data);
    }
}
