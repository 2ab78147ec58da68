package io.github.horkd.loss;

import java.util.Arrays;
import java.util.function.IntConsumer;

/** The bank's rows that are one sample's own, each once. */
final class OwnRows implements IntConsumer {

    int[] rows = new int[4];
    /** Their products with the sample over the temperature. */
    double[] logits = new double[4];

    int count;

    @Override
    public void accept(int row) {
        for (int i = 0; i < count; i++) {
            if (rows[i] == row) {
                return;
            }
        }
        if (count == rows.length) {
            rows = Arrays.copyOf(rows, 2 * count);
            logits = Arrays.copyOf(logits, 2 * count);
        }
        rows[count++] = row;
    }

    /** Makes the logits what they are by a softmax over them alone; returns the logarithm of their sum before. */
    double softmax() {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[i] - max);
        }
        for (int i = 0; i < count; i++) {
            logits[i] = Math.exp(logits[i] - max) / sum;
        }
        return max + Math.log(sum);
    }
}
