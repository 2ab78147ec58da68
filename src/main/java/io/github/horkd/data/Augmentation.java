package io.github.horkd.data;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * How much training images are moved about: the ranges that a {@link Pose} is drawn from. All draws are independent and
 * uniform.
 * <pre>  Augmentation.none().flip().shift(2)</pre>
 *
 * <p>A pose mirrors first, then turns and scales about the centre, then shifts; sampling is bilinear and pixels from
 * beyond an edge are those of the edge. Flips and shifts alone move whole pixels and change none. Contrast acts on the
 * distance from the moved image's mean, brightness is added after that, and the result is clamped to 0…1.
 *
 * @param mirrors       whether half of the draws are flipped left to right
 * @param maxShift      largest shift in either direction on either axis, in whole high-resolution pixels
 * @param maxRotation   largest turn in either direction, in radians (clockwise as seen on a screen when positive)
 * @param maxScale      largest change of size, as a fraction: 0.1 draws magnifications of 0.9…1.1
 * @param maxContrast   largest change of contrast, as a fraction
 * @param maxBrightness largest change of brightness, in units of the full range 0…1
 */
public record Augmentation(
        boolean mirrors, int maxShift, double maxRotation, double maxScale, double maxContrast, double maxBrightness) {

    private static final Augmentation NONE = new Augmentation(false, 0, 0, 0, 0, 0);

    /**
     * Rejects negative ranges, fractions of 1 and more, and what is not finite.
     */
    public Augmentation {
        if (maxShift < 0) {
            throw new IllegalArgumentException("shift: wanted at least 0 pixels, got " + maxShift);
        }
        within("rotation", maxRotation, Math.PI);
        within("scale", maxScale, 0.99);
        within("contrast", maxContrast, 1);
        within("brightness", maxBrightness, 1);
    }

    /**
     * Every image as it is.
     *
     * @return the augmentation that draws {@link Pose#IDENTITY}
     */
    public static Augmentation none() {
        return NONE;
    }

    /**
     * This, and half of the images flipped left to right.
     *
     * @return the wider augmentation
     */
    public Augmentation flip() {
        return new Augmentation(true, maxShift, maxRotation, maxScale, maxContrast, maxBrightness);
    }

    /**
     * This, with shifts.
     *
     * @param pixels largest shift in whole high-resolution pixels
     * @return the changed augmentation
     */
    public Augmentation shift(int pixels) {
        return new Augmentation(mirrors, pixels, maxRotation, maxScale, maxContrast, maxBrightness);
    }

    /**
     * This, with turns about the centre.
     *
     * @param radians largest turn, at most π
     * @return the changed augmentation
     */
    public Augmentation rotate(double radians) {
        return new Augmentation(mirrors, maxShift, radians, maxScale, maxContrast, maxBrightness);
    }

    /**
     * This, with changes of size.
     *
     * @param fraction largest change, at most 0.99
     * @return the changed augmentation
     */
    public Augmentation scale(double fraction) {
        return new Augmentation(mirrors, maxShift, maxRotation, fraction, maxContrast, maxBrightness);
    }

    /**
     * This, with changes of contrast.
     *
     * @param fraction largest change, at most 1
     * @return the changed augmentation
     */
    public Augmentation contrast(double fraction) {
        return new Augmentation(mirrors, maxShift, maxRotation, maxScale, fraction, maxBrightness);
    }

    /**
     * This, with changes of brightness.
     *
     * @param amount largest change in units of the full range, at most 1
     * @return the changed augmentation
     */
    public Augmentation brightness(double amount) {
        return new Augmentation(mirrors, maxShift, maxRotation, maxScale, maxContrast, amount);
    }

    /**
     * Draws one pose, its noise seed included, so that every draw sees noise of its own.
     *
     * @param seed the same seed draws the same pose
     * @return a pose; {@link Pose#IDENTITY} when this is {@link #none()}
     */
    public Pose draw(long seed) {
        return draw(new SplittableRandom(seed));
    }

    /**
     * Draws one pose from a stream of random numbers.
     *
     * @param random the stream; always advanced by the same number of draws, whatever the ranges are
     * @return a pose; {@link Pose#IDENTITY} when this is {@link #none()}
     */
    public Pose draw(RandomGenerator random) {
        boolean tails = random.nextBoolean(); // drawn even where nothing is mirrored, so that all else stays as it is
        boolean mirrored = mirrors && tails;
        double shiftX = Math.floor(random.nextDouble() * (2 * maxShift + 1)) - maxShift;
        double shiftY = Math.floor(random.nextDouble() * (2 * maxShift + 1)) - maxShift;
        // Adding zero turns a negative zero into the plain one, by which poses are compared.
        double rotation = maxRotation * symmetric(random) + 0.0;
        double scale = 1 + maxScale * symmetric(random);
        double contrast = 1 + maxContrast * symmetric(random);
        double brightness = maxBrightness * symmetric(random) + 0.0;
        long noiseSeed = random.nextLong();
        return equals(NONE)
                ? Pose.IDENTITY
                : new Pose(mirrored, shiftX, shiftY, rotation, scale, contrast, brightness, noiseSeed);
    }

    private static double symmetric(RandomGenerator random) {
        return 2 * random.nextDouble() - 1;
    }

    private static void within(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(name + ": wanted 0 to " + most + ", got " + value);
        }
    }
}
