package io.github.horkd.loss;

import java.util.Arrays;

/**
 * Second order, within the streams, over the places of a map: two places of the learner's map are as alike as the same two places of the guide's, across resolutions.
 * <pre>  L = mean over samples and pairs of cells (p, q) of ( ⟨ŝ_p, ŝ_q⟩ − ⟨t̂_p, t̂_q⟩ )²,   x_p = the channels' averages over cell p of the common grid, x̂_p brought to length 1</pre>
 * The sum over pairs includes p = q, where both are 1.
 *
 * <p>Channels may differ; nothing is learned besides. Blind to the scale of either side, to the length of each cell's features and to a rotation of the channels. A cell of zeros stays one
 * and gets gradient 0. O(N G⁴ C) time on a grid of G × G.
 *
 * <p>After the pair-wise distillation of Liu et al., "Structured Knowledge Distillation for Semantic Segmentation", CVPR 2019, whose affinities are those of pooled nodes too.
 *
 * @param grid G, how many cells a side at most; fewer where one of the maps has fewer places
 */
public record SpatialAffinityLoss(int grid) implements MapLoss {

    private static final int USUAL = 8;

    /** Rejects a grid of less than one cell. */
    public SpatialAffinityLoss {
        Checks.inRange("grid", grid, 1, Integer.MAX_VALUE);
    }

    /**
     * On a grid of at most {@value #USUAL} × {@value #USUAL} cells.
     *
     * @return the loss
     */
    public static SpatialAffinityLoss defaults() {
        return new SpatialAffinityLoss(USUAL);
    }

    @Override
    public String label() {
        return "affinity";
    }

    @Override
    public double lossAndGradient(
            double[] guide,
            MapShape guideShape,
            double[] learner,
            MapShape learnerShape,
            int count,
            double[] gradient) {
        GridPool[] pools = GridPool.onto(guideShape, learnerShape, grid);
        int cells = pools[0].cells();
        int channels = learnerShape.channels();
        int places = learnerShape.height() * learnerShape.width();
        ThreadBuffers buffers = ThreadBuffers.of(SpatialAffinityLoss.class);
        double[] t = buffers.doubles(0, guideShape.channels() * cells);
        double[] s = buffers.doubles(1, channels * cells);
        double[] lengths = buffers.doubles(2, cells);
        double[] slopes = buffers.doubles(3, channels * cells);
        double scale = 1.0 / ((double) count * cells * cells);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            units(pools[0], guide, i, t, lengths);
            units(pools[1], learner, i, s, lengths);
            Arrays.fill(slopes, 0, channels * cells, 0);
            for (int p = 0; p < cells; p++) {
                for (int q = 0; q < p; q++) {
                    double apart = product(s, p, q, channels, cells) - product(t, p, q, guideShape.channels(), cells);
                    sum += 2 * apart * apart * scale;
                    for (int c = 0; c < channels; c++) {
                        slopes[c * cells + p] += 4 * apart * scale * s[c * cells + q];
                        slopes[c * cells + q] += 4 * apart * scale * s[c * cells + p];
                    }
                }
            }
            throughUnits(s, lengths, slopes, channels, cells);
            for (int c = 0; c < channels; c++) {
                pools[1].spread(slopes, c * cells, gradient, (i * channels + c) * places);
            }
        }
        return sum;
    }

    /** Each cell's features brought to length 1, channel after channel. */
    private static void units(GridPool pool, double[] maps, int image, double[] into, double[] lengths) {
        int channels = pool.from().channels();
        int places = pool.from().height() * pool.from().width();
        int cells = pool.cells();
        for (int c = 0; c < channels; c++) {
            pool.pool(maps, (image * channels + c) * places, into, c * cells);
        }
        for (int p = 0; p < cells; p++) {
            double squares = product(into, p, p, channels, cells);
            lengths[p] = Math.sqrt(squares);
            for (int c = 0; c < channels; c++) {
                into[c * cells + p] = squares == 0 ? 0 : into[c * cells + p] / lengths[p];
            }
        }
    }

    private static double product(double[] x, int p, int q, int channels, int cells) {
        double sum = 0;
        for (int c = 0; c < channels; c++) {
            sum += x[c * cells + p] * x[c * cells + q];
        }
        return sum;
    }

    /** From the gradient by unit features to that by the features, in place. */
    private static void throughUnits(double[] units, double[] lengths, double[] slopes, int channels, int cells) {
        for (int p = 0; p < cells; p++) {
            double along = 0;
            for (int c = 0; c < channels; c++) {
                along += units[c * cells + p] * slopes[c * cells + p];
            }
            for (int c = 0; c < channels; c++) {
                int at = c * cells + p;
                slopes[at] = lengths[p] == 0 ? 0 : (slopes[at] - along * units[at]) / lengths[p];
            }
        }
    }
}
