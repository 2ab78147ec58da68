package io.github.horkd.loss;

import java.util.Arrays;

/**
 * First order, across the streams, over the places of a map: the learner looks where the guide looks, whatever its channels mean.
 * <pre>  L = mean over samples of | q(s)/|q(s)| − q(t)/|q(t)| |²,   q(x) = average onto the common grid of Σ_c x_c²</pre>
 *
 * <p>Channels may differ; nothing is learned besides. Blind to the scale of either side, to a rotation of the channels and to their signs; 0 to 2. A map of zeros attends to nothing: it
 * counts as zeros and gets gradient 0.
 *
 * <p>After Zagoruyko and Komodakis, "Paying More Attention to Attention: Improving the Performance of Convolutional Neural Networks via Attention Transfer", ICLR 2017, with p = 2. Its
 * published code takes the mean over places where this takes the sum, so it is smaller by their number.
 */
public record AttentionTransferLoss() implements MapLoss {

    @Override
    public String label() {
        return "attention";
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
        int places = learnerShape.height() * learnerShape.width();
        ThreadBuffers buffers = ThreadBuffers.of(AttentionTransferLoss.class);
        double[] wanted = buffers.doubles(0, cells);
        double[] own = buffers.doubles(1, cells);
        double[] byPlace = buffers.doubles(2, Math.max(places, guideShape.height() * guideShape.width()));
        double sum = 0;
        for (int i = 0; i < count; i++) {
            attention(pools[0], guide, i, byPlace, wanted);
            double length = attention(pools[1], learner, i, byPlace, own);
            double along = 0;
            for (int p = 0; p < cells; p++) {
                double apart = own[p] - wanted[p];
                sum += apart * apart / count;
                along += own[p] * 2 * apart / count;
            }
            for (int p = 0; p < cells; p++) {
                double slope = 2 * (own[p] - wanted[p]) / count - along * own[p];
                wanted[p] = length == 0 ? 0 : slope / length;
            }
            Arrays.fill(byPlace, 0, places, 0);
            pools[1].spread(wanted, 0, byPlace, 0);
            for (int c = 0; c < learnerShape.channels(); c++) {
                int at = (i * learnerShape.channels() + c) * places;
                for (int p = 0; p < places; p++) {
                    gradient[at + p] = 2 * learner[at + p] * byPlace[p];
                }
            }
        }
        return sum;
    }

    /** q/|q| of one image; returns |q|. */
    private static double attention(GridPool pool, double[] maps, int image, double[] byPlace, double[] into) {
        MapShape shape = pool.from();
        int places = shape.height() * shape.width();
        for (int p = 0; p < places; p++) {
            byPlace[p] = 0;
            for (int c = 0; c < shape.channels(); c++) {
                double x = maps[(image * shape.channels() + c) * places + p];
                byPlace[p] += x * x;
            }
        }
        pool.pool(byPlace, 0, into, 0);
        double squares = 0;
        for (int p = 0; p < pool.cells(); p++) {
            squares += into[p] * into[p];
        }
        double length = Math.sqrt(squares);
        for (int p = 0; p < pool.cells(); p++) {
            into[p] = length == 0 ? 0 : into[p] / length;
        }
        return length;
    }
}
