package io.github.horkd.data;

import java.util.Objects;

/**
 * How image files are read and what is taken from them: {@code ImageOptions.defaults().withFit(Fit.PAD).skipUnreadable()}.
 *
 * @param labelled whether the directory that an image lies in is its class
 * @param deep     whether images may lie deeper than their class's directory
 * @param under    the directory to read, relative to the folder or archive; empty for all of it
 * @param fit      how a picture of another size becomes one of the wanted size
 * @param skips    whether unreadable images are left out (with a warning that names them) instead of being an error
 * @param minSide  rows and columns that a picture must have; 0 asks for those of the low-resolution view
 * @param limits   what reading may cost
 */
public record ImageOptions(
        boolean labelled, boolean deep, String under, Fit fit, boolean skips, int minSide, Limits limits) {

    private static final ImageOptions DEFAULTS =
            new ImageOptions(true, false, "", Fit.CENTRE_CROP, false, 0, Limits.defaults());

    /**
     * Rejects a negative side and a directory that leads out of the folder; strips the directory's outer slashes.
     */
    public ImageOptions {
        Objects.requireNonNull(fit, "fit");
        Objects.requireNonNull(limits, "limits");
        under = under.replaceAll("^/+|/+$", "");
        if (minSide < 0 || under.matches("(.*/)?\\.\\.(/.*)?")) {
            throw new IllegalArgumentException(
                    "options: wanted minSide >= 0 and a directory within, got " + minSide + ", " + under);
        }
    }

    /**
     * One directory for each class, centre crop, unreadable images are an error.
     *
     * @return the defaults
     */
    public static ImageOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Takes every image at any depth, without a class.
     *
     * @return the changed options
     */
    public ImageOptions unlabelled() {
        return new ImageOptions(false, deep, under, fit, skips, minSide, limits);
    }

    /**
     * Takes images that lie deeper than their class's directory too ({@code class/session/image}).
     *
     * @return the changed options
     */
    public ImageOptions nested() {
        return new ImageOptions(labelled, true, under, fit, skips, minSide, limits);
    }

    /**
     * Reads one directory only, for instance {@code train}.
     *
     * @param directory relative to the folder or archive, or to its single wrapping directory; parts separated by /
     * @return the changed options
     */
    public ImageOptions under(String directory) {
        return new ImageOptions(labelled, deep, directory, fit, skips, minSide, limits);
    }

    /**
     * Brings pictures to the wanted size in another way.
     *
     * @param wanted crop or pad
     * @return the changed options
     */
    public ImageOptions withFit(Fit wanted) {
        return new ImageOptions(labelled, deep, under, wanted, skips, minSide, limits);
    }

    /**
     * Leaves unreadable and too small images out; a warning counts and names them.
     *
     * @return the changed options
     */
    public ImageOptions skipUnreadable() {
        return new ImageOptions(labelled, deep, under, fit, true, minSide, limits);
    }

    /**
     * Refuses pictures that are smaller.
     *
     * @param pixels rows and columns that a picture must have; 0 asks for those of the low-resolution view
     * @return the changed options
     */
    public ImageOptions withMinSide(int pixels) {
        return new ImageOptions(labelled, deep, under, fit, skips, pixels, limits);
    }

    /**
     * Reads under other limits.
     *
     * @param wanted what reading may cost
     * @return the changed options
     */
    public ImageOptions withLimits(Limits wanted) {
        return new ImageOptions(labelled, deep, under, fit, skips, minSide, wanted);
    }
}
