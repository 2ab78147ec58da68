package io.github.horkd.data;

import io.github.horkd.internal.file.ComposedName;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How image files are read and what is taken from them: {@code ImageOptions.defaults().withFit(Fit.PAD).skipUnreadable()}.
 *
 * @param layout      where the class of an image stands
 * @param list        the list file of {@link Layout#LIST}; empty with any other layout
 * @param under       the directory to read, relative to the folder or archive; empty for all of it
 * @param fit         how a picture of another size becomes one of the wanted size
 * @param skips       whether unreadable images are left out (with a warning that names them) instead of being an error
 * @param minSide     rows and columns that a picture must have; 0 asks for those of the low-resolution view
 * @param upright     whether a picture is turned as its camera notes (Exif orientation)
 * @param background  what shows through transparent pixels: a gray of 0 (black) to 255 (white)
 * @param pack        the folder in which images are packed on disk; empty to hold them in memory, and pack them in {@code ~/.cache/horkd} (or the folder of
 *                    the system property {@code horkd.packed}) when they would take more than half of the heap
 * @param scaled      whether JPEGs of at least twice the wanted size are decoded at a half, a quarter or an eighth of it
 * @param limits      what reading may cost
 */
public record ImageOptions(
        Layout layout,
        String list,
        String under,
        Fit fit,
        boolean skips,
        int minSide,
        boolean upright,
        int background,
        String pack,
        boolean scaled,
        Limits limits) {

    private static final ImageOptions DEFAULTS = new ImageOptions(
            Layout.CLASS_DIRECTORIES, "", "", Fit.CENTRE_CROP, false, 0, true, 255, "", false, Limits.defaults());

    /**
     * Rejects a negative side, a background that is no gray, a list without its layout (or the other way round), and a
     * directory that leads out of the folder; strips the directory's outer slashes.
     */
    public ImageOptions {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(fit, "fit");
        Objects.requireNonNull(limits, "limits");
        under = ComposedName.of(under.replaceAll("^/+|/+$", ""));
        if (minSide < 0 || background < 0 || background > 255 || under.matches("(.*/)?\\.\\.(/.*)?")) {
            throw new IllegalArgumentException(
                    "options: wanted minSide >= 0, a background of 0 to 255 and a directory within, got " + minSide
                            + ", " + background + ", " + under);
        }
        if ((layout == Layout.LIST) == list.isEmpty()) {
            throw new IllegalArgumentException("options: wanted a list file with the layout LIST and only there, got "
                    + layout + " and '" + list + "'; say withList(file)");
        }
    }

    /** One directory for each class, centre crop, upright, on white; unreadable images are an error. */
    public static ImageOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Takes classes from another place.
     *
     * @param wanted any but {@link Layout#LIST}, which {@link #withList} sets
     * @return the changed options
     */
    public ImageOptions withLayout(Layout wanted) {
        return new ImageOptions(wanted, "", under, fit, skips, minSide, upright, background, pack, scaled, limits);
    }

    /** Takes every image at any depth, without a class. */
    public ImageOptions unlabelled() {
        return withLayout(Layout.UNLABELLED);
    }

    /** Takes the first directory as the class and images at any depth below it ({@code class/session/image}). */
    public ImageOptions nested() {
        return withLayout(Layout.FIRST_DIRECTORY);
    }

    /** Takes the directory that an image lies in as its class ({@code alphabet/character/image}). */
    public ImageOptions leafClasses() {
        return withLayout(Layout.LEAF_DIRECTORY);
    }

    /**
     * Takes classes from a list file, one image a line: its path below the folder or archive, then its class, separated by a
     * tab, a comma, a semicolon or white space. Lines of MXNet's .lst are read too (number, class, path), and so is a heading of
     * {@code path,label}. Lines that begin with # are passed over. Images that the list does not name are left out and said.
     *
     * @param file UTF-8 text
     * @return the changed options
     */
    public ImageOptions withList(Path file) {
        return new ImageOptions(
                Layout.LIST, file.toString(), under, fit, skips, minSide, upright, background, pack, scaled, limits);
    }

    /**
     * Reads one directory only, for instance {@code train}.
     *
     * @param directory relative to the folder or archive, or to its single wrapping directory; parts separated by /
     * @return the changed options
     */
    public ImageOptions under(String directory) {
        return new ImageOptions(
                layout, list, directory, fit, skips, minSide, upright, background, pack, scaled, limits);
    }

    /** Brings pictures to the wanted size in another way. */
    public ImageOptions withFit(Fit wanted) {
        return new ImageOptions(layout, list, under, wanted, skips, minSide, upright, background, pack, scaled, limits);
    }

    /** Leaves unreadable and too small images out; a warning counts and names them. */
    public ImageOptions skipUnreadable() {
        return new ImageOptions(layout, list, under, fit, true, minSide, upright, background, pack, scaled, limits);
    }

    /**
     * Refuses pictures that are smaller.
     *
     * @param pixels rows and columns that a picture must have; 0 asks for those of the low-resolution view
     * @return the changed options
     */
    public ImageOptions withMinSide(int pixels) {
        return new ImageOptions(layout, list, under, fit, skips, pixels, upright, background, pack, scaled, limits);
    }

    /** Takes pictures as they lie in their files, however the camera was held. */
    public ImageOptions asStored() {
        return new ImageOptions(layout, list, under, fit, skips, minSide, false, background, pack, scaled, limits);
    }

    /**
     * Lays transparent pixels on another gray.
     *
     * @param gray 0 (black) to 255 (white)
     * @return the changed options
     */
    public ImageOptions withBackground(int gray) {
        return new ImageOptions(layout, list, under, fit, skips, minSide, upright, gray, pack, scaled, limits);
    }

    /**
     * Keeps decoded images on disk and not in memory, in one file of the folder for each source and way of reading it. A file that is there, whole
     * and of the same source is opened at once; another one is refused by a warning and made anew; a packing that was interrupted goes on. The source is
     * the same when its files have the names, sizes and times of change they had. The shape must say gray or colour.
     *
     * @param folder is made when it is not there
     * @return the changed options
     */
    public ImageOptions packedIn(Path folder) {
        return new ImageOptions(
                layout, list, under, fit, skips, minSide, upright, background, folder.toString(), scaled, limits);
    }

    /**
     * Decodes JPEGs that are at least twice as large as wanted at a half, a quarter or an eighth of their size, the smallest that is still large enough, and takes it
     * from there: two to four times as fast. Samples differ a little from those of whole pictures made smaller. Pictures at their full size are decoded as
     * ever. Needs {@code org.bytedeco:leptonica} with its native jar, which has libjpeg in it.
     *
     * @return the changed options
     * @throws IllegalStateException when that is not on the class path
     */
    public ImageOptions scaledDecoding() {
        ScaledJpeg.require();
        return new ImageOptions(layout, list, under, fit, skips, minSide, upright, background, pack, true, limits);
    }

    /** Reads under other limits. */
    public ImageOptions withLimits(Limits wanted) {
        return new ImageOptions(layout, list, under, fit, skips, minSide, upright, background, pack, scaled, wanted);
    }
}
