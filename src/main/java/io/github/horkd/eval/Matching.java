package io.github.horkd.eval;

import java.util.Optional;

/**
 * What one combination of resolutions achieves.
 *
 * @param name           for people: HR-HR, LR-LR, HR-LR
 * @param topOne         classification, classes matched by name; empty across networks, and for a network without classes
 * @param identification probes against the gallery
 * @param verification   all pairs of different probes, one person one vote
 */
public record Matching(String name, Optional<TopOne> topOne, Identification identification, Verification verification) {

    /**
     * The names of the columns of {@link #cells()}.
     *
     * @return an empty table
     */
    public static Table table() {
        return Table.of("", "top-1", "rank-1", "rank-5", "AUC", "EER", "TAR 1e-2", "TAR 1e-3");
    }

    /**
     * The measures as one row, in percent.
     *
     * @return cells for {@link Table#row}
     */
    public Object[] cells() {
        return new Object[] {
            name,
            topOne.map(each -> PercentText.of(each.rate())).orElse("-"),
            PercentText.of(identification.rank(1)),
            PercentText.of(identification.rank(5)),
            PercentText.of(verification.auc()),
            PercentText.of(verification.equalErrorRate()),
            PercentText.of(verification.trueAcceptAt(1e-2)),
            PercentText.of(verification.trueAcceptAt(1e-3))
        };
    }

    @Override
    public String toString() {
        return name + ": " + topOne.map(each -> each + "; ").orElse("") + identification + "; " + verification;
    }
}
