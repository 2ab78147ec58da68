package io.github.horkd.knowledge;

import io.github.horkd.data.Augmentation;
import io.github.horkd.data.Pose;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The poses in which a source is asked about every image: K of them, the same whenever it is asked. Training may show a learner these poses and no others,
 * so that what it is to answer is about the very picture that it sees.
 *
 * <p>{@link #asIs()} and {@link #withMirror()} serve any augmentation: the answer about a moved image is that about the image, or about its mirror image.
 * {@link #drawn} moves the source's own view too.
 */
public final class KnownPoses {

    private static final KnownPoses AS_IS = new KnownPoses(1, false, Augmentation.none(), 0, null);
    private static final KnownPoses WITH_MIRROR =
            new KnownPoses(2, false, Augmentation.none().flip(), 0, null);

    private final int count;
    private final boolean drawn;
    private final Augmentation augmentation;
    private final long seed;
    /** For a part of the images, which of all they are; null for all. */
    private final int[] part;

    private KnownPoses(int count, boolean drawn, Augmentation augmentation, long seed, int[] part) {
        this.count = count;
        this.drawn = drawn;
        this.augmentation = augmentation;
        this.seed = seed;
        this.part = part;
    }

    /**
     * Every image as it is.
     *
     * @return one pose an image
     */
    public static KnownPoses asIs() {
        return AS_IS;
    }

    /**
     * Every image as it is and mirrored.
     *
     * @return two poses an image
     */
    public static KnownPoses withMirror() {
        return WITH_MIRROR;
    }

    /**
     * Poses drawn once and for all, for every image its own.
     *
     * @param augmentation what is drawn from
     * @param count        K, poses an image, at least 1
     * @param seed         the same seed draws the same poses
     * @return K poses an image
     */
    public static KnownPoses drawn(Augmentation augmentation, int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("poses: wanted at least 1 an image, got " + count);
        }
        return new KnownPoses(count, true, augmentation, seed, null);
    }

    /**
     * How many poses an image has.
     *
     * @return K, at least 1
     */
    public int count() {
        return count;
    }

    /**
     * Whether the poses were {@linkplain #drawn drawn}, so that a learner must be shown just these.
     *
     * @return false for images as they are and their mirror images
     */
    public boolean areDrawn() {
        return drawn;
    }

    /**
     * One pose of one image.
     *
     * @param image index of the image
     * @param which 0 … K − 1
     * @return how the image is moved
     */
    public Pose pose(int image, int which) {
        if (which < 0 || which >= count) {
            throw new IndexOutOfBoundsException("pose: wanted 0 to " + (count - 1) + ", got " + which);
        }
        if (!drawn) {
            return which == 0 ? Pose.IDENTITY : Pose.MIRRORED;
        }
        // One stream an image and pose: what is drawn for one does not depend on how many others there are.
        int drawnFor = part == null ? image : part[image];
        return augmentation.draw(new SplittableRandom(mix(mix(seed) + drawnFor) + which));
    }

    /**
     * The poses of a part of the images, counted as the part counts them.
     *
     * @param indices which images the part has
     * @return the same poses
     */
    public KnownPoses ofPart(int... indices) {
        int[] within = part == null
                ? indices.clone()
                : Arrays.stream(indices).map(i -> part[i]).toArray();
        return drawn ? new KnownPoses(count, true, augmentation, seed, within) : this;
    }

    /** Neighbouring numbers far apart (the finaliser of SplitMix64). */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** Which of an image's poses one is. */
    int find(int image, Pose pose) {
        if (!drawn) {
            if (pose.mirrored() && count == 1) {
                throw new IllegalArgumentException("knowledge: image " + image
                        + " is wanted mirrored, but the guide was not asked about mirror images");
            }
            return pose.mirrored() ? 1 : 0;
        }
        for (int which = 0; which < count; which++) {
            if (pose(image, which).equals(pose)) {
                return which;
            }
        }
        throw new IllegalArgumentException("knowledge: image " + image
                + " is wanted in a pose that the guide was not asked" + " about; it knows the " + count
                + " poses that pose(image, 0…" + (count - 1) + ") gives, got " + pose);
    }

    /** Part of a file's name. */
    String name() {
        return drawn ? "-" + count + "-poses" : count == 2 ? "-mirrored" : "";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KnownPoses poses && toString().equals(poses.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** All that tells these poses from others. */
    @Override
    public String toString() {
        return drawn
                ? name() + " of " + augmentation + " by seed " + seed
                        + (part == null ? "" : " of images " + Arrays.toString(part))
                : name();
    }
}
