package io.github.horkd.examples.faces;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Boxes around faces: the tiny detector of face-api, a single-shot network (Redmon and Farhadi, "YOLO9000", CVPR 2017) with separable convolutions and one class. A frame goes in at
 * {@code side} pixels, so a face should have a twentieth of the frame's longer side at least.
 */
final class FaceDetector {

    private static final float[] MEAN = {117.001f, 114.697f, 97.404f};
    private static final double[][] ANCHORS = {
        {1.603231, 2.094468}, {6.041143, 7.080126}, {2.882459, 3.518061}, {4.266906, 5.178857}, {9.041765, 10.66308}
    };
    private static final int VALUES = 5;
    private static final double OVERLAP = 0.4;
    private static final float SLOPE = 0.1f;

    private final Map<String, Weights> weights = Weights.of("tiny_face_detector_model");
    private final int side;
    private final double least;

    /**
     * Made once; safe to use from several threads.
     *
     * @param side  the longer side at which a frame is seen, a multiple of 32
     * @param least the score from which a box is taken for a face
     */
    FaceDetector(int side, double least) {
        this.side = side;
        this.least = least;
    }

    /** A box: score, left, upper edge, width, height, in pixels of the frame. */
    record Box(double score, double x, double y, double width, double height) {

        double overlap(Box other) {
            double wide = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
            double high = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
            double both = Math.max(0, wide) * Math.max(0, high);
            return both / (width * height + other.width * other.height - both);
        }
    }

    /** The most certain first, of boxes over each other the more certain one. */
    List<Box> boxes(BufferedImage frame) {
        Maps seen = Frames.squared(frame, side, false, MEAN);
        List<Box> found = boxes(through(seen), Math.max(frame.getWidth(), frame.getHeight()));
        found.sort(Comparator.comparingDouble(Box::score).reversed());
        List<Box> kept = new ArrayList<>();
        for (Box box : found) {
            if (kept.stream().noneMatch(other -> other.overlap(box) > OVERLAP)) {
                kept.add(box);
            }
        }
        return kept;
    }

    private Maps through(Maps image) {
        Maps maps = image.convolved(weights.get("conv0/filters"), 1, false)
                .plus(weights.get("conv0/bias"))
                .rectified(SLOPE);
        for (int layer = 1; layer <= 5; layer++) {
            maps = maps.pooled(2)
                    .channelwise(weights.get("conv" + layer + "/depthwise_filter"), 1)
                    .convolved(weights.get("conv" + layer + "/pointwise_filter"), 1, true)
                    .plus(weights.get("conv" + layer + "/bias"))
                    .rectified(SLOPE);
        }
        return maps.pooled(1).convolved(weights.get("conv8/filters"), 1, false).plus(weights.get("conv8/bias"));
    }

    private List<Box> boxes(Maps cells, double pixels) {
        List<Box> found = new ArrayList<>();
        double cell = pixels / cells.width();
        for (int anchor = 0; anchor < ANCHORS.length; anchor++) {
            float[][] told = java.util.Arrays.copyOfRange(cells.planes(), anchor * VALUES, (anchor + 1) * VALUES);
            for (int at = 0; at < cells.width() * cells.height(); at++) {
                double score = sigmoid(told[4][at]);
                if (score >= least) {
                    double width = Math.exp(told[2][at]) * ANCHORS[anchor][0] * cell;
                    double height = Math.exp(told[3][at]) * ANCHORS[anchor][1] * cell;
                    double x = (at % cells.width() + sigmoid(told[0][at])) * cell;
                    double y = (at / cells.width() + sigmoid(told[1][at])) * cell;
                    found.add(new Box(score, x - width / 2, y - height / 2, width, height));
                }
            }
        }
        return found;
    }

    private static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }
}
