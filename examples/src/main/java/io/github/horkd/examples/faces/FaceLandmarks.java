package io.github.horkd.examples.faces;

import java.awt.image.BufferedImage;
import java.util.Map;

/** 68 landmarks of a face in a box: the tiny network of face-api, three dense blocks (Huang et al., "Densely Connected Convolutional Networks", CVPR 2017). */
final class FaceLandmarks {

    private static final int SIDE = 112;
    private static final float[] MEAN = {122.782f, 117.001f, 104.298f};

    private final Map<String, Weights> weights = Weights.of("face_landmark_68_tiny_model");

    /** x and y of each landmark, in pixels of the frame. */
    double[] of(BufferedImage frame, FaceDetector.Box box) {
        int x = (int) Math.max(0, Math.round(box.x()));
        int y = (int) Math.max(0, Math.round(box.y()));
        int width = Math.max(1, Math.min(frame.getWidth() - x, (int) Math.round(box.width())));
        int height = Math.max(1, Math.min(frame.getHeight() - y, (int) Math.round(box.height())));
        Maps maps = Frames.squared(frame.getSubimage(x, y, width, height), SIDE, true, MEAN);
        maps = block(maps, "dense0", true);
        maps = block(maps, "dense1", false);
        maps = block(maps, "dense2", false);
        float[] features = averaged(maps);
        Weights turn = weights.get("fc/weights");
        float[] bias = weights.get("fc/bias").values();
        double square = Math.max(width, height);
        double[] marks = new double[bias.length];
        for (int m = 0; m < marks.length; m++) {
            double value = bias[m];
            for (int f = 0; f < features.length; f++) {
                value += features[f] * turn.values()[f * marks.length + m];
            }
            double padding = (square - (m % 2 == 0 ? width : height)) / 2;
            marks[m] = (m % 2 == 0 ? x : y) + value * square - padding;
        }
        return marks;
    }

    private Maps block(Maps maps, String name, boolean first) {
        Maps one = (first
                        ? maps.convolved(weights.get(name + "/conv0/filters"), 2, true)
                                .plus(weights.get(name + "/conv0/bias"))
                        : separable(maps, name + "/conv0", 2))
                .rectified(0);
        Maps two = separable(one, name + "/conv1", 1);
        Maps three = separable(one.plus(two).rectified(0), name + "/conv2", 1);
        return one.plus(two.plus(three)).rectified(0);
    }

    private Maps separable(Maps maps, String name, int stride) {
        return maps.channelwise(weights.get(name + "/depthwise_filter"), stride)
                .convolved(weights.get(name + "/pointwise_filter"), 1, true)
                .plus(weights.get(name + "/bias"));
    }

    private static float[] averaged(Maps maps) {
        float[] means = new float[maps.planes().length];
        for (int c = 0; c < means.length; c++) {
            double sum = 0;
            for (float value : maps.planes()[c]) {
                sum += value;
            }
            means[c] = (float) (sum / maps.planes()[c].length);
        }
        return means;
    }
}
