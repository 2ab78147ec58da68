package io.github.horkd.data;

import java.util.List;

/**
 * How the low-resolution view is made from the high-resolution image. Steps are put together with
 * {@link #then(Degradation)}, in the order in which light, lens, sensor and encoder would act:
 * <pre>  Degradation.blur(0.8).then(Degradation.downscaleTo(16)).then(Degradation.noise(0.02)).then(Degradation.jpeg(60))</pre>
 *
 * <p>A degradation is a pure function of its arguments and may be used by several threads at once. A new kind implements
 * the two methods; its {@code toString} is what messages and reports show.
 */
public interface Degradation {

    /**
     * The shape of what comes out.
     *
     * @param image the shape of what goes in
     * @return the shape of the degraded image
     * @throws IllegalArgumentException when an image of that shape cannot be degraded this way
     */
    ImageShape shape(ImageShape image);

    /**
     * Degrades one image.
     *
     * @param image what goes in; never changed
     * @param seed  seeds whatever is random; the same seed gives the same result
     * @return the degraded image, of shape {@code shape(image.shape())}, intensities 0…1
     */
    Pixels apply(Pixels image, long seed);

    /**
     * This degradation, then another.
     *
     * @param next what follows
     * @return both as one; each step draws from a seed of its own
     */
    default Degradation then(Degradation next) {
        return DegradationChain.of(List.of(this, next));
    }

    /**
     * This degradation, then resized back to the size of the image it was given: a low-resolution view with the pixels of
     * the original, for networks of one input size.
     *
     * @param interpolation how; the result is clamped to 0…1
     * @return this degradation with its result enlarged
     */
    default Degradation upsampledBack(Interpolation interpolation) {
        return new UpsampledBack(this, interpolation);
    }

    /**
     * No degradation: both views are equal.
     *
     * @return the identity
     */
    static Degradation none() {
        return DegradationChain.of(List.of());
    }

    /**
     * Shrinks to a square by exact area averaging: every pixel counts in proportion to the part of it that an output
     * pixel covers, also where the ratio is no whole number.
     *
     * @param side rows and columns of the result, in pixels
     * @return the degradation
     */
    static Degradation downscaleTo(int side) {
        return downscaleTo(side, side);
    }

    /**
     * Shrinks by exact area averaging.
     *
     * @param height rows of the result
     * @param width  columns of the result
     * @return the degradation
     */
    static Degradation downscaleTo(int height, int width) {
        return new AreaDownscale(height, width);
    }

    /**
     * Gaussian blur, the kernel cut at three standard deviations, edges clamped.
     *
     * @param sigma standard deviation in pixels of the image at that step, above 0, at most 100
     * @return the degradation
     */
    static Degradation blur(double sigma) {
        return new GaussianBlur(sigma);
    }

    /**
     * Sensor noise: independent Gaussian noise on every value, clamped to 0…1 afterwards.
     *
     * @param sigma standard deviation in units of the full range 0…1, above 0, at most 1
     * @return the degradation
     */
    static Degradation noise(double sigma) {
        return new SensorNoise(sigma);
    }

    /**
     * Encodes as JPEG and decodes again, as the JDK does to the bit; the lossless part between is left out. Colour is kept at half its size, as cameras do.
     *
     * @param quality 1…100 as encoders count it; small is bad
     * @return the degradation
     */
    static Degradation jpeg(int quality) {
        return new JpegCompression(quality);
    }
}
