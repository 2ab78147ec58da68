package io.github.horkd.eval;

import java.util.Arrays;

/**
 * Where the mates of one query stand among all candidates, by falling score. Equal scores are one level, whose members stand in random order.
 *
 * @param mates  how many mates each level has that has any, the most alike first
 * @param before how many strangers stand between that level and the one before it
 * @param level  how many strangers are level with it
 */
record RankedMates(int[] mates, int[] before, int[] level) {

    static RankedMates of(int query, float[] row, int at, DenseLabels labels) {
        int n = labels.dense().length;
        int own = labels.at(query);
        float[] scores = new float[n];
        int count = 0;
        for (int j = 0; j < n; j++) {
            if (j != query && labels.at(j) == own) {
                // Negated, so that the most alike come first; adding zero makes one zero of the two.
                scores[count++] = -row[at + j] + 0f;
            }
        }
        Arrays.sort(scores, 0, count);
        float[] distinct = new float[count];
        int[] mates = new int[count];
        int levels = 0;
        for (int i = 0; i < count; i++) {
            if (levels == 0 || scores[i] != distinct[levels - 1]) {
                distinct[levels++] = scores[i];
            }
            mates[levels - 1]++;
        }
        int[] before = new int[levels];
        int[] level = new int[levels];
        for (int j = 0; j < n; j++) {
            if (labels.known(j) && labels.at(j) != own) {
                int place = Arrays.binarySearch(distinct, 0, levels, -row[at + j] + 0f);
                if (place >= 0) {
                    level[place]++;
                } else if (-place - 1 < levels) {
                    before[-place - 1]++;
                }
            }
        }
        return new RankedMates(Arrays.copyOf(mates, levels), before, level);
    }

    /** R. */
    int count() {
        return Arrays.stream(mates).sum();
    }

    /** The probability that a mate is among the first k. */
    double recall(int k) {
        int places = k - before[0];
        double missed = 1;
        for (int place = 0; place < places && missed > 0; place++) {
            missed *= Math.max(0, level[0] - place) / (double) (level[0] + mates[0] - place);
        }
        return places <= 0 ? 0 : 1 - missed;
    }

    /** The expected share of mates among the first R. */
    double rPrecision() {
        int left = count();
        double found = 0;
        for (int l = 0; l < mates.length && left > 0; l++) {
            left -= before[l];
            int size = mates[l] + level[l];
            found += mates[l] * Math.max(0, Math.min(left, size)) / (double) size;
            left -= size;
        }
        return found / count();
    }

    /**
     * The expected Σ P(k) rel(k) / R over the first {@code places}. In a level of size t with m mates, the j-th is a mate with probability m / t, and then
     * (j − 1)(m − 1) / (t − 1) mates of the level are expected before it.
     */
    double averagePrecision(int places) {
        double sum = 0;
        long passed = 0;
        int found = 0;
        for (int l = 0; l < mates.length; l++) {
            passed += before[l];
            int size = mates[l] + level[l];
            for (int j = 1; j <= size && passed + j <= places; j++) {
                double earlier = size == 1 ? 0 : (j - 1.0) * (mates[l] - 1) / (size - 1);
                sum += mates[l] * (found + 1 + earlier) / size / (passed + j);
            }
            passed += size;
            found += mates[l];
        }
        return sum / count();
    }
}
