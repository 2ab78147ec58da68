package io.github.horkd.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Second order, across and within the streams, over the batch, with labels: in each block of high- and low-resolution rows the farthest row of an anchor's class is nearer than
 * the nearest row of another, by a margin (batch-hard triplets).
 * <pre>  L = Σ over blocks (s, t), (s, s), (t, s) of  mean over anchors a of max(0, m + max_p |x̂_a − ŷ_p| − min_n |x̂_a − ŷ_n|)
 *   x̂_a from the first side of the block, ŷ from the second, p of a's class, n of another,   unit rows throughout</pre>
 * The fourth block, (t, t), has no gradient and is left out, as the guide is frozen.
 *
 * <p>Learner [N, D]. Guide [N, D + 1], embeddings and a last column of class numbers, −1 for a sample of which nobody knows the class; or [N, D], where each sample is of its own
 * class. Across the streams a sample's own row on the other side is one of its class; within (s, s) it is not, so there anchors whose class has no other
 * sample are left out, and everywhere anchors without a row of another class. The mean runs over the anchors that are left. Of equal distances the first row
 * counts; coinciding rows have no direction and get gradient 0. Blind to the length of every row and to a common rotation. O(N² D) time.
 *
 * <p>After Knoche et al., "Octuplet Loss: Make Face Recognition Robust to Image Resolution", FG 2023; the hardest triplets of a batch after Hermans, Beyer and Leibe, "In Defense of the
 * Triplet Loss for Person Re-Identification", 2017.
 *
 * @param margin m, 0 to 2; 0.2 to 0.5 are usual for unit rows
 */
public record OctupletLoss(double margin) implements BatchLoss {

    /** Rejects a margin outside 0 … 2. */
    public OctupletLoss {
        Checks.inRange("margin", margin, 0, 2);
    }

    @Override
    public boolean readsClasses() {
        return true;
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        ClassedRows rows = ClassedRows.of("OctupletLoss", guide, learner);
        double[] gradient = ThreadBuffers.of(OctupletLoss.class).doubles(0, rows.count * rows.width);
        Arrays.fill(gradient, 0, rows.count * rows.width, 0);
        double value = block(rows, rows.learner, rows.guide, gradient)
                + block(rows, rows.learner, rows.learner, gradient)
                + block(rows, rows.guide, rows.learner, gradient);
        return new LossValue(value, rows.throughUnit(gradient, learner));
    }

    private double block(ClassedRows rows, double[] anchors, double[] others, double[] gradient) {
        int n = rows.count;
        ThreadBuffers buffers = ThreadBuffers.of(OctupletLoss.class);
        int[] hardest = buffers.ints(0, 2 * n); // the farthest of its class, the nearest of another; −1: none
        double[] distances = buffers.doubles(1, 2 * n);
        int used = 0;
        for (int a = 0; a < n; a++) {
            find(rows, anchors, others, a, hardest, distances);
            used += hardest[2 * a] >= 0 && hardest[2 * a + 1] >= 0 ? 1 : 0;
        }
        double sum = 0;
        for (int a = 0; a < n; a++) {
            if (hardest[2 * a] < 0 || hardest[2 * a + 1] < 0) {
                continue;
            }
            double over = margin + distances[2 * a] - distances[2 * a + 1];
            if (over <= 0) {
                continue;
            }
            sum += over; // NaN stays NaN
            pull(rows, anchors, others, a, hardest[2 * a], distances[2 * a], 1.0 / used, gradient);
            pull(rows, anchors, others, a, hardest[2 * a + 1], distances[2 * a + 1], -1.0 / used, gradient);
        }
        return used == 0 ? 0 : sum / used;
    }

    private static void find(
            ClassedRows rows, double[] anchors, double[] others, int a, int[] hardest, double[] distances) {
        hardest[2 * a] = -1;
        hardest[2 * a + 1] = -1;
        for (int j = 0; j < rows.count; j++) {
            if (anchors == others && j == a) {
                continue;
            }
            int kind = rows.together(a, j) ? 2 * a : 2 * a + 1;
            double squares = 0;
            for (int d = 0; d < rows.width; d++) {
                double difference = anchors[a * rows.width + d] - others[j * rows.width + d];
                squares += difference * difference;
            }
            double distance = Math.sqrt(squares);
            boolean harder = kind == 2 * a ? distance > distances[kind] : distance < distances[kind];
            if (hardest[kind] < 0 || harder || Double.isNaN(distance)) {
                hardest[kind] = j;
                distances[kind] = distance;
            }
        }
    }

    /** Adds slope times the derivative of a distance, to those of its two rows that are the learner's. */
    private static void pull(
            ClassedRows rows,
            double[] anchors,
            double[] others,
            int a,
            int j,
            double distance,
            double slope,
            double[] gradient) {
        if (distance == 0) {
            return;
        }
        for (int d = 0; d < rows.width; d++) {
            double along = slope * (anchors[a * rows.width + d] - others[j * rows.width + d]) / distance;
            gradient[a * rows.width + d] += anchors == rows.learner ? along : 0;
            gradient[j * rows.width + d] -= others == rows.learner ? along : 0;
        }
    }
}
