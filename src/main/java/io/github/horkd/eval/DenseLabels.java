package io.github.horkd.eval;

import io.github.horkd.data.PairedImages;
import java.util.Arrays;
import java.util.HashMap;

/** DenseLabels as dense numbers 0 … {@code count} − 1, in the order of first appearance; unlabelled stays unlabelled. */
record DenseLabels(int[] dense, int count) {

    /** Numbers several arrays together, so that equal labels get equal numbers throughout. */
    static DenseLabels[] together(int[]... arrays) {
        var numbers = new HashMap<Integer, Integer>();
        int[][] dense = new int[arrays.length][];
        for (int a = 0; a < arrays.length; a++) {
            dense[a] = Arrays.stream(arrays[a])
                    .map(label -> label == PairedImages.UNLABELLED
                            ? label
                            : numbers.computeIfAbsent(checked(label), unseen -> numbers.size()))
                    .toArray();
        }
        return Arrays.stream(dense)
                .map(each -> new DenseLabels(each, numbers.size()))
                .toArray(DenseLabels[]::new);
    }

    static DenseLabels of(int[] labels) {
        return together(labels)[0];
    }

    private static int checked(int label) {
        if (label < 0) {
            throw new IllegalArgumentException(
                    "label: wanted 0 or more, or " + PairedImages.UNLABELLED + " for unlabelled, got " + label);
        }
        return label;
    }

    int at(int index) {
        return dense[index];
    }

    boolean known(int index) {
        return dense[index] != PairedImages.UNLABELLED;
    }

    /** How many images each label has. */
    int[] sizes() {
        int[] sizes = new int[count];
        for (int label : dense) {
            if (label != PairedImages.UNLABELLED) {
                sizes[label]++;
            }
        }
        return sizes;
    }

    /**
     * The best score of each label, −∞ for one that has no row.
     *
     * @param scores  a score a row, from {@code at} on
     * @param leftOut a row that does not count, or −1
     */
    void best(float[] scores, int at, int leftOut, float[] best) {
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        for (int j = 0; j < dense.length; j++) {
            if (known(j) && j != leftOut) {
                best[dense[j]] = Math.max(best[dense[j]], scores[at + j]);
            }
        }
    }
}
