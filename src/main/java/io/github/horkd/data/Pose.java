package io.github.horkd.data;

/**
 * One draw of an augmentation, applied to the high-resolution image <em>before</em> the low-resolution view is derived,
 * so that both views of a pair stay aligned.
 *
 * @param mirrored   whether the image is flipped left to right
 * @param shiftX     shift to the right, in high-resolution pixels
 * @param shiftY     shift downwards, in high-resolution pixels
 * @param rotation   rotation about the centre, in radians
 * @param scale      magnification about the centre; 1 leaves the size
 * @param contrast   factor on the distance from the image's mean; 1 leaves it
 * @param brightness added to every intensity (0..1); 0 leaves it
 * @param noiseSeed  seeds whatever is random in the degradation of this draw (sensor noise)
 */
public record Pose(
        boolean mirrored,
        double shiftX,
        double shiftY,
        double rotation,
        double scale,
        double contrast,
        double brightness,
        long noiseSeed) {

    /** The image as it is. */
    public static final Pose IDENTITY = new Pose(false, 0, 0, 0, 1, 1, 0, 0);

    /** The image flipped left to right, otherwise as it is. */
    public static final Pose MIRRORED = new Pose(true, 0, 0, 0, 1, 1, 0, 0);

    /**
     * Rejects what is not a finite geometry.
     */
    public Pose {
        if (!(scale > 0) || !Double.isFinite(scale + shiftX + shiftY + rotation + contrast + brightness)) {
            throw new IllegalArgumentException(
                    "pose: wanted finite values and scale > 0, got scale " + scale + ", shift "
                            + shiftX + "," + shiftY + ", rotation " + rotation + ", contrast " + contrast
                            + ", brightness " + brightness);
        }
    }

    /**
     * Whether it moves nothing but left to right: no shift, turn, change of size, contrast or brightness. Its noise seed may be any.
     *
     * @return true for {@link #IDENTITY}, {@link #MIRRORED} and the like of other noise
     */
    public boolean mirrorsAtMost() {
        return shiftX == 0 && shiftY == 0 && rotation == 0 && scale == 1 && contrast == 1 && brightness == 0;
    }
}
