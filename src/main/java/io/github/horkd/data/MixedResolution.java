package io.github.horkd.data;

/**
 * Resolution augmentation: half of the draws of the high-resolution view show the low-resolution view instead, brought back to full
 * size. One network trained on labels over this source takes both resolutions, without any distillation: the fair rival of a distilled student.
 *
 * <p>Which of the two a draw shows follows from {@link Pose#noiseSeed()}, so the {@link Augmentation} must draw something;
 * {@link Pose#IDENTITY} and {@link Pose#MIRRORED} show the original. The low-resolution view is untouched.
 *
 * @param source        the images whose two views are mixed
 * @param interpolation how the low-resolution view is brought back to full size
 */
public record MixedResolution(PairedImages source, Interpolation interpolation) implements WrappedImages {

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (high == null || (Seeds.mix(pose.noiseSeed(), index) & 1) == 0 || pose.noiseSeed() == 0) {
            source.read(index, pose, high, highAt, low, lowAt);
            return;
        }
        ImageShape small = source.shape(Resolution.LOW);
        float[] seen = new float[small.size()];
        source.read(index, pose, null, 0, seen, 0);
        ImageShape large = source.shape(Resolution.HIGH);
        Pixels full = interpolation.resize(new Pixels(small, seen), large.height(), large.width());
        System.arraycopy(full.values(), 0, high, highAt, large.size());
        if (low != null) {
            System.arraycopy(seen, 0, low, lowAt, small.size());
        }
    }
}
