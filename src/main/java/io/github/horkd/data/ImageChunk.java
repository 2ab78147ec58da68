package io.github.horkd.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Some pictures that were just decoded. Noise is drawn by a picture's name, so that it does not matter with which others it comes.
 *
 * @param highShape   of every picture
 * @param names       as their source calls them
 * @param images      one a name
 * @param degradation how the low-resolution view is made
 */
record ImageChunk(ImageShape highShape, List<String> names, List<Bitmap> images, Degradation degradation)
        implements PairedImages {

    /** Receives pictures in the order of their files. */
    interface Visitor {

        /**
         * Sees some pictures.
         *
         * @param bytes of their files, and of files passed over since the last call
         */
        void see(List<String> names, List<Bitmap> images, long bytes) throws IOException;
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return resolution == Resolution.HIGH ? highShape : degradation.shape(highShape);
    }

    @Override
    public List<String> classes() {
        return List.of();
    }

    @Override
    public int label(int index) {
        return UNLABELLED;
    }

    @Override
    public String name(int index) {
        return names.get(index);
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        float[] moved = high == null ? new float[highShape.size()] : high;
        int at = high == null ? 0 : highAt;
        Warp.apply(images.get(index).samples(), highShape, pose, moved, at);
        if (low != null) {
            float[] values = new float[highShape.size()];
            System.arraycopy(moved, at, values, 0, values.length);
            Pixels degraded = degradation.apply(
                    new Pixels(highShape, values),
                    Seeds.mix(
                            pose.noiseSeed(), Seeds.fingerprint(names.get(index).getBytes(StandardCharsets.UTF_8))));
            System.arraycopy(degraded.values(), 0, low, lowAt, degraded.values().length);
        }
    }
}
