package io.github.horkd.data;

/** Moves a stored image as a {@link Pose} says: mirrored first, then turned and scaled about its centre, then shifted. */
final class Warp {

    /** Intensities 0…1 of the 256 samples. */
    private static final float[] INTENSITY = new float[256];

    static {
        for (int i = 0; i < 256; i++) {
            INTENSITY[i] = i / 255f;
        }
    }

    private Warp() {}

    /** Writes the moved image; pixels from beyond an edge are those of the edge. */
    static void apply(byte[] samples, ImageShape shape, Pose pose, float[] out, int outAt) {
        if (pose.rotation() == 0
                && pose.scale() == 1
                && pose.shiftX() == Math.rint(pose.shiftX())
                && pose.shiftY() == Math.rint(pose.shiftY())) {
            copy(samples, shape, pose, out, outAt);
        } else {
            sample(samples, shape, pose, out, outAt);
        }
        if (pose.contrast() != 1 || pose.brightness() != 0) {
            tone(out, outAt, shape.size(), pose);
        }
    }

    /** Flips and whole-pixel shifts move pixels and change none. */
    private static void copy(byte[] samples, ImageShape shape, Pose pose, float[] out, int outAt) {
        int height = shape.height();
        int width = shape.width();
        int shiftX = (int) pose.shiftX();
        int shiftY = (int) pose.shiftY();
        if (shiftX == 0 && shiftY == 0 && !pose.mirrored()) {
            for (int i = 0; i < shape.size(); i++) {
                out[outAt + i] = INTENSITY[samples[i] & 0xff];
            }
            return;
        }
        int[] columns = new int[width];
        for (int x = 0; x < width; x++) {
            int from = clamp((long) x - shiftX, width - 1);
            columns[x] = pose.mirrored() ? width - 1 - from : from;
        }
        for (int c = 0; c < shape.channels(); c++) {
            for (int y = 0; y < height; y++) {
                int row = (c * height + clamp((long) y - shiftY, height - 1)) * width;
                int to = outAt + (c * height + y) * width;
                for (int x = 0; x < width; x++) {
                    out[to + x] = INTENSITY[samples[row + columns[x]] & 0xff];
                }
            }
        }
    }

    /** Looks up, for every output pixel, where it came from, and interpolates bilinearly there. */
    private static void sample(byte[] samples, ImageShape shape, Pose pose, float[] out, int outAt) {
        int height = shape.height();
        int width = shape.width();
        double centreX = (width - 1) / 2.0;
        double centreY = (height - 1) / 2.0;
        // The inverse of turning by r and scaling by s.
        double cos = Math.cos(pose.rotation()) / pose.scale();
        double sin = Math.sin(pose.rotation()) / pose.scale();
        double shiftX = pose.shiftX();
        boolean mirrored = pose.mirrored();
        for (int y = 0; y < height; y++) {
            double dy = y - pose.shiftY() - centreY;
            double sinDy = sin * dy;
            double cosDy = cos * dy;
            for (int x = 0; x < width; x++) {
                double dx = x - shiftX - centreX;
                double fromX = cos * dx + sinDy + centreX;
                double fromY = cosDy - sin * dx + centreY;
                if (mirrored) {
                    fromX = width - 1 - fromX;
                }
                // Not Math.min and max, which take care of NaN.
                fromX = fromX > 0 ? fromX < width - 1 ? fromX : width - 1 : 0;
                fromY = fromY > 0 ? fromY < height - 1 ? fromY : height - 1 : 0;
                int x0 = (int) fromX;
                int y0 = (int) fromY;
                int right = x0 + 1 < width ? 1 : 0;
                int below = y0 + 1 < height ? width : 0;
                float tx = (float) (fromX - x0);
                float ty = (float) (fromY - y0);
                for (int c = 0; c < shape.channels(); c++) {
                    int at = (c * height + y0) * width + x0;
                    float upper = (samples[at] & 0xff) * (1 - tx) + (samples[at + right] & 0xff) * tx;
                    float lower = (samples[at + below] & 0xff) * (1 - tx) + (samples[at + below + right] & 0xff) * tx;
                    out[outAt + (c * height + y) * width + x] = (upper * (1 - ty) + lower * ty) / 255f;
                }
            }
        }
    }

    private static void tone(float[] out, int outAt, int size, Pose pose) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += out[outAt + i];
        }
        float mean = (float) (sum / size);
        float contrast = (float) pose.contrast();
        float offset = mean + (float) pose.brightness();
        for (int i = 0; i < size; i++) {
            out[outAt + i] = Math.min(Math.max((out[outAt + i] - mean) * contrast + offset, 0), 1);
        }
    }

    private static int clamp(long at, int last) {
        return (int) Math.min(Math.max(at, 0), last);
    }
}
