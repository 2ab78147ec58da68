package io.github.horkd.eval;

import java.util.List;

/**
 * A high-resolution network, a low-resolution one, and the two together.
 *
 * @param highHigh HR probes against an HR gallery, both by the network for high resolution
 * @param lowLow   LR probes against an LR gallery, both by the network for low resolution
 * @param highLow  LR probes by the network for low resolution against the HR gallery of the other: what a camera meets
 * @param naive    LR-LR and HR-LR with low-resolution views enlarged for the network for high resolution, by the best of all interpolations: what a
 *                 student has to beat. Empty where that network cannot be given such views
 */
public record CrossResolution(Matching highHigh, Matching lowLow, Matching highLow, List<Matching> naive) {

    public CrossResolution {
        naive = List.copyOf(naive);
    }

    /**
     * All as a table, in percent.
     *
     * @return three rows, and those of the naive use
     */
    public Table table() {
        Table table = Matching.table().row(highHigh.cells()).row(lowLow.cells()).row(highLow.cells());
        for (Matching each : naive) {
            table = table.row(each.cells());
        }
        return table;
    }

    @Override
    public String toString() {
        return table().toString();
    }
}
