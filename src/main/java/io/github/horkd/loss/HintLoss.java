package io.github.horkd.loss;

/**
 * First order, across the streams, over the places of a map: the learner's features are the guide's, place by place (hint).
 * <pre>  L = mean over samples, channels and cells of ( P(s) − P(t) )² / v,   P = average onto the common grid
 *   v = 1, or the variance of P(t) over samples and cells, mean over the channels</pre>
 *
 * <p>Both maps have as many channels; a trainer puts a learned 1×1 convolution, without bias, in front of the loss where they have not, and strips it after training. In units of the guide's
 * variance a learner that answers with the mean map has a loss near 1, whatever the layer. A guide whose map is the same everywhere counts as v = 1. Blind to a constant added to both.
 *
 * <p>After Romero et al., "FitNets: Hints for Thin Deep Nets", ICLR 2015, whose loss is ½ of the sum of squares over channels and places; the average for maps of different sizes is ours.
 *
 * @param guideScaled whether differences are in units of the guide's spread
 */
public record HintLoss(boolean guideScaled) implements MapLoss {

    /**
     * In units of the guide's spread, so that a weight near 1 means the same at every layer.
     *
     * @return the loss
     */
    public static HintLoss ofGuidesSpread() {
        return new HintLoss(true);
    }

    /**
     * The mean square as it stands.
     *
     * @return the loss
     */
    public static HintLoss plain() {
        return new HintLoss(false);
    }

    @Override
    public boolean needsEqualChannels() {
        return true;
    }

    @Override
    public String label() {
        return "hint";
    }

    @Override
    public double lossAndGradient(
            double[] guide,
            MapShape guideShape,
            double[] learner,
            MapShape learnerShape,
            int count,
            double[] gradient) {
        GridPool[] pools = GridPool.onto(guideShape, learnerShape, Integer.MAX_VALUE);
        int cells = pools[0].cells();
        int channels = guideShape.channels();
        ThreadBuffers buffers = ThreadBuffers.of(HintLoss.class);
        double[] t = pooled(pools[0], guide, count, buffers.doubles(0, count * channels * cells));
        double[] s = pooled(pools[1], learner, count, buffers.doubles(1, count * channels * cells));
        double unit = guideScaled ? variance(t, count, channels, cells) : 1;
        double scale = 1 / (unit * count * channels * cells);
        double sum = 0;
        for (int i = 0; i < count * channels * cells; i++) {
            double apart = s[i] - t[i];
            sum += apart * apart;
            s[i] = 2 * apart * scale;
        }
        for (int plane = 0; plane < count * channels; plane++) {
            pools[1].spread(s, plane * cells, gradient, plane * learnerShape.height() * learnerShape.width());
        }
        return sum * scale;
    }

    private static double[] pooled(GridPool pool, double[] maps, int count, double[] into) {
        int places = pool.from().height() * pool.from().width();
        for (int plane = 0; plane < count * pool.from().channels(); plane++) {
            pool.pool(maps, plane * places, into, plane * pool.cells());
        }
        return into;
    }

    /** Around the mean of each channel; 1 where there is none. */
    private static double variance(double[] t, int count, int channels, int cells) {
        double all = 0;
        for (int c = 0; c < channels; c++) {
            double mean = 0;
            double squares = 0;
            for (int i = 0; i < count; i++) {
                for (int p = 0; p < cells; p++) {
                    mean += t[(i * channels + c) * cells + p] / (count * cells);
                }
            }
            for (int i = 0; i < count; i++) {
                for (int p = 0; p < cells; p++) {
                    double apart = t[(i * channels + c) * cells + p] - mean;
                    squares += apart * apart;
                }
            }
            all += squares / (count * cells) / channels;
        }
        return all == 0 ? 1 : all;
    }
}
