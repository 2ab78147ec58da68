package io.github.horkd.experiment;

import java.util.List;

/**
 * How variants are judged.
 *
 * @param test      the set whose pictures are probes
 * @param gallery   the set that they are looked for in; empty for all the other pictures of the test
 * @param teacher   the network that makes the gallery at high resolution, unless a variant says otherwise
 * @param mirrored  whether every embedding is the sum of those of picture and mirror image
 * @param measures  the columns of the table
 * @param sides     heights of coarser pictures at which low-resolution variants are tried too; empty to try none
 */
public record EvaluationPlan(
        String test, String gallery, String teacher, boolean mirrored, List<Measure> measures, List<Integer> sides) {

    /** Copies the lists. */
    public EvaluationPlan {
        measures = List.copyOf(measures);
        sides = List.copyOf(sides);
        if (measures.isEmpty()) {
            throw new IllegalArgumentException("evaluation: wanted at least one measure, got none");
        }
        if (sides.stream().anyMatch(side -> side < 1)) {
            throw new IllegalArgumentException("sides: wanted heights of 1 pixel and more, got " + sides);
        }
    }

    /** The names of the columns, in order. */
    List<String> columns() {
        return measures.stream().flatMap(measure -> measure.columns().stream()).toList();
    }
}
