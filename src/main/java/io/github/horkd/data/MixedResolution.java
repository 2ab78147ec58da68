package io.github.horkd.data;

import java.util.List;

/**
 * Resolution augmentation: half of the draws of the high-resolution view show the low-resolution view instead, brought back to full
 * size. One network trained on labels over this source takes both resolutions, without any distillation: the fair rival of a distilled student.
 *
 * <p>Which of the two a draw shows follows from {@link Pose#noiseSeed()}, so the {@link Augmentation} must draw something;
 * {@link Pose#IDENTITY} and {@link Pose#MIRRORED} show the original. The low-resolution view is untouched.
 */
public final class MixedResolution implements PairedImages {

    private final PairedImages images;
    private final Interpolation interpolation;

    /**
     * Mixes the two views of a source.
     *
     * @param images        the source
     * @param interpolation how the low-resolution view is brought back to full size
     */
    public MixedResolution(PairedImages images, Interpolation interpolation) {
        this.images = images;
        this.interpolation = interpolation;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public ImageShape shape(Resolution resolution) {
        return images.shape(resolution);
    }

    @Override
    public List<String> classes() {
        return images.classes();
    }

    @Override
    public int label(int index) {
        return images.label(index);
    }

    @Override
    public String name(int index) {
        return images.name(index);
    }

    @Override
    public LeftOut leftOut() {
        return images.leftOut();
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (high == null || (Seeds.mix(pose.noiseSeed(), index) & 1) == 0 || pose.noiseSeed() == 0) {
            images.read(index, pose, high, highAt, low, lowAt);
            return;
        }
        ImageShape small = images.shape(Resolution.LOW);
        float[] seen = new float[small.size()];
        images.read(index, pose, null, 0, seen, 0);
        ImageShape large = images.shape(Resolution.HIGH);
        Pixels full = interpolation.resize(new Pixels(small, seen), large.height(), large.width());
        System.arraycopy(full.values(), 0, high, highAt, large.size());
        if (low != null) {
            System.arraycopy(seen, 0, low, lowAt, small.size());
        }
    }
}
