package io.github.horkd.data;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Where the low-resolution view of an image in memory comes from. */
sealed interface LowView {

    ImageShape shape();

    /** Writes the view; {@code high} gives the moved high-resolution image to whoever needs it. */
    void read(int index, Pose pose, Supplier<Pixels> high, float[] low, int lowAt);

    /** Derived from the moved high-resolution image. */
    record Derived(ImageShape shape, Degradation degradation) implements LowView {

        static Derived from(ImageShape high, Degradation degradation) {
            return new Derived(degradation.shape(high), degradation);
        }

        /** Where the file says itself how large its images are: a degradation that does not go with them is told with its name. */
        static Derived from(Path file, ImageShape high, Degradation degradation) {
            try {
                return from(high, degradation);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(file + ": holds images of " + high + "; " + e.getMessage(), e);
            }
        }

        @Override
        public void read(int index, Pose pose, Supplier<Pixels> high, float[] low, int lowAt) {
            // The image's own index is in the seed: two images never share their noise.
            Pixels degraded = degradation.apply(high.get(), Seeds.mix(pose.noiseSeed(), index));
            System.arraycopy(degraded.values(), 0, low, lowAt, shape.size());
        }
    }

    /** Captured beside the high-resolution image and moved alike; a shift counts in proportion to the sizes. */
    record Captured(ImageShape shape, List<byte[]> images, double rowsPerRow, double columnsPerColumn)
            implements LowView {

        @Override
        public void read(int index, Pose pose, Supplier<Pixels> high, float[] low, int lowAt) {
            Pose scaled = new Pose(
                    pose.mirrored(),
                    pose.shiftX() * columnsPerColumn,
                    pose.shiftY() * rowsPerRow,
                    pose.rotation(),
                    pose.scale(),
                    pose.contrast(),
                    pose.brightness(),
                    pose.noiseSeed());
            Warp.apply(images.get(index), shape, scaled, low, lowAt);
        }
    }
}
