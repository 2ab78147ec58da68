package io.github.horkd.loss;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Second and third order, across the streams, over the batch: the relation of a guide's row to a row of the learner is told by a critic as that which the guide has between the same
 * two samples, among the relations to every other sample (cross-resolution relational contrastive distillation, CRRCD).
 * <pre>  L = mean over pairs (i, j), j ≠ i, of  −log h(v_ij, w_ij) − Σ_(k ≠ i, j) log(1 − h(v_ij, w_ik))
 *   v_ij = (t̂_j − t̂_i) / |t̂_j − t̂_i|,   w_ik = (ŝ_k − t̂_i) / |ŝ_k − t̂_i|,   h(v, w) = exp(⟨v, w⟩/τ) / (exp(⟨v, w⟩/τ) + κ)</pre>
 *
 * <p>Guide and learner [N, D], of one width; x̂ is the row brought to length 1. κ is stated, or Σ_(k ≠ i, j) exp(⟨v_ij, v_ik⟩/τ), what the guide's own relations make of it; see
 * {@link NoiseContrastiveLoss}. The paper has relation vectors of two learned layers; here they are the directions of edges, as relations of higher order have them, with nothing to learn.
 * An edge shorter than 0.001 has no direction and is left out; samples whose guide rows coincide are no negatives of each other. Blind to the length of every row and to a common
 * rotation, and to the order of rows as long as all of them are anchors. Not 0 when both sides agree. NaN input gives NaN. O(A N²) time besides two products of N² D, O(N²) memory.
 *
 * <p>After Zhang, Ge, Shi and Zeng, "Low-Resolution Object Recognition with Cross-Resolution Relational Contrastive Distillation", 2024 (arXiv 2409.02555); the critic is that of
 * Tian et al., "Contrastive Representation Distillation", ICLR 2020.
 *
 * @param temperature τ, 0.001 to 1000; 0.1 is usual
 * @param noise       κ, &gt; 0; 0 when it is set from the guide's own relations
 * @param anchors     how many samples i are taken at most, A; of a larger batch such that lie evenly in it
 */
public record RelationContrastiveLoss(double temperature, double noise, int anchors) implements BatchLoss {

    private static final double HIGHEST = 1e9;
    private static final double SHORT = 1e-3;
    private static final int USUAL = 64;

    /** Rejects a temperature outside 0.001 … 1000, a κ outside 0 … 1e9 and fewer than one anchor. */
    public RelationContrastiveLoss {
        Checks.inRange("temperature", temperature, 1e-3, 1e3);
        Checks.inRange("noise", noise, 0, HIGHEST);
        Checks.inRange("anchors", anchors, 1, Integer.MAX_VALUE);
    }

    /**
     * κ set from the guide's own relations, {@value #USUAL} anchors at most.
     *
     * @param temperature τ, 0.001 to 1000; 0.1 is usual
     * @return the loss
     */
    public static RelationContrastiveLoss at(double temperature) {
        return new RelationContrastiveLoss(temperature, 0, USUAL);
    }

    @Override
    public boolean needsEqualWidths() {
        return true;
    }

    @Override
    public int smallestBatch() {
        return noise == 0 ? 3 : 2;
    }

    @Override
    public LossValue lossAndGradient(INDArray guide, INDArray learner) {
        Checks.sameShape("RelationContrastiveLoss", guide, learner, Checks.ONE_SPACE);
        return new Pass(ClassedRows.of("RelationContrastiveLoss", guide, learner)).run(learner);
    }

    /** One batch, by products alone: ⟨t̂_j − t̂_i, ŝ_k − t̂_i⟩ = A_jk − G_ij − A_ik + G_ii, G = T̂T̂ᵀ, A = T̂Ŝᵀ. */
    private final class Pass {

        private final ClassedRows rows;
        private final int n;
        private final double[] g;
        private final double[] a;
        /** ∂L/∂A. */
        private final double[] slopes;

        private final double[] guideEdges;
        private final double[] edges;
        private final Critic critic =
                new Critic(); // one for all pairs: nothing of it rests on a compiler that removes it
        private double sum;
        private long pairs;

        Pass(ClassedRows rows) {
            this.rows = rows;
            this.n = rows.count;
            ThreadBuffers buffers = ThreadBuffers.of(RelationContrastiveLoss.class);
            g = buffers.doubles(0, n * n);
            a = buffers.doubles(1, n * n);
            slopes = buffers.doubles(2, n * n);
            guideEdges = buffers.doubles(3, n);
            edges = buffers.doubles(4, n);
            Arrays.fill(slopes, 0, n * n, 0);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    g[i * n + j] = rows.cosine(rows.guide, i, rows.guide, j);
                    a[i * n + j] = rows.cosine(rows.guide, i, rows.learner, j);
                }
            }
        }

        LossValue run(INDArray learner) {
            int taken = Math.min(n, anchors);
            for (int anchor = 0; anchor < taken; anchor++) {
                around((int) ((long) anchor * n / taken));
            }
            double[] gradient = ThreadBuffers.of(Pass.class).doubles(0, n * rows.width);
            Arrays.fill(gradient, 0, n * rows.width, 0);
            for (int j = 0; j < n && pairs > 0; j++) {
                for (int k = 0; k < n; k++) {
                    double slope = slopes[j * n + k] / pairs;
                    for (int d = 0; d < rows.width && slope != 0; d++) {
                        gradient[k * rows.width + d] += slope * rows.guide[j * rows.width + d];
                    }
                }
            }
            return new LossValue(pairs == 0 ? 0 : sum / pairs, rows.throughUnit(gradient, learner));
        }

        private void around(int i) {
            for (int k = 0; k < n; k++) {
                double own = rows.cosine(rows.learner, k, rows.learner, k);
                guideEdges[k] = Math.sqrt(Math.max(0, squares(i, k)));
                edges[k] = Math.sqrt(Math.max(0, g[i * n + i] + own - 2 * a[i * n + k]));
            }
            for (int j = 0; j < n; j++) {
                if (j != i && isThere(guideEdges[j]) && isThere(edges[j])) {
                    pair(i, j);
                    pairs++;
                }
            }
        }

        private double squares(int i, int k) {
            return g[i * n + i] + g[k * n + k] - 2 * g[i * n + k];
        }

        /** NaN is there, so that it stays visible. */
        private static boolean isThere(double length) {
            return !(length <= SHORT);
        }

        private boolean isNegative(int i, int j, int k) {
            return k != i && k != j && !(squares(j, k) <= SHORT * SHORT);
        }

        private void pair(int i, int j) {
            double logNoise = noise == 0 ? logNoise(i, j) : Math.log(noise);
            double own = cosine(i, j, j) / temperature - logNoise;
            sum += Critic.softplus(-own);
            pull(i, j, j, -Critic.logistic(-own) / temperature);
            critic.begin();
            for (int k = 0; k < n; k++) {
                if (isNegative(i, j, k) && isThere(edges[k])) {
                    pull(i, j, k, critic.add(cosine(i, j, k) / temperature - logNoise) / temperature);
                }
            }
            sum += critic.sum();
        }

        private double logNoise(int i, int j) {
            double all = 0; // cosines are at most 1, and so is the largest exponent over τ
            for (int k = 0; k < n; k++) {
                if (isNegative(i, j, k) && isThere(guideEdges[k])) {
                    double cosine = (g[j * n + k] - g[i * n + j] - g[i * n + k] + g[i * n + i])
                            / (guideEdges[j] * guideEdges[k]);
                    all += Math.exp((cosine - 1) / temperature);
                }
            }
            return all == 0 ? Double.NEGATIVE_INFINITY : Math.log(all) + 1 / temperature;
        }

        private double cosine(int i, int j, int k) {
            return (a[j * n + k] - g[i * n + j] - a[i * n + k] + g[i * n + i]) / (guideEdges[j] * edges[k]);
        }

        /** Adds a slope by ⟨v_ij, w_ik⟩. */
        private void pull(int i, int j, int k, double slope) {
            double along = slope / (guideEdges[j] * edges[k]);
            slopes[j * n + k] += along;
            slopes[i * n + k] += slope * cosine(i, j, k) / (edges[k] * edges[k]) - along;
        }
    }
}
