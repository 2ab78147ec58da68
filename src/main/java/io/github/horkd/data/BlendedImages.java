package io.github.horkd.data;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Pictures mixed from two, for a guide that is asked about each mixture. What a guide says of pictures that nobody took shows a learner more of its function than
 * the pictures alone; no label is needed. Index i mixes image i of the source with another one, drawn once and for all.
 * <pre>  mixture = w · first + (1 − w) · second
 *   blend: w = λ everywhere, λ uniform in 0.2…0.8
 *   edge:  w = 1 / (1 + e^(−d/0.06)),  d = distance of the place from a straight line through the middle part, in sides of the image</pre>
 *
 * <p>Both views are mixed by the same w, the low-resolution view at its own pixel centres. An image has no label; its name is that of the first picture with
 * {@code +mix} behind it. It may be read as it is or mirrored. After Beyer et al., "Knowledge distillation: A good teacher is patient and consistent", CVPR 2022
 * (function matching), Zhang et al., "mixup", ICLR 2018, and Yun et al., "CutMix", ICCV 2019.
 *
 * @param source       the pictures, at least two
 * @param edgeFraction the share of mixtures with an edge, 0…1; the others are blends
 * @param seed         which pictures are mixed and how; the same seed gives the same mixtures
 */
public record BlendedImages(PairedImages source, double edgeFraction, long seed) implements WrappedImages {

    private static final double EDGE_WIDTH = 0.06;
    private static final double LEAST_SHARE = 0.2;

    /** Rejects a source of one picture, and shares outside 0…1. */
    public BlendedImages {
        if (source.size() < 2) {
            throw new IllegalArgumentException(
                    "blended images: wanted at least two pictures to mix, got " + source.size());
        }
        if (!(edgeFraction >= 0 && edgeFraction <= 1)) {
            throw new IllegalArgumentException("edge fraction: wanted 0 to 1, got " + edgeFraction);
        }
    }

    /**
     * The two pictures that an image is mixed from.
     *
     * @param index 0 … size − 1
     * @return their indices in the source, {@code index} first
     */
    public int[] parts(int index) {
        return new int[] {index, Mixture.draw(this, index, false).other};
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public int label(int index) {
        Objects.checkIndex(index, size());
        return UNLABELLED;
    }

    @Override
    public String name(int index) {
        return source.name(index) + "+mix";
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (!pose.mirrorsAtMost()) {
            throw new IllegalArgumentException("blended images: wanted a pose that mirrors at most, got " + pose
                    + "; move the pictures before they are mixed, by an AugmentedPool as the source");
        }
        Mixture mixture = Mixture.draw(this, index, pose.mirrored());
        source.read(index, pose, high, highAt, low, lowAt);
        float[] otherHigh =
                high == null ? null : new float[shape(Resolution.HIGH).size()];
        float[] otherLow = low == null ? null : new float[shape(Resolution.LOW).size()];
        source.read(mixture.other, pose, otherHigh, 0, otherLow, 0);
        if (high != null) {
            mixture.into(high, highAt, otherHigh, shape(Resolution.HIGH));
        }
        if (low != null) {
            mixture.into(low, lowAt, otherLow, shape(Resolution.LOW));
        }
    }

    /** Which picture is mixed in, and how much of the first is seen where. */
    private record Mixture(int other, boolean edge, double share, double angle, double x, double y, boolean mirrored) {

        static Mixture draw(BlendedImages images, int index, boolean mirrored) {
            var random = new SplittableRandom(Seeds.mix(images.seed, Objects.checkIndex(index, images.size())));
            int other = random.nextInt(images.size() - 1);
            return new Mixture(
                    other < index ? other : other + 1,
                    random.nextDouble() < images.edgeFraction,
                    LEAST_SHARE + (1 - 2 * LEAST_SHARE) * random.nextDouble(),
                    2 * Math.PI * random.nextDouble(),
                    0.4 * random.nextDouble() - 0.2,
                    0.4 * random.nextDouble() - 0.2,
                    mirrored);
        }

        void into(float[] first, int at, float[] second, ImageShape shape) {
            int plane = shape.height() * shape.width();
            for (int row = 0; row < shape.height(); row++) {
                for (int column = 0; column < shape.width(); column++) {
                    float w = (float) weight((row + 0.5) / shape.height() - 0.5, (column + 0.5) / shape.width() - 0.5);
                    for (int c = 0; c < shape.channels(); c++) {
                        int i = c * plane + row * shape.width() + column;
                        first[at + i] = w * first[at + i] + (1 - w) * second[i];
                    }
                }
            }
        }

        private double weight(double down, double right) {
            if (!edge) {
                return share;
            }
            double across = mirrored ? -right : right;
            double distance = (down - y) * Math.sin(angle) + (across - x) * Math.cos(angle);
            return 1 / (1 + Math.exp(-distance / EDGE_WIDTH));
        }
    }
}
