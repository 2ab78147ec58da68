package io.github.horkd.eval;

import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Recall@K, leave-one-out: how often at least one of the K most similar other images is of the query's class.
 * <pre>  R@K = (1 / n) Σ_i [some j ≠ i among the K largest cos(x_i, x_j) has label_j = label_i]</pre>
 * Only queries that have a mate are counted; unlabelled images are neither queries nor candidates. Images of equal
 * similarity stand in random order, and the expectation over that order is counted: a network that has collapsed to one
 * point scores what chance would, whatever the order of the images.
 *
 * @param recall  K → R@K, 0…1, NaN when there was no query
 * @param queries counted queries
 * @param lonely  labelled images left out because theirs is the only one of their class
 */
public record Retrieval(SortedMap<Integer, Double> recall, int queries, int lonely) {

    /**
     * Copies the map.
     *
     * @param recall  K → R@K
     * @param queries counted queries
     * @param lonely  images left out
     */
    public Retrieval {
        recall = Collections.unmodifiableSortedMap(new TreeMap<>(recall));
    }

    /**
     * Retrieves every image with every other as the candidates.
     *
     * @param embeddings [N, D]; need not be of unit length
     * @param labels     N labels
     * @param ks         the K's, each at least 1
     * @return the recalls
     */
    public static Retrieval of(INDArray embeddings, int[] labels, int... ks) {
        if (ks.length == 0 || Arrays.stream(ks).anyMatch(k -> k < 1)) {
            throw new IllegalArgumentException("K: wanted one or more, each at least 1, got " + Arrays.toString(ks));
        }
        UnitRows rows = UnitRows.of("embeddings", embeddings);
        rows.wantLabels(labels);
        Labels known = Labels.of(labels);
        int[] sizes = known.sizes();
        double[] hits = new double[ks.length];
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
            Nearest nearest = Nearest.of(query, row, at, known);
            for (int k = 0; k < ks.length; k++) {
                hits[k] += nearest.within(ks[k]);
            }
        });
        SortedMap<Integer, Double> recall = new TreeMap<>();
        for (int k = 0; k < ks.length; k++) {
            recall.put(ks[k], counts[0] == 0 ? Double.NaN : hits[k] / counts[0]);
        }
        return new Retrieval(recall, counts[0], counts[1]);
    }

    /** Where the best mate stands: strangers before it, and strangers and mates level with it. */
    private record Nearest(int before, int strangers, int mates) {

        static Nearest of(int query, float[] row, int at, Labels labels) {
            float best = Float.NEGATIVE_INFINITY;
            int mates = 0;
            for (int j = 0; j < labels.dense().length; j++) {
                if (j != query && labels.at(j) == labels.at(query) && row[at + j] >= best) {
                    mates = row[at + j] > best ? 1 : mates + 1;
                    best = row[at + j];
                }
            }
            int before = 0;
            int level = 0;
            for (int j = 0; j < labels.dense().length; j++) {
                if (labels.known(j) && labels.at(j) != labels.at(query)) {
                    before += row[at + j] > best ? 1 : 0;
                    level += row[at + j] == best ? 1 : 0;
                }
            }
            return new Nearest(before, level, mates);
        }

        /** The probability that a mate is among the first k. */
        double within(int k) {
            int places = k - before;
            if (places <= 0) {
                return 0;
            }
            double missed = 1;
            for (int place = 0; place < places && missed > 0; place++) {
                missed *= Math.max(0, strangers - place) / (double) (strangers + mates - place);
            }
            return 1 - missed;
        }
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

    @Override
    public String toString() {
        return recall.entrySet().stream()
                        .map(each -> "R@" + each.getKey() + " " + Percent.of(each.getValue()) + " %")
                        .collect(Collectors.joining(", "))
                + " of " + queries + " queries"
                + (lonely == 0 ? "" : " (" + lonely + " without a mate left out)");
    }
}
