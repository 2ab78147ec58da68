package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import io.github.horkd.internal.rows.UnitRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Closed-set identification: at which place of the ranked identities a probe finds its own.
 * <pre>  s(i, c) = max over gallery rows j of identity c of cos(probe_i, gallery_j)
 *   CMC(k)  = share of the probes whose own identity is among the k identities of largest s</pre>
 * Probes and gallery may come from different networks that share one space: a low-resolution probe by the student
 * against a high-resolution gallery by the teacher. Identities of equal similarity stand in random order, and the
 * expectation over that order is counted. Unlabelled rows are left out on both sides. A probe whose identity is not in
 * the gallery cannot be right; it is left out and told.
 *
 * @param cmc         cumulative match characteristic, 0…1: entry k − 1 is the share found within the first k; empty
 *                    when there was no probe
 * @param probes      counted probes
 * @param identities  identities in the gallery
 * @param withoutMate labelled probes left out because the gallery does not know their identity
 */
public record Identification(List<Double> cmc, int probes, int identities, int withoutMate) {

    public Identification {
        cmc = List.copyOf(cmc);
    }

    /**
     * Identifies probes against a gallery.
     *
     * @param probes        [N, D]
     * @param probeLabels   N labels
     * @param gallery       [M, D], one or more rows per identity; {@link IdentityMeans#of} makes it one
     * @param galleryLabels M labels
     * @return the places
     */
    public static Identification of(INDArray probes, int[] probeLabels, INDArray gallery, int[] galleryLabels) {
        return of(
                Similarity.cosines(UnitRows.of("probes", probes), UnitRows.of("gallery", gallery)),
                probeLabels,
                galleryLabels,
                false);
    }

    /**
     * Identifies by scores that anyone made.
     *
     * @param scores        [N, M], larger is more alike; finite
     * @param probeLabels   N labels
     * @param galleryLabels M labels
     * @return the places
     */
    public static Identification ofScores(INDArray scores, int[] probeLabels, int[] galleryLabels) {
        return of(Similarity.matrix(scores), probeLabels, galleryLabels, false);
    }

    /**
     * Identifies every image against all the others: row i of both arrays is the same picture, and it is left out of
     * its own gallery. Identities with a single image are left out as probes.
     *
     * @param probes  [N, D], for example low-resolution views by the student
     * @param gallery [N, D], for example high-resolution views by the teacher
     * @param labels  N labels
     * @return the places
     */
    public static Identification leaveOneOut(INDArray probes, INDArray gallery, int[] labels) {
        UnitRows these = UnitRows.of("probes", probes);
        UnitRows those = UnitRows.of("gallery", gallery);
        these.wantSameCount(those);
        return of(Similarity.cosines(these, those), labels, labels, true);
    }

    /**
     * Identifies with one picture per identity enrolled: the first image of everyone who has two or more is the
     * gallery, their other images are the probes. Row i of both arrays is the same picture.
     *
     * @param probes  [N, D]
     * @param gallery [N, D]
     * @param labels  N labels
     * @return the places
     */
    public static Identification firstEnrolled(INDArray probes, INDArray gallery, int[] labels) {
        UnitRows these = UnitRows.of("probes", probes);
        UnitRows those = UnitRows.of("gallery", gallery);
        these.wantSameCount(those);
        these.wantLabels(labels);
        DenseLabels known = DenseLabels.of(labels);
        int[] sizes = known.sizes();
        boolean[] enrolled = new boolean[known.count()];
        int[] probeLabels = labels.clone();
        int[] galleryLabels = labels.clone();
        for (int i = 0; i < labels.length; i++) {
            boolean counts = known.known(i) && sizes[known.at(i)] > 1;
            boolean first = counts && !enrolled[known.at(i)];
            if (first) {
                enrolled[known.at(i)] = true;
            }
            if (!counts || first) {
                probeLabels[i] = PairedImages.UNLABELLED;
            }
            if (!first) {
                galleryLabels[i] = PairedImages.UNLABELLED;
            }
        }
        return of(Similarity.cosines(these, those), probeLabels, galleryLabels, false);
    }

    private static Identification of(Similarity similarity, int[] probeLabels, int[] galleryLabels, boolean skipOwn) {
        similarity.wantLabels(probeLabels, galleryLabels);
        DenseLabels[] both = DenseLabels.together(galleryLabels, probeLabels);
        DenseLabels those = both[0];
        DenseLabels these = both[1];
        int[] sizes = those.sizes();
        int identities = (int) Arrays.stream(sizes).filter(size -> size > 0).count();
        double[] placed = new double[identities];
        int[] counts = new int[2];
        float[] best = new float[sizes.length];
        similarity.forEach((probe, row, at) -> {
            if (!these.known(probe)) {
                return;
            }
            int own = these.at(probe);
            if (sizes[own] < (skipOwn ? 2 : 1)) {
                counts[1]++;
                return;
            }
            counts[0]++;
            those.best(row, at, skipOwn ? probe : -1, best);
            place(best, own, placed);
        });
        return new Identification(cumulate(placed, counts[0]), counts[0], identities, counts[1]);
    }

    /** Spreads one probe over the places it may stand at. */
    private static void place(float[] best, int own, double[] placed) {
        int before = 0;
        int level = 0;
        for (int c = 0; c < best.length; c++) {
            if (c != own && best[c] > Float.NEGATIVE_INFINITY) {
                before += best[c] > best[own] ? 1 : 0;
                level += best[c] == best[own] ? 1 : 0;
            }
        }
        for (int place = before; place <= before + level; place++) {
            placed[place] += 1.0 / (level + 1);
        }
    }

    private static List<Double> cumulate(double[] placed, int probes) {
        List<Double> cmc = new ArrayList<>(placed.length);
        double sum = 0;
        for (int k = 0; probes > 0 && k < placed.length; k++) {
            sum += placed[k];
            cmc.add(Math.min(1, sum / probes));
        }
        return cmc;
    }

    /**
     * The share of probes whose identity is among the first k.
     *
     * @param k at least 1; beyond the number of identities it is what the last place has
     * @return 0…1, NaN when there was no probe
     */
    public double rank(int k) {
        if (k < 1) {
            throw new IllegalArgumentException("rank: wanted 1 or more, got " + k);
        }
        return cmc.isEmpty() ? Double.NaN : cmc.get(Math.min(k, cmc.size()) - 1);
    }

    /**
     * Where {@link #rank} lies, the probes taken as independent.
     *
     * @param k at least 1
     * @return an interval of 95 %
     */
    public Interval interval(int k) {
        return Interval.wilson(rank(k), probes);
    }

    @Override
    public String toString() {
        return "rank-1 " + PercentText.of(rank(1)) + " %, rank-5 " + PercentText.of(rank(5)) + " % of " + probes
                + " probes among " + identities + " identities"
                + (withoutMate == 0 ? "" : " (" + withoutMate + " probes without a mate left out)");
    }
}
