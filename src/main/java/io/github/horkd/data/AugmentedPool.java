package io.github.horkd.data;

import java.util.Objects;

/**
 * A source made larger by augmentation: every image several times, each time in a pose drawn once and for all. Since the
 * poses are fixed, a guide's knowledge of the pool can be computed once, where drawing anew in every epoch would need the
 * guide in every step. Nothing is stored but the source.
 *
 * <p>Index i is image i mod n of the source in its draw i / n; its name is the image's with {@code #draw} behind it.
 *
 * <p>The pool may still be read mirrored, which mirrors the drawn image exactly. Any other movement on top of a draw is
 * refused. A pose's noise seed is taken too, since noise touches the low-resolution view alone.
 *
 * @param source       the images
 * @param copies       how many draws of each, at least 1
 * @param augmentation what is drawn
 * @param seed         the same seed gives the same pool
 */
public record AugmentedPool(PairedImages source, int copies, Augmentation augmentation, long seed)
        implements WrappedImages {

    /**
     * Rejects less than one copy and pools of more than 2³¹ − 1 images.
     */
    public AugmentedPool {
        if (copies < 1 || (long) copies * source.size() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("copies: wanted at least 1 and at most 2^31 - 1 images in all, got "
                    + copies + " of " + source.size() + " images");
        }
    }

    @Override
    public int size() {
        return copies * source.size();
    }

    @Override
    public int label(int index) {
        return source.label(at(index));
    }

    @Override
    public String name(int index) {
        return source.name(at(index)) + "#" + index / source.size();
    }

    /**
     * The pose that was drawn for one image of the pool.
     *
     * @param index 0 … size − 1
     * @return how the source's image is moved when the pool's is read as it is
     */
    public Pose pose(int index) {
        return augmentation.draw(Seeds.mix(seed, Objects.checkIndex(index, size())));
    }

    @Override
    public void read(int index, Pose pose, float[] high, int highAt, float[] low, int lowAt) {
        if (!pose.mirrorsAtMost()) {
            throw new IllegalArgumentException("pool: wanted a pose that mirrors at most, got " + pose
                    + "; the poses of a pool are drawn once, so read it without further augmentation than flips");
        }
        Pose drawn = pose(index);
        if (pose.noiseSeed() != 0) {
            drawn = new Pose(
                    drawn.mirrored(),
                    drawn.shiftX(),
                    drawn.shiftY(),
                    drawn.rotation(),
                    drawn.scale(),
                    drawn.contrast(),
                    drawn.brightness(),
                    Seeds.mix(drawn.noiseSeed(), pose.noiseSeed()));
        }
        source.read(at(index), pose.mirrored() ? mirrored(drawn) : drawn, high, highAt, low, lowAt);
    }

    /** The pose whose result is the mirror image of another's: mirroring first turns later movements round. */
    private static Pose mirrored(Pose pose) {
        return new Pose(
                !pose.mirrored(),
                0 - pose.shiftX(),
                pose.shiftY(),
                0 - pose.rotation(),
                pose.scale(),
                pose.contrast(),
                pose.brightness(),
                pose.noiseSeed());
    }

    private int at(int index) {
        return Objects.checkIndex(index, size()) % source.size();
    }
}
