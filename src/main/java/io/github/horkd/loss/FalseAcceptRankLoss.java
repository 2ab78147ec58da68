package io.github.horkd.loss;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Second order, within the streams or across them, over the batch, with labels: each pair passes as many of the thresholds for stated false-accept rates as it does for the guide
 * (evaluation-oriented knowledge distillation, EKD).
 * <pre>  L = mean over pairs p of one class of (r_S(p) − r_T(p))²  +  w · mean over the hardest pairs of two classes of the same
 *   r(p) = Σ_a σ((x_p − θ_a) / τ),   θ_a = the cosine of a pair of two classes that a share a of these is above</pre>
 * x_p is the cosine of a pair, each side with thresholds of its own. Within the streams S pairs the learner's rows with each other, across them ŝ_i with every t̂_j, t̂_i among them as one of
 * its class; T pairs the guide's rows in the same way. The hardest pairs are those that the learner lets pass at the largest rate.
 *
 * <p>Learner [N, D]. Guide [N, D + 1], embeddings and a last column of class numbers, −1 for a sample of which nobody knows the class; or [N, D], where each sample is of its own
 * class. The gradient is that of L as it stands, so a threshold moves with the pair that sets it. Blind to the length of every row and to a rotation (across the streams: a common one). 0
 * when both sides agree, and without a pair of two classes. NaN input gives NaN. O(N² (D + log N)) time.
 *
 * <p>A batch of N samples of different classes has N (N − 1) / 2 such pairs within a stream; a rate below one in so many is that of the hardest pair. The published code averages
 * thresholds over the batches, from 0 on, and keeps them out of the gradient; here each batch sets its own, so the loss has no state. It takes the 2,000 hardest pairs of two classes and multiplies L by 0.02, with w = 0.5.
 *
 * <p>After Huang, Wu, Xu and Ding, "Evaluation-oriented Knowledge Distillation for Deep Face Recognition", CVPR 2022.
 *
 * @param rates         the shares a, each above 0 and below 1
 * @param temperature   τ, 0.001 to 1000; 0.01 in the published code
 * @param negativeWeight w, 0 and more; 0.5 in the published code
 * @param acrossStreams whether the learner's rows are paired with the guide's
 */
public record FalseAcceptRankLoss(List<Double> rates, double temperature, double negativeWeight, boolean acrossStreams)
        implements BatchLoss {

    private static final double PUBLISHED_TEMPERATURE = 0.01;
    private static final double PUBLISHED_WEIGHT = 0.5;

    /** Rejects no rates or such outside 0 … 1, a temperature outside 0.001 … 1000 and a weight below 0. */
    public FalseAcceptRankLoss {
        Checks.present("rates", rates);
        rates = List.copyOf(rates);
        if (rates.isEmpty()) {
            throw new IllegalArgumentException("rates: wanted at least one, got none");
        }
        rates.forEach(rate -> Checks.inRange("rate", rate, Double.MIN_NORMAL, Math.nextDown(1.0)));
        Checks.inRange("temperature", temperature, 1e-3, 1e3);
        Checks.inRange("negativeWeight", negativeWeight, 0, 1e6);
    }

    /**
     * Within the streams, with temperature and weight of the published code.
     *
     * @param rates the false-accept rates, each above 0 and below 1; 0.1, 0.01, 0.001 for batches of 64 and more
     * @return the loss
     */
    public static FalseAcceptRankLoss at(double... rates) {
        return new FalseAcceptRankLoss(
                DoubleStream.of(rates).boxed().toList(), PUBLISHED_TEMPERATURE, PUBLISHED_WEIGHT, false);
    }

    /**
     * The same with the learner's rows paired with the guide's, as probes of low resolution meet a gallery of high.
     *
     * @return a new loss
     */
    public FalseAcceptRankLoss acrossTheStreams() {
        return new FalseAcceptRankLoss(rates, temperature, negativeWeight, true);
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
        return acrossStreams ? 2 : 3;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        return new Pass(ClassedRows.of("FalseAcceptRankLoss", guide, learner)).run(learner);
    }

    private final class Pass {

        private final ClassedRows rows;
        /** The first and the second row of every pair: those of one class in front. */
        private final int[] firsts;

        private final int[] seconds;
        private final double[] learner;
        private final double[] guide;
        private final double[] slopes;
        private final double[] sorted;
        /** 1 for the pairs that are compared. */
        private final int[] among;

        private int positives;
        private int count;

        Pass(ClassedRows rows) {
            this.rows = rows;
            int most = acrossStreams ? rows.count * rows.count : rows.count * (rows.count - 1) / 2;
            ThreadBuffers buffers = ThreadBuffers.of(FalseAcceptRankLoss.class);
            firsts = buffers.ints(0, most);
            seconds = buffers.ints(1, most);
            learner = buffers.doubles(0, most);
            guide = buffers.doubles(1, most);
            slopes = buffers.doubles(2, most);
            sorted = buffers.doubles(3, most);
            among = buffers.ints(2, most);
            pairs(true);
            positives = count;
            pairs(false);
            Arrays.fill(slopes, 0, count, 0);
        }

        private void pairs(boolean together) {
            for (int i = 0; i < rows.count; i++) {
                for (int j = acrossStreams ? 0 : i + 1; j < rows.count; j++) {
                    if (rows.together(i, j) == together) {
                        firsts[count] = i;
                        seconds[count] = j;
                        learner[count] = rows.cosine(rows.learner, i, acrossStreams ? rows.guide : rows.learner, j);
                        guide[count] = rows.cosine(rows.guide, i, rows.guide, j);
                        count++;
                    }
                }
            }
        }

        LossValue run(INDArray like) {
            double value = 0;
            if (count > positives) {
                int[] own = thresholds(learner);
                int[] wanted = thresholds(guide);
                Arrays.fill(among, 0, positives, 1);
                value = compare(0, positives, own, wanted, 1);
                chooseHardest();
                value += compare(positives, count, own, wanted, negativeWeight);
            }
            return new LossValue(value, rows.throughUnit(gradient(), like));
        }

        /** How many pairs of two classes a rate lets pass. */
        private int passing(double rate) {
            return Math.min(count - positives - 1, (int) Math.floor((count - positives) * rate + 1e-9));
        }

        /** The pair that sets the threshold of each rate. NaN counts as large, so that it stays visible. */
        private int[] thresholds(double[] cosines) {
            sortOthers(cosines);
            return rates.stream()
                    .mapToInt(rate -> first(cosines, sorted[count - positives - 1 - passing(rate)]))
                    .toArray();
        }

        private void sortOthers(double[] cosines) {
            System.arraycopy(cosines, positives, sorted, 0, count - positives);
            Arrays.sort(sorted, 0, count - positives);
        }

        private int first(double[] cosines, double wanted) {
            int pair = positives;
            while (Double.compare(cosines[pair], wanted) != 0) {
                pair++;
            }
            return pair;
        }

        /** Marks the pairs of two classes that the largest rate lets pass. */
        private void chooseHardest() {
            int left =
                    1 + passing(rates.stream().mapToDouble(rate -> rate).max().orElse(0));
            sortOthers(learner);
            double from = sorted[count - positives - left];
            Arrays.fill(among, positives, count, 0);
            for (int pair = positives; pair < count; pair++) {
                if (Double.compare(learner[pair], from) > 0) {
                    among[pair] = 1;
                    left--;
                }
            }
            for (int pair = positives; pair < count && left > 0; pair++) {
                if (Double.compare(learner[pair], from) == 0) {
                    among[pair] = 1;
                    left--;
                }
            }
        }

        private double compare(int from, int to, int[] own, int[] wanted, double weight) {
            int taken = 0;
            for (int pair = from; pair < to; pair++) {
                taken += among[pair];
            }
            double sum = 0;
            for (int pair = from; pair < to; pair++) {
                if (among[pair] == 0) {
                    continue;
                }
                double apart = 0;
                for (int a = 0; a < own.length; a++) {
                    apart += Critic.logistic((learner[pair] - learner[own[a]]) / temperature)
                            - Critic.logistic((guide[pair] - guide[wanted[a]]) / temperature);
                }
                sum += apart * apart;
                for (int threshold : own) {
                    double passes = Critic.logistic((learner[pair] - learner[threshold]) / temperature);
                    double slope = weight * 2 * apart / taken * passes * (1 - passes) / temperature;
                    slopes[pair] += slope;
                    slopes[threshold] -= slope;
                }
            }
            return taken == 0 ? 0 : weight * sum / taken;
        }

        private double[] gradient() {
            int width = rows.width;
            double[] gradient = ThreadBuffers.of(Pass.class).doubles(0, rows.count * width);
            Arrays.fill(gradient, 0, rows.count * width, 0);
            for (int pair = 0; pair < count; pair++) {
                int i = firsts[pair] * width;
                int j = seconds[pair] * width;
                for (int d = 0; d < width && slopes[pair] != 0; d++) {
                    if (acrossStreams) {
                        gradient[i + d] += slopes[pair] * rows.guide[j + d];
                    } else {
                        gradient[i + d] += slopes[pair] * rows.learner[j + d];
                        gradient[j + d] += slopes[pair] * rows.learner[i + d];
                    }
                }
            }
            return gradient;
        }
    }
}
