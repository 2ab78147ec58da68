package io.github.horkd.eval;

import io.github.horkd.internal.rows.UnitRows;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Retrieval, leave-one-out: how well the images most similar to a query are of its class.
 * <pre>  R@K   = (1 / n) Σ_i [some j ≠ i among the K largest cos(x_i, x_j) has label_j = label_i]
 *  AP_i  = (1 / R_i) Σ_k P_i(k) · rel_i(k)            P_i(k) = share of mates among the first k, R_i = number of mates
 *  mAP   = mean of AP_i over all candidates           MAP@R = the same with k ≤ R_i alone
 *  R-precision = mean of P_i(R_i)</pre>
 * MAP@R is that of Musgrave, Belongie and Lim, "A metric learning reality check", ECCV 2020. Only queries that have a mate are counted; unlabelled images
 * are neither queries nor candidates. Images of equal similarity stand in random order, and the expectation over that order is counted: a network that
 * has collapsed to one point scores what chance would, whatever the order of the images.
 *
 * @param recall               K → R@K, 0…1, NaN when there was no query
 * @param meanAveragePrecision mAP, 0…1, NaN when there was no query
 * @param rPrecision           0…1, NaN when there was no query
 * @param mapAtR               MAP@R, 0…1, NaN when there was no query
 * @param queries              counted queries
 * @param withoutMate               labelled images left out because theirs is the only one of their class
 */
public record Retrieval(
        SortedMap<Integer, Double> recall,
        double meanAveragePrecision,
        double rPrecision,
        double mapAtR,
        int queries,
        int withoutMate) {

    public Retrieval {
        recall = Collections.unmodifiableSortedMap(new TreeMap<>(recall));
    }

    /**
     * Retrieves every image with every other as the candidates.
     *
     * @param embeddings [N, D]; need not be of unit length
     * @param labels     N labels
     * @param ks         the K's, each at least 1
     * @return the measures
     */
    public static Retrieval of(INDArray embeddings, int[] labels, int... ks) {
        if (ks.length == 0 || Arrays.stream(ks).anyMatch(k -> k < 1)) {
            throw new IllegalArgumentException("K: wanted one or more, each at least 1, got " + Arrays.toString(ks));
        }
        UnitRows rows = UnitRows.of("embeddings", embeddings);
        rows.wantLabels(labels);
        DenseLabels known = DenseLabels.of(labels);
        int[] sizes = known.sizes();
        double[] hits = new double[ks.length];
        double[] sums = new double[3];
        int[] counts = new int[2];
        rows.compare(rows, (query, row, at) -> {
            if (!known.known(query)) {
                return;
            }
            if (sizes[known.at(query)] < 2) {
                counts[1]++;
                return;
            }
            counts[0]++;
            RankedMates mates = RankedMates.of(query, row, at, known);
            for (int k = 0; k < ks.length; k++) {
                hits[k] += mates.recall(ks[k]);
            }
            sums[0] += mates.averagePrecision(Integer.MAX_VALUE);
            sums[1] += mates.rPrecision();
            sums[2] += mates.averagePrecision(mates.count());
        });
        SortedMap<Integer, Double> recall = new TreeMap<>();
        for (int k = 0; k < ks.length; k++) {
            recall.put(ks[k], mean(hits[k], counts[0]));
        }
        return new Retrieval(
                recall,
                mean(sums[0], counts[0]),
                mean(sums[1], counts[0]),
                mean(sums[2], counts[0]),
                counts[0],
                counts[1]);
    }

    private static double mean(double sum, int count) {
        return count == 0 ? Double.NaN : sum / count;
    }

    /**
     * The recall at one K.
     *
     * @param k one of those that were asked for
     * @return 0…1, NaN when there was no query
     */
    public double at(int k) {
        Double value = recall.get(k);
        if (value == null) {
            throw new IllegalArgumentException("R@" + k + ": was not asked for; there are " + recall.keySet());
        }
        return value;
    }

    /**
     * Where R@K lies, the queries taken as independent.
     *
     * @param k one of those that were asked for
     * @return an interval of 95 %
     */
    public Interval interval(int k) {
        return Interval.wilson(at(k), queries);
    }

    @Override
    public String toString() {
        return recall.entrySet().stream()
                        .map(each -> "R@" + each.getKey() + " " + PercentText.of(each.getValue()) + " %")
                        .collect(Collectors.joining(", "))
                + ", mAP " + PercentText.of(meanAveragePrecision) + " %, R-precision " + PercentText.of(rPrecision)
                + " % of "
                + queries + " queries"
                + (withoutMate == 0 ? "" : " (" + withoutMate + " without a mate left out)");
    }
}
