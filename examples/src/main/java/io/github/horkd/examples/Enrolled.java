package io.github.horkd.examples;

import org.nd4j.linalg.api.ndarray.INDArray;

/** What a gallery keeps of a sharp picture. */
enum Enrolled {

    /** What the teacher says of it. */
    HIGH(""),

    /**
     * That, and what the recogniser of probes says of it made as small as they are: unit rows of both, added. Whatever small pictures make the recogniser say, it is
     * in probe and gallery alike.
     */
    BOTH(", enrolled at both resolutions");

    private final String suffix;

    Enrolled(String suffix) {
        this.suffix = suffix;
    }

    /** The name of a row. */
    String row(String name) {
        return name + suffix;
    }

    /** The rows of the gallery. */
    INDArray of(INDArray high, INDArray low) {
        return this == HIGH ? high : unit(high).addi(unit(low));
    }

    private static INDArray unit(INDArray rows) {
        return rows.divColumnVector(rows.norm2(true, 1));
    }
}
