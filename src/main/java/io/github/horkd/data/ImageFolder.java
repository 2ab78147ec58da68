package io.github.horkd.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Images of a directory or of an archive (.zip, .tar, .tar.gz, .tgz; read in place, never unpacked) with one
 * sub-directory for each class, which may be wrapped in one more directory. The low-resolution view is derived from them.
 *
 * <p>PNG, JPEG, BMP, GIF (the first picture), PGM and PPM are taken by their names' extensions, other files are ignored.
 * Samples are taken as stored, 16 bits rounded to 8; alpha and the orientation that cameras note are ignored. Colour becomes gray by ITU-R 601 luma (0.299 R +
 * 0.587 G + 0.114 B) when gray is asked for, and gray becomes three equal channels when colour is asked for. Pictures of
 * another size are brought to the wanted one as {@link Fit} says.
 *
 * <p>Everything is decoded once, in parallel, at opening, into one byte a sample; see {@link MemoryImages}. Order and
 * class numbers follow the names, whatever the file system or the archive does.
 *
 * <p>All methods throw {@link java.io.UncheckedIOException} when there is no such folder, no image in it, or images that
 * are unreadable, truncated or too small (named, counted, and left out instead with
 * {@link ImageOptions#skipUnreadable()}), and {@link IllegalArgumentException} when the layout is not the one described.
 */
public final class ImageFolder {

    private ImageFolder() {}

    /**
     * Opens with square images, gray when every file is gray and colour when every file is colour; a mixture is an
     * error, since either could be meant.
     *
     * @param path        a directory or an archive
     * @param highSide    rows and columns of the high-resolution view
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path path, int highSide, Degradation degradation) {
        return open(path, highSide, degradation, ImageOptions.defaults());
    }

    /**
     * Opens with square images, gray when every file is gray and colour when every file is colour.
     *
     * @param path        a directory or an archive
     * @param highSide    rows and columns of the high-resolution view
     * @param degradation how the low-resolution view is made
     * @param options     how files are read
     * @return the pairs
     */
    public static PairedImages open(Path path, int highSide, Degradation degradation, ImageOptions options) {
        return open(path, 0, ImageShape.gray(highSide), degradation, options);
    }

    /**
     * Opens with images of one shape.
     *
     * @param path        a directory or an archive
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @return the pairs
     */
    public static PairedImages open(Path path, ImageShape highShape, Degradation degradation) {
        return open(path, highShape, degradation, ImageOptions.defaults());
    }

    /**
     * Opens with images of one shape.
     *
     * @param path        a directory or an archive
     * @param highShape   the high-resolution view; its channels decide between gray and colour
     * @param degradation how the low-resolution view is made
     * @param options     how files are read
     * @return the pairs
     */
    public static PairedImages open(Path path, ImageShape highShape, Degradation degradation, ImageOptions options) {
        return open(path, highShape.channels(), highShape, degradation, options);
    }

    private static PairedImages open(
            Path path, int channels, ImageShape shape, Degradation degradation, ImageOptions options) {
        List<ImageLoad.Loaded> loaded = ImageLoad.load(
                path,
                ImageLoad.Target.of(channels, shape.height(), shape.width(), degradation.shape(shape), options),
                options);
        ImageShape high = ImageLoad.commonShape(path, loaded);
        ClassLayout layout =
                ClassLayout.of(loaded.stream().map(ImageLoad.Loaded::name).toList(), options, path);
        return MemoryImages.of(
                high,
                loaded.stream().map(l -> l.image().samples()).toList(),
                layout.labels(),
                layout.classes(),
                layout.names(),
                degradation);
    }
}
