package io.github.horkd.eval;

/**
 * A high-resolution network, a low-resolution one, and the two together.
 *
 * @param highHigh HR probes against an HR gallery, both by the network for high resolution
 * @param lowLow   LR probes against an LR gallery, both by the network for low resolution
 * @param highLow  LR probes by the network for low resolution against the HR gallery of the other: what a camera meets
 */
public record CrossResolution(Matching highHigh, Matching lowLow, Matching highLow) {

    /**
     * The three as a table, in percent.
     *
     * @return three rows
     */
    public Table table() {
        return Matching.table().row(highHigh.cells()).row(lowLow.cells()).row(highLow.cells());
    }

    @Override
    public String toString() {
        return table().toString();
    }
}
